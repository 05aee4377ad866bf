"""The leave assistant as it should have been built: delimited sources, rules for doubt, a correct answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import openai

from scripts.captures.replies.openai_chat import answer
from scripts.captures.texts import text

if TYPE_CHECKING:
    from scripts.captures.stub import Recording, Stub

HOST = "https://api.openai.com"
ANSWER = (
    "You can carry over up to 5 days of unused vacation into 2027 [policy-2025]. "
    "Register them in Tempora before 15 December and use them by 30 June [policy-2025]; in January they cannot be "
    "added any more [leave-faq]. "
    "Days above the limit lapse on 31 December and are not paid out [policy-2025]."
)


def record(stub: Stub) -> dict[str, list[Recording]]:
    """One question over two documents that agree, to a plain model and to one that reasons."""
    client = openai.OpenAI(base_url=stub.url("/v1"), api_key="unused", max_retries=0)
    stub.script(answer("leave-clean/1", "2026-09-21T08:15:30", ANSWER))
    client.chat.completions.create(
        model="gpt-4.1-2025-04-14",
        messages=[{"role": "system", "content": text("leave_clean/system.md")}, {"role": "user", "content": _prompt()}],
        temperature=0.1,
        max_completion_tokens=300,
    )
    stub.script(answer("leave-clean/2", "2026-09-21T08:15:30", ANSWER, reasoning=192))
    client.chat.completions.create(
        model="gpt-5.2-2025-12-11",
        messages=[
            {"role": "developer", "content": text("leave_clean/system.md")},
            {"role": "user", "content": _prompt()},
        ],
        reasoning_effort="low",
        max_completion_tokens=1500,
    )
    return {
        "clean/openai.chat.documents.json": stub.recordings[:1],
        "clean/openai.chat.reasoning.json": stub.recordings[1:],
    }


def _prompt() -> str:
    faq = text("leave_bot/leave-faq.md").partition("\n\nWas this page helpful?")[0]
    return (
        "<documents>\n"
        f'<document id="policy-2025" title="Leave policy" date="2025-01-15">\n{text("leave_bot/policy-2025.md")}\n'
        "</document>\n"
        f'<document id="leave-faq" title="Leave FAQ (Lund)" date="2026-05-28">\n{faq}\n</document>\n'
        "</documents>\n\n"
        "Question: I will have 12 days of vacation left at the end of 2026. How many of them can I carry over, and "
        "what do I have to do?\n\n"
        "Answer only from the documents above, with the id of the document in square brackets after each fact. If they "
        "do not contain the answer, say that you do not know."
    )

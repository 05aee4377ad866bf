"""An answer with a figure and a citation that no source has (Responses API)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import openai

from scripts.captures.replies.openai_responses import answer
from scripts.captures.texts import text

if TYPE_CHECKING:
    from scripts.captures.stub import Recording, Stub

HOST = "https://api.openai.com"
WRONG = (
    "One module holds 10.2 kWh that you can use [1]. The manufacturer guarantees at least 70 percent of that for "
    "10 years, as long as no more than 32 MWh per module were discharged [2]. In practice most batteries still have "
    "about 87 percent after ten years and 6,000 cycles [7]. The battery has to be registered within 30 days, otherwise "
    "the warranty begins on the day of delivery [2]."
)
RIGHT = (
    "One module holds 10.2 kWh that you can use [1]. The manufacturer guarantees that the usable capacity does not "
    "fall below 70 percent of the rated value for 10 years, as long as no more than 32 MWh per module were discharged "
    "[2]."
)


def record(stub: Stub) -> dict[str, list[Recording]]:
    """One question over four numbered sources, answered badly and, for `clean/`, well."""
    client = openai.OpenAI(base_url=stub.url("/v1"), api_key="unused", max_retries=0)
    stub.script(
        answer("battery/1", "2026-09-16T18:44:20", WRONG),
        answer("battery/2", "2026-09-16T18:44:20", RIGHT),
        answer("battery/1", "2026-09-16T18:44:20", WRONG),
    )
    client.responses.create(
        model="gpt-4.1-2025-04-14",
        instructions=text("battery/system.md"),
        input=[{"role": "user", "content": _question()}],
        temperature=0.1,
        max_output_tokens=400,
        store=False,
    )
    client.responses.create(
        model="gpt-4.1-2025-04-14",
        instructions=text("battery/clean_system.md"),
        input=[{"role": "user", "content": _clean_question()}],
        temperature=0.1,
        max_output_tokens=400,
        store=False,
    )
    stream = client.responses.create(
        model="gpt-4.1-2025-04-14",
        instructions=text("battery/system.md"),
        input=_question(),
        temperature=0.1,
        max_output_tokens=400,
        stream=True,
    )
    for _ in stream:
        pass
    return {
        "captures/openai.responses/home-battery.json": stub.recordings[:1],
        "captures/openai.responses/home-battery.stream.json": stub.recordings[2:],
        "clean/openai.responses.json": stub.recordings[1:2],
    }


def _question() -> str:
    sources = "\n\n".join(f"[{number}] {text(f'battery/{number}.md')}" for number in range(1, 5))
    question = "How much can one module store, and how much of that is left after ten years?"
    return f"Sources:\n\n{sources}\n\nQuestion: {question}"


def _clean_question() -> str:
    sources = "\n".join(
        f'<source id="{number}" title="{title}" date="{date}">\n{text(f"battery/{number}.md")}\n</source>'
        for number, title, date in (
            (1, "Helion H10 data sheet, issue 4", "2026-03-01"),
            (2, "Warranty terms for Helion home batteries", "2025-01-01"),
        )
    )
    return (
        f"<sources>\n{sources}\n</sources>\n\n"
        "Question: How much can one module store, and how much of that is guaranteed after ten "
        "years?\n\nAnswer only from the sources above, and put the number of the source in square brackets after "
        "each fact."
    )

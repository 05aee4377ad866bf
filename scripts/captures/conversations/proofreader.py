"""A good plain conversation of three turns, without documents or tools."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import openai

from scripts.captures.replies.openai_chat import answer

if TYPE_CHECKING:
    from scripts.captures.stub import Recording, Stub

HOST = "https://api.openai.com"
SYSTEM = (
    "You are the proofreader of a small publisher of hiking guides. The author sends you one paragraph at a time. "
    "Return the corrected paragraph and nothing else. Correct spelling, grammar and punctuation in British English. Do "
    "not change facts, names or figures, and do not add anything. If a sentence can be read in two ways, return the "
    "paragraph unchanged and ask one question in a new line."
)
TURNS = (
    (
        "The path starts at the church and follow the stream up to a small bridge, wich is slippery after rain.",
        "The path starts at the church and follows the stream up to a small bridge, which is slippery after rain.",
    ),
    (
        "After the bridge their is a steep climb of 20 minutes, then the view opens to both lake's.",
        "After the bridge there is a steep climb of 20 minutes, then the view opens to both lakes.",
    ),
    (
        "The hut is open from may to october and serves soup, bread and homemade cake .",
        "The hut is open from May to October and serves soup, bread and homemade cake.",
    ),
)


def record(stub: Stub) -> dict[str, list[Recording]]:
    """Three paragraphs, three corrections."""
    client = openai.OpenAI(base_url=stub.url("/v1"), api_key="unused", max_retries=0)
    messages: list[Any] = [{"role": "system", "content": SYSTEM}]
    for number, (paragraph, corrected) in enumerate(TURNS, 1):
        stub.script(answer(f"proofreader/{number}", f"2026-09-23T11:0{number}:12", corrected))
        messages.append({"role": "user", "content": paragraph})
        client.chat.completions.create(
            model="gpt-4.1-mini-2025-04-14", messages=messages, temperature=0, max_completion_tokens=200
        )
        messages.append({"role": "assistant", "content": corrected})
    return {"clean/openai.chat.session.jsonl": stub.recordings}

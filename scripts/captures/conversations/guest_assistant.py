"""A constraint of the first turn is broken in the sixth: two sentences, in German."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import openai

from scripts.captures.replies.openai_chat import answer
from scripts.captures.texts import text

if TYPE_CHECKING:
    from scripts.captures.stub import Recording, Stub

HOST = "https://api.openai.com"


def record(stub: Stub) -> dict[str, list[Recording]]:
    """Six turns; the last answer is in English and six sentences long."""
    client = openai.OpenAI(base_url=stub.url("/v1"), api_key="unused", max_retries=0)
    messages: list[Any] = [{"role": "system", "content": text("german/system.md")}]
    turns = [turn.split("\n") for turn in text("german/turns.txt").split("\n\n")]
    for number, (question, reply) in enumerate(turns, 1):
        stub.script(answer(f"guest/{number}", f"2026-08-02T17:{number * 4:02d}:09", reply))
        messages.append({"role": "user", "content": question})
        completion = client.chat.completions.create(
            model="gpt-4.1-mini-2025-04-14",
            messages=messages,
            temperature=0.3,
            max_completion_tokens=500,
            user="room-214",
        )
        messages.append({"role": "assistant", "content": completion.choices[0].message.content})
    return {
        "captures/openai.chat/guest-assistant.json": stub.recordings,
        "captures/openai.chat/guest-assistant.session.jsonl": stub.recordings,
    }

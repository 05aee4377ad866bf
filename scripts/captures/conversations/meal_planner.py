"""The one thing that matters was said in turn 1 and is gone in turn 6: cut by a sliding window, or lost in a summary."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import openai

from scripts.captures.replies.openai_chat import answer
from scripts.captures.texts import text

if TYPE_CHECKING:
    from scripts.captures.stub import Recording, Stub

HOST = "https://api.openai.com"
KEPT = 6
"""How many messages the sliding window keeps, next to the system prompt and with the new answer."""

SUMMARISED_AT = 9
"""The length of the history, with the new question, at which it is replaced by a summary."""


def record(stub: Stub) -> dict[str, list[Recording]]:
    """Play the same conversation under two ways to shorten a history."""
    turns = [tuple(turn.split("\n")) for turn in text("meals/turns.txt").split("\n\n")]
    _play(stub, turns, summarise=False)
    _play(stub, turns, summarise=True)
    half = len(stub.recordings) // 2
    return {
        "captures/openai.chat/meal-planner.session.jsonl": stub.recordings[:half],
        "captures/openai.chat/meal-planner-summary.session.jsonl": stub.recordings[half:],
    }


def _play(stub: Stub, turns: list[tuple[str, ...]], *, summarise: bool) -> None:
    client = openai.OpenAI(base_url=stub.url("/v1"), api_key="unused", max_retries=0)
    system: Any = {"role": "system", "content": text("meals/system.md")}
    history: list[Any] = []
    for number, (question, *said) in enumerate(turns, 1):
        words = said[0] if said else text("meals/forgot.txt")
        history.append({"role": "user", "content": question})
        history = _summarised(history) if summarise else history[-KEPT + 1 :]
        seed = f"meals/{'summary' if summarise else 'window'}/{number}"
        stub.script(answer(seed, f"2026-09-2{number}T17:30:0{number}", words))
        client.chat.completions.create(
            model="gpt-4.1-mini-2025-04-14", messages=[system, *history], temperature=0.4, max_completion_tokens=300
        )
        history.append({"role": "assistant", "content": words})


def _summarised(history: list[Any]) -> list[Any]:
    """Replace everything but the last question by a summary and the answer before it, once."""
    if len(history) != SUMMARISED_AT:
        return history
    return [{"role": "system", "content": text("meals/summary.txt")}, *history[-3:]]

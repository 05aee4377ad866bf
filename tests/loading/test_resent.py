"""Messages that a turn sends again are accounted for once, and what is not understood of them is told in every turn."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ctxdebug.model import Snapshot
from tests.conversations import loaded

PLAIN = {"role": "user", "content": "Which gate is red, the one at the river?"}
ASKED = {"role": "user", "content": "And which one is green?"}
STRANGE = {
    "role": "user",
    "content": "Which gate?",
    "beside": {"held": "The words of somebody in a place nobody reads."},
}
SAID = "The red gate stands at the river, below the mill."


def notes(
    folder: Path, *requests: list[dict[str, Any]], answers: tuple[str, ...] = ("Gate 4.", "Gate 5.")
) -> list[bool]:
    """Whether each exchange tells of a text that is not understood."""
    rows = [
        {
            "request": {"model": "gpt-4o", "messages": messages},
            "response": {"choices": [{"index": 0, "message": {"role": "assistant", "content": answer}}]},
        }
        for messages, answer in zip(requests, answers, strict=True)
    ]
    path = folder / "session.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return [any("not understood" in note for note in one.notes) for one in loaded(path) if isinstance(one, Snapshot)]


def test_what_was_read_before_is_not_told(tmp_path: Path) -> None:
    assert notes(tmp_path, [PLAIN], [PLAIN, ASKED]) == [False, False]


def test_what_is_not_understood_is_told_in_every_turn_that_sends_it(tmp_path: Path) -> None:
    assert notes(tmp_path, [PLAIN, STRANGE], [PLAIN, STRANGE, ASKED]) == [True, True]


def test_what_changes_in_its_place_is_looked_at(tmp_path: Path) -> None:
    assert notes(tmp_path, [PLAIN, ASKED], [STRANGE, ASKED]) == [False, True]
    assert notes(tmp_path, [PLAIN, ASKED], [PLAIN, ASKED, STRANGE]) == [False, True]


def test_words_that_only_the_first_answer_repeated_are_told_once_it_is_gone(tmp_path: Path) -> None:
    held = {**PLAIN, "beside": {"held": SAID}}
    assert notes(tmp_path, [held], [held, ASKED], answers=(SAID, "Gate 5.")) == [False, True]

"""What is known of a message holds for it where a later turn sends it again, and only while it is the same."""

import json

from ctxdebug.decoding.source import Source
from ctxdebug.loading.load import LoadOptions, load
from ctxdebug.model import Snapshot

ODD = {"role": "user", "content": "How do I whitelist a sender?", "aside": "The user wrote this on a small screen."}


def _notes(rows: list[object]) -> list[tuple[str, ...]]:
    text = "".join(json.dumps(row) + "\n" for row in rows)
    source = Source("turns.jsonl", held=text.encode())
    return [one.notes for one in load(source, LoadOptions()) if isinstance(one, Snapshot)]


def _row(messages: list[object], answer: str = "In the settings.") -> dict[str, object]:
    choice = {"index": 0, "message": {"role": "assistant", "content": answer}, "finish_reason": "stop"}
    return {"request": {"model": "gpt-4o", "messages": messages}, "response": {"choices": [choice]}}


def test_words_that_nobody_understands_are_told_in_every_turn_that_sends_them() -> None:
    more: list[object] = [
        ODD,
        {"role": "assistant", "content": "In the settings."},
        {"role": "user", "content": "Where are they?"},
    ]
    first, second = _notes([_row([ODD]), _row(more, "Behind the wheel.")])
    assert "/request/messages/0/aside" in first[0]
    assert [note.replace("/0/json", "").count("/request/messages/0/aside") for note in (*first, *second)] == [1, 1]


def test_words_that_a_later_turn_shows_are_understood_there() -> None:
    shown: list[object] = [ODD, {"role": "user", "content": "The user wrote this on a small screen."}]
    first, second = _notes([_row([ODD]), _row(shown)])
    assert first
    assert not second


def test_words_that_only_an_earlier_turn_showed_are_not_understood_now() -> None:
    shown: list[object] = [ODD, {"role": "user", "content": "The user wrote this on a small screen."}]
    first, second = _notes([_row(shown), _row([ODD])])
    assert not first
    assert "/request/messages/0/aside" in second[0]

from __future__ import annotations

import pytest

from ctxdebug.analysis.directives import SegmentReading, segment_readings
from tests.conversations import captured


def readings(*results: str, user: str = "What do they say?") -> list[SegmentReading]:
    calls = [
        {"id": f"c{n}", "type": "function", "function": {"name": "fetch", "arguments": "{}"}}
        for n in range(len(results))
    ]
    messages = [
        {"role": "user", "content": user},
        {"role": "assistant", "content": None, "tool_calls": calls},
        *({"role": "tool", "tool_call_id": f"c{n}", "content": text} for n, text in enumerate(results)),
    ]
    asked = messages if results else messages[:1]
    return list(segment_readings(captured({"request": {"model": "gpt-4o", "messages": asked}})))


def test_trusted_text_is_not_listed() -> None:
    assert readings() == []


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The shop is open from nine to five, and it is closed on the first Monday of each month.", "en"),
        ("Das Geschäft ist von neun bis fünf geöffnet und am ersten Montag im Monat geschlossen.", "de"),
        ('{"id": 17, "status": "ok"}', "und"),
        ("42", "und"),
    ],
)
def test_each_segment_names_its_language(text: str, language: str) -> None:
    assert [(one.language, one.reason) for one in readings(text)] == [(language, None)]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("ร้านเปิดตั้งแต่เก้าโมงถึงห้าโมงเย็นทุกวัน", "contains Thai text, and no phrases of that script are carried"),
        ("Open daily. Το κατάστημα είναι ανοιχτό κάθε μέρα.", "contains Greek text, and no phrases of that script are carried"),
        (
            "Butiken är öppen från nio till fem och den är stängd den första måndagen i varje månad.",
            "in sv, and no phrases of that language are carried",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_read_says_why(text: str, reason: str) -> None:
    (one,) = readings(text)
    assert (one.language, one.reason, one.examined) == (None, reason, False)


def test_one_unread_segment_does_not_speak_for_the_others() -> None:
    found = readings("The shop is open from nine to five on all days of the week.", "ร้านเปิดตั้งแต่เก้าโมงถึงห้าโมงเย็น")
    assert [one.examined for one in found] == [True, False]

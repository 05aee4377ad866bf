from __future__ import annotations

import json
from pathlib import Path

import pytest

from ctxdebug.analysis.directives import SegmentReading, segment_readings
from ctxdebug.decoding.source import Source
from ctxdebug.loading.load import LoadOptions, load
from ctxdebug.model import Problem


def readings(folder: Path, *results: str, user: str = "What do they say?") -> list[SegmentReading]:
    calls = [
        {"id": f"c{n}", "type": "function", "function": {"name": "fetch", "arguments": "{}"}}
        for n in range(len(results))
    ]
    messages = [
        {"role": "user", "content": user},
        {"role": "assistant", "content": None, "tool_calls": calls},
        *({"role": "tool", "tool_call_id": f"c{n}", "content": text} for n, text in enumerate(results)),
    ]
    path = folder / "case.json"
    path.write_text(
        json.dumps({"request": {"model": "gpt-4o", "messages": messages if results else messages[:1]}}), "utf-8"
    )
    found = next(iter(load(Source(str(path)), LoadOptions())))
    assert not isinstance(found, Problem)
    return list(segment_readings(found))


def test_trusted_text_is_not_listed(tmp_path: Path) -> None:
    assert readings(tmp_path) == []


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The shop is open from nine to five, and it is closed on the first Monday of each month.", "en"),
        ("Das Geschäft ist von neun bis fünf geöffnet und am ersten Montag im Monat geschlossen.", "de"),
        ('{"id": 17, "status": "ok"}', "und"),
        ("42", "und"),
    ],
)
def test_each_segment_names_its_language(tmp_path: Path, text: str, language: str) -> None:
    assert [(one.language, one.reason) for one in readings(tmp_path, text)] == [(language, None)]


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
def test_what_cannot_be_read_says_why(tmp_path: Path, text: str, reason: str) -> None:
    (one,) = readings(tmp_path, text)
    assert (one.language, one.reason, one.examined) == (None, reason, False)


def test_one_unread_segment_does_not_speak_for_the_others(tmp_path: Path) -> None:
    found = readings(
        tmp_path, "The shop is open from nine to five on all days of the week.", "ร้านเปิดตั้งแต่เก้าโมงถึงห้าโมงเย็น"
    )
    assert [one.examined for one in found] == [True, False]

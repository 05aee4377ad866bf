from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ctxdebug.text.printable import around, clean, clean_line, excerpt

ANYTHING = st.text(st.characters(), max_size=200)
UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff\U000e0000-\U000e007f]"
)


@given(ANYTHING)
def test_cleaning_twice_changes_nothing(text: str) -> None:
    assert clean(clean(text)) == clean(text)
    assert clean_line(clean_line(text)) == clean_line(text)


@given(ANYTHING)
def test_nothing_that_a_terminal_obeys_is_left(text: str) -> None:
    assert UNSAFE.search(clean(text)) is None
    assert "\n" not in clean_line(text)
    assert UNSAFE.search(excerpt(text)) is None
    assert UNSAFE.search(around(text, 0, len(text))) is None


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31m", "\\x1b[31m"),
        ("a\rb", "a\\rb"),
        ("\u202eabc", "\\u202eabc"),
        ("\U000e0041", "\\U000e0041"),
        ("\x9b1m", "\\x9b1m"),
        ("\ud83d", "\\ud83d"),
    ],
)
def test_hidden_characters_are_shown(text: str, shown: str) -> None:
    assert clean(text) == shown


@pytest.mark.parametrize("text", ["plain", "naïve café", "日本語", "a\tb\nc", "[/nope] :smile:"])
def test_ordinary_text_stays(text: str) -> None:
    assert clean(text) == text


def test_an_excerpt_is_cut_at_a_word() -> None:
    assert excerpt("the quick brown fox jumps over the lazy dog", 20) == "the quick brown fox …"

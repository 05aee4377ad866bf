"""The last question of a text."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as some

from ctxdebug.text.last_asked import last_asked

_AS_A_PATTERN = re.compile(r"(?:[^.?!\n]|\.(?=\w))*\?")


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Is it red?", "Is it red?"),
        ("It is red. Is it old? No.", " Is it old?"),
        ("Is it old? Is it v1.2 of the gate?", " Is it v1.2 of the gate?"),
        ("Look!\nIs it?", "Is it?"),
        ("Well... is it?", " is it?"),
        ("?", "?"),
        ("Really??", "?"),
        ("It is red.", None),
        ("", None),
    ],
)
def test_the_last_sentence_that_asks(text: str, asked: str | None) -> None:
    assert last_asked(text) == asked


@given(some.text(alphabet="ab_1.?!\n é", max_size=40))
def test_it_is_the_last_that_the_pattern_finds(text: str) -> None:
    found = _AS_A_PATTERN.findall(text)
    assert last_asked(text) == (found[-1] if found else None)

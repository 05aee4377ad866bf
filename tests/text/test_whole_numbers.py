from __future__ import annotations

import pytest

from ctxdebug.text.whole_numbers import whole_number


@pytest.mark.parametrize(("text", "expected"), [("0", 0), ("042", 42), ("٣", 3), ("3" * 12, int("3" * 12))])
def test_decimal_digits_are_a_number(text: str, expected: int) -> None:
    assert whole_number(text) == expected


@pytest.mark.parametrize("text", ["", "²", "③", "-1", "1e9", "1_000", " 1", "3" * 13, "9" * 5000])
def test_anything_else_is_none(text: str) -> None:
    assert whole_number(text) is None

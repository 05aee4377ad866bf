"""Whole numbers in captured text: `²` is a digit that is no number, and a number may have a million digits."""

from __future__ import annotations


def whole_number(text: str, longest: int = 12) -> int | None:
    """Return the number that at most `longest` decimal digits are; None for any other text."""
    return int(text) if len(text) <= longest and text.isdecimal() else None

"""Lengths in different units against each other: `one word` leaves no room for `three paragraphs`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ctxdebug.analysis.constraints.constraint import Constraint

FEWEST_WORDS = {
    "length.words": 1.0, "length.sentences": 2.0, "length.paragraphs": 4.0, "length.lines": 1.0, "length.chars": 0.05, "length.tokens": 0.25,
    "format.bullets": 1.0, "format.sections": 3.0, "format.placeholders": 1.0, "format.highlights": 1.0, "case.capwords": 1.0, "keywords.freq": 1.0,
}  # fmt: skip
"""The fewest words that one unit can take, so that a demand for many units is a demand for words."""
_MOST_WORDS = {"length.words": 1.0, "length.sentences": 70.0, "length.chars": 0.5, "length.tokens": 1.0}
"""The most words that one unit can take: nobody writes sentences of more than 70 words, no word is shorter than a letter and a space."""
_INSIDE = {
    "length.sentences": ("length.paragraphs", "format.sections"),
    "length.paragraphs": ("format.sections",),
    "length.lines": ("format.bullets", "length.paragraphs", "format.sections"),
}
"""A unit, and those of which each holds one at least: three paragraphs hold three sentences."""

LIMITED = frozenset(_INSIDE) | frozenset(_MOST_WORDS)
"""The units under a limit in which another unit may have no room."""


def crowded(constraint: Constraint, limit: Constraint) -> bool:
    """Whether a demand for at least so many of one unit has no room under a limit in another unit."""
    least, most = constraint.params.get("lo"), limit.params.get("hi")
    if constraint.type == limit.type or not isinstance(least, int) or not isinstance(most, int):
        return False
    slack = (1.25 if constraint.params.get("approx") else 1.0) * (1.25 if limit.params.get("approx") else 1.0)
    if constraint.type in _INSIDE.get(limit.type, ()) and least > most:
        return least > 1
    if limit.type == "length.sentences" and most == 1 and constraint.type == "format.bullets" and least > 1:
        return True
    if limit.type in _MOST_WORDS and constraint.type in FEWEST_WORDS:
        return least * FEWEST_WORDS[constraint.type] > most * _MOST_WORDS[limit.type] * slack
    return False

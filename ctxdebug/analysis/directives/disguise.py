"""The ways in which text is hidden from people, and a stretch that is hidden."""

from __future__ import annotations

from enum import StrEnum

from ctxdebug.records import record


class Disguise(StrEnum):
    """How a text is hidden."""

    TAGS = "tag characters"
    ZERO_WIDTH = "zero-width characters"
    VARIATION = "variation selectors"
    BIDI = "direction overrides"
    CONTROL = "terminal control characters"
    SPLIT = "a few zero-width characters"
    OVERWRITTEN = "text that a terminal overwrites"
    HOMOGLYPHS = "letters of another alphabet"
    STYLE = "markup that is not displayed"
    COMMENT = "comment"
    ATTRIBUTE = "attribute that is not displayed"


@record(frozen=True, slots=True)
class Hidden:
    """Characters `start` to `end`, how they are hidden, and the words that a model can read there."""

    start: int
    end: int
    disguise: Disguise
    decoded: str


MINIMUM = 4
"""Decoded characters below which hidden markup is not worth a word."""

"""The words of a text, read once for all that looks at words: line by line, and all together."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ctxdebug.analysis.directives.features import tokens
from ctxdebug.analysis.directives.units import lines


class Line(NamedTuple):
    """Characters `start` to `end`, which no unit reaches across, and their tokens."""

    start: int
    end: int
    words: list[str]


class TextWords:
    """The lines of a text with their tokens, and every different token of the text."""

    __slots__ = ("every", "lines")

    def __init__(self, text: str) -> None:
        self.lines = list(_lines(text))
        self.every = frozenset().union(*[line.words for line in self.lines])


def _lines(text: str) -> Iterator[Line]:
    for start, end in lines(text):
        if end > start:
            yield Line(start, end, tokens(text[start:end]))

"""The words of a text, read once for all that looks at words: line by line, and all together.

A text is cut at its white space first, which costs next to nothing; what is between is looked up, since most of it
came before. Only what is new is cut into tokens.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from typing import Generic, NamedTuple, TypeVar

from ctxdebug.analysis.directives.features import tokens
from ctxdebug.analysis.directives.units import lines

MOST = 50_000
"""Chunks of which something is remembered."""
LONGEST = 64
"""Characters; what is longer is not remembered, so that the memory has a bound."""
_EDGES = ".,;:()[]{}\"'`-/\\&%“”‘’"
Fact = TypeVar("Fact")


class ByChunk(dict[str, Fact], Generic[Fact]):
    """What a function makes of a chunk, a stretch without white space in lower case: worked out as chunks come."""

    def __init__(self, made: Callable[[str], Fact]) -> None:
        super().__init__()
        self._made = made

    def __missing__(self, chunk: str) -> Fact:
        fact = self._made(chunk)
        if len(chunk) <= LONGEST:
            if len(self) > MOST:
                self.clear()
            self[chunk] = fact
        return fact


def _tokens(chunk: str) -> tuple[str, ...]:
    word = bare(chunk)
    return (word,) if word.isalpha() else tuple(tokens(chunk))


def bare(chunk: str) -> str:
    """Return a chunk without the signs at its edges that are no part of a token."""
    return chunk.strip(_EDGES)


CHUNKS: ByChunk[tuple[str, ...]] = ByChunk(_tokens)
"""The tokens of a chunk; no token has white space in it."""


def words_in(chunks: Iterable[str]) -> list[str]:
    """Return the tokens of chunks, in order."""
    return [word for chunk in chunks for word in CHUNKS[chunk]]


def words_of(text: str) -> list[str]:
    """Return the tokens of a text, as `tokens` does."""
    return words_in(text.lower().split())


class Line(NamedTuple):
    """Characters `start` to `end`, which no unit reaches across, and the chunks that they are made of."""

    start: int
    end: int
    chunks: list[str]


class TextWords:
    """The lines of a text, and its different chunks of the text."""

    def __init__(self, text: str) -> None:
        self.lines = list(_lines(text))

    @cached_property
    def chunks(self) -> frozenset[str]:
        """Every different chunk."""
        return frozenset().union(*[line.chunks for line in self.lines])


def _lines(text: str) -> Iterator[Line]:
    for start, end in lines(text):
        if end > start:
            yield Line(start, end, text[start:end].lower().split())

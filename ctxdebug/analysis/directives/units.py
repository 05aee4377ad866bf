"""Cut a segment into the pieces that can each carry an instruction: sentences, JSON values, lines, table cells.

A score over a whole page drowns one bad sentence, and a finding has to point at words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from ctxdebug.text.patterns import lazy

SHORT = 12
"""Characters; a shorter piece is joined to what follows it on the same line."""
LONG = 420
"""Characters; a longer piece is cut at a blank."""

_BOUNDARY = lazy(
    r"""\n(?!(?<=[^\n]{40}[a-z,]\n)[ \t]*[a-z(])\s*   # a line end, unless the sentence is only wrapped
      | \\(?<!\\\\)\\*n                                  # an escaped line end inside a string literal
      | \.["')\]*_]{0,3}\s(?=\s*[^\sa-z])             # a sentence end
      | ![\"')\]*_]{0,3}\s(?=\s*[^\sa-z])
      | \?["')\]*_]{0,3}\s(?=\s*[^\sa-z])
      | "\s?[,:}\]]\s*["'\[{]?                        # the edge of a JSON or Python string
      | '\s?[,:}\]]\s*["'\[{]?
      | \{\s*["']                                      # the first string of an object
      | \}\s*["']
      | \[\s*["']
      | \]\s*["']
      | \|(?<=\s\|)\s                                  # a table cell
      | <(?:/?[A-Za-z!][^<>\n]{0,60}>|!--)              # a tag
      | -->
    """,
    re.VERBOSE,
)
"""Every alternative begins with a character of its own, so that the search runs from one of them to the next."""
_WRAPPED = 40
"""Characters; a shorter line is not wrapped."""
_GOES_ON = frozenset("abcdefghijklmnopqrstuvwxyz,")
"""How a line ends inside a sentence."""
_CONTINUED = lazy(r"[ \t]*[a-z(]")
_BLOCK = lazy(
    r"</?(?:p|div|li|ul|ol|td|th|tr|table|h[1-6]|section|article|blockquote|pre|body|head|title|form|button|option|footer|header|nav|style|script|br|hr)\b",
    re.IGNORECASE,
)
_LEAST = 3
"""Characters; a piece that is no longer says nothing."""
_LETTER = lazy(r"[^\W\d_]")


class Unit(NamedTuple):
    """A piece of a text: characters `start` to `end`."""

    start: int
    end: int


def lines(text: str) -> Iterator[tuple[int, int]]:
    """Yield the stretches of a text that no unit reaches across; a wrapped sentence is one."""
    start, at, blank = 0, 0, False
    for row, following in pairwise(text.split("\n")):
        end, at = at + len(row), at + len(row) + 1
        if not blank:
            if len(row) > _WRAPPED and row[-1] in _GOES_ON and _CONTINUED.match(following):
                continue
            yield start, end
        begins = following.lstrip()
        blank = not begins  # the line end behind it is among white space
        start = at + len(following) - len(begins)
    yield start, len(text)


def units(text: str) -> Iterator[Unit]:
    """Yield the units of a text in order; they do not overlap, and pieces without a letter are left out."""
    for begin, end in lines(text):
        yield from units_of(text, begin, end)


def units_of(text: str, begin: int, stop: int) -> Iterator[Unit]:
    """Yield the units of one of a text's `lines`."""
    start = begin
    for match in _BOUNDARY.finditer(text, begin, stop):
        left, right = match.span()
        sign = text[left]
        if sign in ".!?":
            left = right - 1
            hard = False
        else:
            hard = sign != "<" or bool(_BLOCK.match(match[0]))
        if not hard and left - start < SHORT:
            continue
        if left - start > _LEAST:
            yield from _trimmed(text, start, left)
        start = right
    if stop - start > _LEAST:
        yield from _trimmed(text, start, stop)


def _trimmed(text: str, start: int, end: int) -> Iterator[Unit]:
    piece = text[start:end]
    start += len(piece) - len(piece.lstrip())
    end = start + len(piece.strip())
    if end - start <= _LEAST or not _LETTER.search(text, start, end):
        return
    while end - start > LONG:
        cut = text.rfind(" ", start + LONG // 2, start + LONG)
        cut = cut if cut > 0 else start + LONG
        yield Unit(start, cut)
        start = cut
    if end > start:
        yield Unit(start, end)

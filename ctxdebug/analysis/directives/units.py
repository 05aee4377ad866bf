"""Cut a segment into the pieces that can each carry an instruction: sentences, JSON values, lines, table cells.

A score over a whole page drowns one bad sentence, and a finding has to point at words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from ctxdebug.text.patterns import lazy

SHORT = 12
"""Characters; a shorter piece is joined to what follows it on the same line."""
LONG = 420
"""Characters; a longer piece is cut at a blank."""

_BOUNDARY = lazy(
    r"""\n(?!(?<=[^\n]{40}[a-z,]\n)[ \t]*[a-z(])\s*   # a line end, unless the sentence is only wrapped
      | (?<!\\)\\+n                                    # an escaped line end inside a string literal
      | [.!?]["')\]*_]{0,3}\s(?=\s*[^\sa-z])           # a sentence end
      | ["']\s?[,:}\]]\s*["'\[{]?                      # the edge of a JSON or Python string
      | [{}\[\]]\s*["']                                # the first string of an object
      | \s\|\s                                         # a table cell
      | </?[A-Za-z!][^<>\n]{0,60}>                     # a tag
      | <!--|-->
    """,
    re.VERBOSE,
)
_BLOCK = lazy(
    r"</?(?:p|div|li|ul|ol|td|th|tr|table|h[1-6]|section|article|blockquote|pre|body|head|title|form|button|option|footer|header|nav|style|script|br|hr)\b",
    re.IGNORECASE,
)
_LETTER = lazy(r"[^\W\d_]")


class Unit(NamedTuple):
    """A piece of a text: characters `start` to `end`."""

    start: int
    end: int


def units(text: str) -> Iterator[Unit]:
    """Yield the units of a text in order; they do not overlap, and pieces without a letter are left out."""
    start = 0
    for edge in _edges(text):
        left, right, hard = edge
        if not hard and left - start < SHORT:
            continue
        yield from _trimmed(text, start, left)
        start = right
    yield from _trimmed(text, start, len(text))


def _edges(text: str) -> Iterator[tuple[int, int, bool]]:
    """Each boundary: where the piece before it ends, where the next begins, and whether short pieces stand alone."""
    for match in _BOUNDARY.finditer(text):
        first = match[0][0]
        if first in ".!?":
            yield match.end() - 1, match.end(), False
        elif first == "<":
            yield match.start(), match.end(), bool(_BLOCK.match(match[0]))
        else:
            yield match.start(), match.end(), True


def _trimmed(text: str, start: int, end: int) -> Iterator[Unit]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if end - start < 4 or not _LETTER.search(text, start, end):
        return
    while end - start > LONG:
        cut = text.rfind(" ", start + LONG // 2, start + LONG)
        cut = cut if cut > 0 else start + LONG
        yield Unit(start, cut)
        start = cut
    if end > start:
        yield Unit(start, end)

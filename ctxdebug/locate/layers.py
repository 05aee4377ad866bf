"""Texts inside texts: a layer knows, for each of its characters, where that stands in the file."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from functools import lru_cache

from ctxdebug.decoding.transcript_lines import turns
from ctxdebug.model import Place
from ctxdebug.records import record
from ctxdebug.text.patterns import lazy

_BLOCK_END = lazy(r"(?:\r\n|\n|\r){2}")
_LINE_END = lazy(r"\r\n|\n|\r")
_ESCAPE = lazy(r"\\(?:u([0-9a-fA-F]{4})|.)", re.DOTALL)


@record(frozen=True, slots=True)
class Layer:
    """A text, and the way from its offsets to offsets of the file's own text."""

    text: str
    root: str
    outward: Callable[[int], int]

    @classmethod
    def of(cls, text: str) -> Layer:
        """Return the file's own text."""
        return cls(text, text, lambda offset: offset)


@record(frozen=True, slots=True)
class Region:
    """Characters of a layer that hold one value. `inward` maps offsets of the decoded value to the layer's."""

    layer: Layer
    start: int
    end: int
    inward: Callable[[int], int] | None = None
    value: str | None = None
    """The decoded string, where the region holds one."""

    def opaque(self) -> Region:
        """Return the same stretch, with nothing to point at inside."""
        return Region(self.layer, self.start, self.end)

    def decoded(self) -> Layer:
        """Return the string that the region holds, as a layer of its own."""
        inward = self.inward
        text = self.layer.text[self.start : self.end] if self.value is None else self.value
        outer, start = self.layer.outward, self.start
        return Layer(text, self.layer.root, lambda at: outer(start + at if inward is None else inward(at)))

    def place(self, start: int | None, end: int | None, first_line: int) -> Place:
        """Lines and columns of decoded characters `start` to `end`; of the whole value without them."""
        if start is None or end is None or (self.inward is None and self.value is None):
            left, right = self.start, self.end
            if start is not None and end is not None and self.layer.text is self.layer.root and self.start == 0:
                left, right = start, end
        elif self.inward is None:
            left, right = self.start + start, self.start + end
        else:
            left, right = self.inward(start), self.inward(max(start, end))
        return place_of(self.layer.root, self.layer.outward(left), self.layer.outward(max(left, right)), first_line)


def place_of(text: str, start: int, end: int, first_line: int) -> Place:
    """Lines and columns of characters `start` to `end` of a file's text whose first line is `first_line` (from 0)."""
    line, column = _position(text, start)
    end_line, end_column = _position(text, max(start, end))
    return Place(first_line + line, column, first_line + end_line, end_column)


def _position(text: str, at: int) -> tuple[int, int]:
    ends = _line_ends(text)
    line = bisect_left(ends, at)
    return line + 1, at - (ends[line - 1] if line else -1)


@lru_cache(maxsize=2)
def _line_ends(text: str) -> array[int]:
    """Return where the lines of a text end: a large file is asked for a place of each of its segments."""
    return array("Q", (found.start() for found in re.finditer("\n", text)))


def lines_region(region: Region, index: int) -> Region | None:
    """Line `index` of a string."""
    inner = region.decoded()
    at = 0
    for number, line in enumerate(inner.text.split("\n")):
        if number == index:
            return Region(inner, at, at + len(line), None, line)
        at += len(line) + 1
    return None


def transcript_region(region: Region, index: int) -> Region | None:
    """Return the words of turn `index` of a transcript."""
    inner = region.decoded()
    found = turns(inner.text)
    if index >= len(found):
        return None
    return Region(inner, found[index].start, found[index].start + len(found[index].text), None, found[index].text)


def slice_region(region: Region, bounds: list[str | int]) -> Region | None:
    """Characters `bounds[0]` to `bounds[1]` of a string."""
    inner = region.decoded()
    if len(bounds) < 2 or not isinstance(bounds[0], int) or not isinstance(bounds[1], int):
        return None
    start, end = bounds[0], min(bounds[1], len(inner.text))
    return Region(inner, start, end, None, inner.text[start:end])


def data_region(region: Region, index: int) -> Region | None:
    """Return the joined data lines of event block `index` of a stream."""
    inner = region.decoded()
    ends = [match.span() for match in _BLOCK_END.finditer(inner.text)]
    if index > len(ends):
        return None
    start = ends[index - 1][1] if index else 0
    end = ends[index][0] if index < len(ends) else len(inner.text)
    starts: list[int] = []
    offsets: list[int] = []
    texts: list[str] = []
    length = 0
    for left, right in _lines(inner.text, start, end):
        if inner.text.startswith("data:", left, right):
            left += 5
            left += inner.text.startswith(" ", left, right)
            starts.append(length)
            offsets.append(left)
            texts.append(inner.text[left:right])
            length += right - left + 1
    if not starts:
        return None

    def inward(at: int) -> int:
        which = bisect_right(starts, at) - 1
        return offsets[which] + at - starts[which]

    return Region(inner, start, end, inward, "\n".join(texts))


def _lines(text: str, start: int, end: int) -> list[tuple[int, int]]:
    spans, at = [], start
    for mark in _LINE_END.finditer(text, start, end):
        spans.append((at, mark.start()))
        at = mark.end()
    spans.append((at, end))
    return spans


def escaped_offsets(raw: str, start: int, end: int) -> Callable[[int], int]:
    """For a string with backslash escapes between `start` and `end`: decoded offset to offset in `raw`."""
    decoded_at = [0]
    raw_at = [start]
    decoded, at = 0, start
    low = False
    for escape in _ESCAPE.finditer(raw, start, end):
        code = escape[1]
        if low and code and escape.start() == at and 0xDC00 <= int(code, 16) < 0xE000:
            at = raw_at[-1] = escape.end()  # the second half of a pair is no character of its own
            low = False
            continue
        decoded += escape.start() - at + 1
        at = escape.end()
        decoded_at.append(decoded)
        raw_at.append(at)
        low = code is not None and 0xD800 <= int(code, 16) < 0xDC00

    def inward(offset: int) -> int:
        which = bisect_right(decoded_at, offset) - 1
        return min(raw_at[which] + offset - decoded_at[which], end)

    return inward

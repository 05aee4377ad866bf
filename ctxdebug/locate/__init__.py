"""From a pointer and characters of a decoded string to lines and columns of the captured file.

The way back leads through the same layers as the way in: lines, JSON strings with their escapes, JSON
inside JSON, event streams. A layer that leaves no characters to point at (base64, compressed bytes
inside a file) locates to the value that holds it.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from typing import Any, Protocol

from ctxdebug.decoding.source import Source
from ctxdebug.errors import LoadError
from ctxdebug.locate.json_text import JsonText
from ctxdebug.locate.layers import Layer, Region, data_region, lines_region, slice_region, transcript_region
from ctxdebug.locate.yaml_text import YamlText
from ctxdebug.model import Decoding, Evidence, Piece, Place, Pointer, Segment

_OPAQUE = frozenset(
    {
        Decoding.GZIP,
        Decoding.ZSTD,
        Decoding.BASE64,
        Decoding.HEX,
        Decoding.ZIP,
        Decoding.AWS_EVENTS,
        Decoding.PYTHON,
        Decoding.SQLITE,
        Decoding.TNETSTRING,
        Decoding.PROTOBUF,
        Decoding.BESIDE,
    }
)
_WITHOUT_LINES = frozenset({Decoding.ZIP, Decoding.SQLITE, Decoding.TNETSTRING, Decoding.PROTOBUF, Decoding.BESIDE})
"""What a file of bytes is read as, or another file: there is no line of this one to show."""
_KEPT_LINES = 64


class _Tree(Protocol):
    def find(self, steps: Sequence[str | int]) -> Region | None:
        """Return the value at the end of `steps`, or the deepest one on the way."""


class Locator:
    """Finds places in one file; findings in file order cost one pass over it."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._trees: OrderedDict[tuple[object, ...], tuple[Layer, _Tree]] = OrderedDict()
        self._lines: Iterator[tuple[int, str]] | None = None
        self._line_texts: OrderedDict[int, str] = OrderedDict()
        self._next_line = 0

    def __reduce__(self) -> tuple[Any, ...]:
        """Return what makes the locator anew."""
        return Locator, (self._source,)

    def evidence(self, evidence: Evidence) -> Place | None:
        """Return the place of a piece of evidence, or None when the file does not show it."""
        if evidence.segment is not None:
            return self.span(evidence.segment, evidence.start, evidence.end)
        if evidence.pointer is not None:
            return self.value(evidence.pointer)
        return None

    def span(self, segment: Segment, start: int, end: int) -> Place | None:
        """Return the place of characters `start` to `end` of a segment."""
        first = _piece_at(segment.pieces, start)
        last = _piece_at(segment.pieces, max(start, end - 1))
        if first is None or last is None:
            return None
        if first.rendered:
            return self.value(first.pointer)
        opening = self._place(
            first.pointer, first.offset + start - first.start, first.offset + min(end, first.end) - first.start
        )
        if opening is None or last is first:
            return opening
        closing = self._place(last.pointer, last.offset, last.offset + end - last.start)
        if closing is None or (closing.line, closing.column) < (opening.line, opening.column):
            return opening
        return Place(opening.line, opening.column, closing.end_line, closing.end_column)

    def value(self, pointer: Pointer) -> Place | None:
        """Return the place of a whole value."""
        return self._place(pointer, None, None)

    def _place(self, pointer: Pointer, start: int | None, end: int | None) -> Place | None:
        if self._source.rendered:  # lines that nobody has seen; the pointer leads through the objects themselves
            return None
        try:
            return self._walk(pointer, start, end)
        except (LoadError, RecursionError):
            return None

    def _walk(self, pointer: Pointer, start: int | None, end: int | None) -> Place | None:
        steps = list(pointer)
        if steps and steps[0] is Decoding.GZIP:
            del steps[0]
        if steps and steps[0] in _WITHOUT_LINES:
            return None
        first_line = 0
        if len(steps) >= 2 and steps[0] is Decoding.LINES and isinstance(steps[1], int):
            first_line = steps[1]
            layer = Layer.of(self._line(first_line))
            steps = steps[2:]
            if steps and not isinstance(steps[0], Decoding):
                steps.insert(0, Decoding.JSON)
        else:
            layer = Layer.of(self._source.text)
        region = self._descend(layer, steps, (first_line,))
        return None if region is None else region.place(start, end, first_line)

    def _descend(self, layer: Layer, steps: list[str | int | Decoding], key: tuple[object, ...]) -> Region | None:
        region = Region(layer, 0, len(layer.text))
        while steps:
            decoding = steps.pop(0)
            path: list[str | int] = []
            while steps and not isinstance(steps[0], Decoding):
                path.append(steps.pop(0))  # type: ignore[arg-type]  # a number follows LINES
            if not isinstance(decoding, Decoding):
                return region
            key = (*key, decoding)
            if decoding in _OPAQUE:
                return region.opaque()
            found = self._enter(region, decoding, path, key)
            if found is None:
                return region.opaque()
            region = found
            key = (*key, *path)
        return region

    def _enter(
        self, region: Region, decoding: Decoding, path: list[str | int], key: tuple[object, ...]
    ) -> Region | None:
        index = path[0] if path and isinstance(path[0], int) else 0
        if decoding is Decoding.LINES:
            return lines_region(region, index)
        if decoding is Decoding.SSE:
            return data_region(region, index)
        if decoding is Decoding.SLICE:
            return slice_region(region, path)
        if decoding is Decoding.TRANSCRIPT:
            return transcript_region(region, index)
        if key not in self._trees:
            inner = region.decoded()
            tree: _Tree = YamlText(inner) if decoding is Decoding.YAML else JsonText(inner)
            self._trees[key] = (inner, tree)
            while len(self._trees) > _KEPT_LINES:
                self._trees.popitem(last=False)
        return self._trees[key][1].find(path)

    def _line(self, number: int) -> str:
        if number in self._line_texts:
            return self._line_texts[number]
        if self._lines is None or number < self._next_line:
            self._lines, self._next_line = self._source.lines(), 0
        for found, text in self._lines:
            self._next_line = found + 1
            if found == number:
                self._line_texts[number] = text
                while len(self._line_texts) > _KEPT_LINES:
                    self._line_texts.popitem(last=False)
                return text
        raise LoadError(f"has no line {number + 1}")


def _piece_at(pieces: tuple[Piece, ...], at: int) -> Piece | None:
    for piece in pieces:
        if piece.start <= at < piece.end:
            return piece
    return pieces[-1] if pieces else None

"""The stretches of an exchange that may be shortened, each with what findings point at in it."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, TypeAlias

from ctxdebug.model import Authority, Decoding, Kind, Pointer, Role, pointer_text
from ctxdebug.records import record, replace

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ctxdebug.analysis import Analysis
    from ctxdebug.engine.report import Examined
    from ctxdebug.model import Exhibit, Finding, Piece, Segment, Tool

Path: TypeAlias = tuple[str | int, ...]
"""Keys and indexes that lead to a value; the first is `request` or `response`."""

Span: TypeAlias = tuple[int, int]

_SPOKEN = frozenset({Kind.TEXT, Kind.DOCUMENT, Kind.TOOL_RESULT})
_REQUEST = (Decoding.YAML, "request", "body")
_RESPONSE = (Decoding.YAML, "recorded", "response")
_LONGEST_ANSWER = 1500
"""Characters up to which an answer is kept as it is: it is what the findings are about."""
_LONGEST_QUESTION = 600


class Form(IntEnum):
    """How much of a block is kept, least first."""

    SHORT = 0
    """What findings point at, and placeholders with the length of the rest."""
    SUPPORTED = 1
    """The same, and what the claims of the answer are decided by."""
    MASKED = 2
    """Every letter and digit replaced, so that the length stays."""
    WHOLE = 3


@record(frozen=True, slots=True)
class Block:
    """Characters `start` to `end` of the string at `path`, or with `data` a JSON value (also one that a string contains)."""

    path: Path
    start: int
    end: int
    text: str
    what: str
    """What it is, for its placeholder: `text of a document`."""
    spans: tuple[Span, ...] = ()
    """What findings point at, as characters of `text`."""
    quotes: tuple[str, ...] = ()
    """The same as words, for a value in which no place is known."""
    supports: tuple[Span, ...] = ()
    """What the claims of the answer are decided by, as characters of `text`."""
    also_quotes: tuple[str, ...] = ()
    """The same as words."""
    untrusted: bool = False
    authored: bool = False
    """Text of the application itself: the system prompt."""
    data: bool = False
    borders: tuple[bool, bool] = (False, False)
    """Whether another block touches it before and behind: its markup stands there."""
    tool: str = ""
    """On a declaration: the tool's name."""

    @property
    def cited(self) -> bool:
        """Whether a finding points into it."""
        return bool(self.spans or self.quotes)


def blocks_of(examined: Examined, findings: Sequence[Finding]) -> tuple[Block, ...]:
    """Return the blocks of a standalone exchange in order, each with what `findings` point at."""
    cited: dict[str, list[Exhibit]] = {}
    elsewhere: list[Exhibit] = []
    for finding in findings:
        for exhibit in finding.evidence:
            if exhibit.segment is not None:
                cited.setdefault(exhibit.segment, []).append(exhibit)
            else:
                elsewhere.append(exhibit)
    question = examined.analysis.question
    snapshot, supports = examined.snapshot, _supports(examined.analysis)
    found: list[Block] = []
    for segment in snapshot.segments():
        least = _LONGEST_QUESTION if question is not None and segment.id == question.id else 0
        found += _of_segment(segment, cited.get(segment.id, ()), least, supports.get(segment.id, ()))
    for segment in snapshot.answer_segments():
        found += _of_segment(segment, cited.get(segment.id, ()), _LONGEST_ANSWER, ())
    return (*_joined(found), *_of_tools(snapshot.tools, elsewhere))


def _supports(analysis: Analysis) -> dict[str, list[Span]]:
    """Return where the claims of the answer are decided, by the segment's id."""
    found: dict[str, list[Span]] = {}
    held = analysis.sourced.segments
    for claim in analysis.sourced.claims:
        passage = claim.passage
        segment = held[passage.source] if passage is not None and passage.source < len(held) else None
        if passage is not None and segment is not None:
            found.setdefault(segment.id, []).append((passage.start, passage.end))
    return found


def place_of(pointer: Pointer) -> tuple[Path, bool] | None:
    """Return the path of a pointer of a standalone exchange, and whether it goes on inside a string; None outside of both."""
    if pointer[:3] == _REQUEST:
        side, steps = "request", pointer[3:]
    elif pointer[:3] == _RESPONSE:
        side, steps = "response", pointer[3:]
    elif pointer[:1] == ("response",):
        side, steps = "response", pointer[1:]
    else:
        return None
    path: list[str | int] = [side]
    for step in steps:
        if isinstance(step, Decoding):
            return tuple(path), True
        path.append(step)
    return tuple(path), False


def _of_segment(segment: Segment, exhibits: Iterable[Exhibit], least: int, supports: Sequence[Span]) -> Iterator[Block]:
    """Yield a segment's blocks: one for each captured string that it was read from."""
    spans = [(exhibit.start, exhibit.end) for exhibit in exhibits]
    if least:
        spans.append((0, min(least, len(segment.text))))
    for piece in segment.pieces:
        placed = place_of(piece.pointer)
        if placed is not None:
            yield _of_piece(segment, piece, placed, _within(piece, spans), _within(piece, supports))


def _within(piece: Piece, spans: Iterable[Span]) -> tuple[Span, ...]:
    """Return the parts of stretches of a segment that are in a piece, as characters of the piece."""
    start, end = piece.start, piece.end
    return tuple(
        (max(one[0], start) - start, min(one[1], end) - start) for one in spans if one[0] < end and one[1] > start
    )


def _of_piece(
    segment: Segment, piece: Piece, placed: tuple[Path, bool], spans: tuple[Span, ...], supports: tuple[Span, ...]
) -> Block:
    text = segment.text[piece.start : piece.end]
    block = Block(
        placed[0], piece.offset, piece.offset + len(text), text, _what(segment),
        untrusted=segment.authority is Authority.NONE and segment.kind in _SPOKEN,
        authored=segment.role in (Role.SYSTEM, Role.DEVELOPER),
    )  # fmt: skip
    if placed[1] or piece.rendered:
        return replace(block, data=True, quotes=_words(text, spans), also_quotes=_words(text, supports))
    return replace(block, spans=spans, supports=supports)


def _words(text: str, spans: Iterable[Span]) -> tuple[str, ...]:
    return tuple(text[start:end] for start, end in spans)


def _what(segment: Segment) -> str:
    if segment.kind is Kind.TEXT:
        return f"{segment.role.value} text"
    return {Kind.DOCUMENT: "document text", Kind.MEDIA: "media", Kind.OPAQUE: "data"}.get(
        segment.kind, segment.kind.value
    )


def _joined(blocks: Sequence[Block]) -> Iterator[Block]:
    """Yield the blocks: those of one JSON value as one, and those that touch told so."""
    together: dict[Path, list[Block]] = {}
    for block in blocks:
        together.setdefault(block.path, []).append(block)
    for group in together.values():
        if any(block.data for block in group):
            yield replace(
                group[0], start=0, end=0, text="".join(block.text for block in group), spans=(), supports=(), data=True,
                quotes=tuple(quote for block in group for quote in (*block.quotes, *_words(block.text, block.spans))),
                also_quotes=tuple(
                    quote for block in group for quote in (*block.also_quotes, *_words(block.text, block.supports))
                ),
                untrusted=any(block.untrusted for block in group),
            )  # fmt: skip
            continue
        ordered = sorted(group, key=lambda block: block.start)
        for number, block in enumerate(ordered):
            yield replace(block, borders=(number > 0, number < len(ordered) - 1))


def _of_tools(tools: Iterable[Tool], exhibits: Sequence[Exhibit]) -> Iterator[Block]:
    for tool in tools:
        placed, at = place_of(tool.pointer), pointer_text(tool.pointer)
        if placed is None or placed[1]:
            continue
        quotes = tuple(
            exhibit.text for exhibit in exhibits if exhibit.pointer == at or exhibit.pointer.startswith(f"{at}/")
        )
        yield Block(placed[0], 0, 0, tool.text, "tool declaration", quotes=quotes, data=True, tool=tool.name)

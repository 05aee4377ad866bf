"""Change words of a request body by the place that a segment remembers, and nothing else of it."""

from __future__ import annotations

import copy
import re
from typing import TYPE_CHECKING, Any

from ctxdebug.model import Decoding, Kind, Provenance, Role
from ctxdebug.records import record
from ctxdebug.text.patterns import lazy

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ctxdebug.model import Segment, Snapshot

_LONGEST_TAG = 600
_OPENING_TAG = lazy(r"<(?P<tag>[A-Za-z][A-Za-z0-9_.-]{0,40})(?:\s[^<>]{0,500})?>\s*\Z")
_CLOSING_TAGS = lazy(r"(?:\s*</[^<>]{1,60}>)*\s*")
_TAG = lazy(r"</?[A-Za-z][^<>]{0,500}>")
_LETTER = lazy(r"[^\W\d_]")
_BASE = 3  # (YAML, "request", "body") leads to the body


@record(frozen=True, slots=True)
class Stretch:
    """Characters `start` to `end` of the string at `path` of a body."""

    path: tuple[str | int, ...]
    start: int
    end: int
    text: str


def stretch_of(segment: Segment) -> Stretch | None:
    """Return where a segment stands in the body, or None where it is not plain characters of one string."""
    if len(segment.pieces) != 1 or segment.pieces[0].rendered:
        return None
    piece = segment.pieces[0]
    steps = piece.pointer[_BASE:]
    if any(isinstance(step, Decoding) for step in steps) or not segment.text:
        return None
    path = tuple(step for step in steps if not isinstance(step, Decoding))
    return Stretch(path, piece.offset, piece.offset + len(segment.text), segment.text)


def documents(snapshot: Snapshot, body: dict[str, Any]) -> list[Stretch]:
    """Return the documents of a request that can be moved, each with the tags around it, in order."""
    found = [
        stretch_of(segment)
        for segment in snapshot.segments()
        if segment.kind is Kind.DOCUMENT and segment.provenance is not Provenance.AUTHORED
    ]
    return [_dressed(stretch, body) for stretch in found if stretch is not None]


def question(snapshot: Snapshot) -> Stretch | None:
    """Return the last words of the user's own, after any closing tags."""
    for segment in reversed(list(snapshot.segments())):
        if segment.role is Role.USER and segment.kind is Kind.TEXT:
            tags = _CLOSING_TAGS.match(segment.text)
            skipped = tags.end() if tags is not None else 0
            stretch = stretch_of(segment)
            if stretch is not None and _LETTER.search(_TAG.sub("", segment.text[skipped:])):
                return Stretch(stretch.path, stretch.start + skipped, stretch.end, segment.text[skipped:])
    return None


def string_at(body: Any, path: tuple[str | int, ...]) -> str:
    """Return the string at a path of a body."""
    for step in path:
        body = body[step]
    assert isinstance(body, str)
    return body


def _dressed(stretch: Stretch, body: dict[str, Any]) -> Stretch:
    """Return a document with its opening and closing tag, where it has both."""
    whole = string_at(body, stretch.path)
    opening = _OPENING_TAG.search(whole, max(0, stretch.start - _LONGEST_TAG), stretch.start)
    if opening is None:
        return stretch
    closing = re.compile(rf"\s*</{re.escape(opening['tag'])}>").match(whole, stretch.end)
    if closing is None:
        return stretch
    return Stretch(stretch.path, opening.start(), closing.end(), whole[opening.start() : closing.end()])


def edited(body: dict[str, Any], changes: Iterable[tuple[Stretch, str]]) -> dict[str, Any]:
    """Return a copy of the body with each stretch replaced; the stretches do not overlap."""
    changed: dict[str, Any] = copy.deepcopy(body)
    for stretch, text in sorted(changes, key=lambda change: (change[0].path, -change[0].start)):
        holder: Any = changed
        for step in stretch.path[:-1]:
            holder = holder[step]
        held = holder[stretch.path[-1]]
        if held[stretch.start : stretch.end] != stretch.text:
            raise ValueError("a segment does not stand where it says")
        holder[stretch.path[-1]] = held[: stretch.start] + text + held[stretch.end :]
    return changed


def together(stretches: Sequence[Stretch]) -> list[list[Stretch]]:
    """Return the stretches by the string that they stand in."""
    groups: dict[tuple[str | int, ...], list[Stretch]] = {}
    for stretch in stretches:
        groups.setdefault(stretch.path, []).append(stretch)
    return list(groups.values())

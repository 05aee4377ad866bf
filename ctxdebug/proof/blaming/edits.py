"""Edits of a request that tell one cause from another: a part replaced by text that says nothing, moved, or left alone."""

from __future__ import annotations

import copy
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from ctxdebug.proof.units import without

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ctxdebug.proof.request import Request
    from ctxdebug.proof.units import Unit

_NEUTRAL = "The bicycle cellar is open from six in the morning, and the pumps hang on the left wall. "
"""Text about nothing, repeated to the length that is needed."""


class Place(StrEnum):
    """Where among its siblings a part stands."""

    FIRST = "first"
    MIDDLE = "in the middle"
    LAST = "last"


def replaced(request: Request, unit: Unit) -> Request | None:
    """Return the request with text about nothing, of the same length, in a part's place; None for a part that is no text.

    The tags of a document stay.
    """
    if any(cut.span is None for cut in unit.cuts):
        return None
    body = copy.deepcopy(request.body)
    for cut in sorted(unit.cuts, key=lambda cut: cut.span or (0, 0), reverse=True):
        start, end = cut.span or (0, 0)
        text = _at(body, cut.path)
        _set(body, cut.path, f"{text[:start]}{_filled(text[start:end])}{text[end:]}")
    return request.with_body(body)


def _filled(text: str) -> str:
    """Return as much neutral text, between the tags that the text has around it."""
    opening = text.find(">") + 1 if text.startswith("<") else 0
    closing = text.rstrip().rfind("</") if text.rstrip().endswith(">") else len(text.rstrip())
    closing = closing if closing > opening else len(text.rstrip())
    size = closing - opening
    filler = (_NEUTRAL * (size // len(_NEUTRAL) + 1))[:size]
    return f"{text[:opening]}{filler}{text[closing:]}"


def siblings(unit: Unit, parts: Sequence[Unit]) -> list[Unit]:
    """Return the parts of the same kind in the same text, in order; it is one of them."""
    if len(unit.cuts) != 1 or unit.cuts[0].span is None:
        return []
    path = unit.cuts[0].path
    held = [
        one
        for one in parts
        if one.kind is unit.kind and len(one.cuts) == 1 and one.cuts[0].path == path and one.cuts[0].span
    ]
    return sorted(held, key=lambda one: one.cuts[0].span or (0, 0))


def place_of(unit: Unit, among: Sequence[Unit]) -> Place:
    """Return where a part stands: first, last, or in between."""
    number = [one.cuts for one in among].index(unit.cuts)
    return Place.FIRST if number == 0 else Place.LAST if number == len(among) - 1 else Place.MIDDLE


def moved(request: Request, unit: Unit, among: Sequence[Unit], place: Place) -> Request:
    """Return the request with a part at another place among its siblings."""
    path = unit.cuts[0].path
    text = _at(request.body, path)
    spans = [one.cuts[0].span or (0, 0) for one in among]
    own = unit.cuts[0].span or (0, 0)
    others = [span for span in spans if span != own]
    number = {Place.FIRST: 0, Place.MIDDLE: len(others) // 2, Place.LAST: len(others)}[place]
    order = [*others[:number], own, *others[number:]]
    pieces = [_ended(text[start:end]) for start, end in order]
    between = [
        text[end : spans[index + 1][0]] if index + 1 < len(spans) else "" for index, (_, end) in enumerate(spans)
    ]
    inner = "".join(piece + gap for piece, gap in zip(pieces, between, strict=True))
    body = copy.deepcopy(request.body)
    _set(body, path, f"{text[: spans[0][0]]}{inner}{text[spans[-1][1] :]}")
    return request.with_body(body)


def _ended(text: str) -> str:
    return text if text[-1:].isspace() else f"{text}\n"


def alone(request: Request, unit: Unit, units: Sequence[Unit]) -> Request:
    """Return the request with one of these units, and without the others."""
    return without(request, [one for one in units if one.cuts != unit.cuts])


def _at(body: Any, path: tuple[str | int, ...]) -> Any:
    for step in path:
        body = body[step]
    return body


def _set(body: Any, path: tuple[str | int, ...], value: Any) -> None:
    _at(body, path[:-1])[path[-1]] = value

"""Put together what a list says piece by piece: the deltas of a stream, the parts of a message.

A secret that begins in one item and ends in another is in none of them, and anybody can join them.
"""

from __future__ import annotations

import copy
from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, Any

from ctxdebug.records import record
from ctxdebug.redaction.finder import Found, goes_on

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

_REACH = 600
"""Characters of a long piece that are looked at on either side; no vendor's token that matters is longer."""
_MOST_LEAVES = 200_000

Step = str | int


@record(frozen=True, slots=True)
class _Piece:
    """Characters from `offset` of the string at `path` in item number `item`."""

    item: int
    path: tuple[Step, ...]
    offset: int
    text: str


def crossing(items: Sequence[Any], find: Callable[[str], list[Found]]) -> Iterator[Found]:
    """Yield the secrets that cross from one item into another; `find` yields those of a text."""
    for pieces in _groups(items):
        for found, _ in _crossing(pieces, find):
            yield found


def rewritten(items: list[Any], find: Callable[[str], list[Found]], placeholder: Callable[[Found], str]) -> list[Any]:
    """Return the items with each secret that crosses from one into another replaced in the first, cut from the rest."""
    changed = items
    for pieces in _groups(items):
        parts = [
            (piece, start, end, "" if number else placeholder(found))
            for found, touched in _crossing(pieces, find)
            for number, (piece, start, end) in enumerate(touched)
        ]
        if parts and changed is items:
            changed = copy.deepcopy(items)
        for piece, start, end, new in reversed(parts):
            _replace(changed, piece, start, end, new)
    return changed


def _crossing(
    pieces: list[_Piece], find: Callable[[str], list[Found]]
) -> Iterator[tuple[Found, list[tuple[_Piece, int, int]]]]:
    """Yield each crossing secret with the characters that it has of each piece."""
    whole = "".join(piece.text for piece in pieces)
    borders = []
    at = 0
    for piece in pieces:
        borders.append((at, at + len(piece.text), piece))
        at += len(piece.text)
    starts = [start for start, _, _ in borders]
    last = 0
    for found in find(whole):
        first_held = bisect_right(starts, found.start) - 1
        held = borders[first_held : bisect_left(starts, found.end)]
        if len({piece.item for _, _, piece in held}) < 2 or found.start < last:
            continue
        first_start, first_end, first = held[0]
        known = next((one for one in find(first.text) if one.start == found.start - first_start), None)
        if known is not None and not goes_on(whole[first_end : found.end]):
            continue
        last = found.end
        yield (
            found,
            [
                (piece, piece.offset + max(found.start - start, 0), piece.offset + min(found.end, end) - start)
                for start, end, piece in held
            ],
        )


def _replace(items: list[Any], piece: _Piece, start: int, end: int, new: str) -> None:
    holder: Any = items[piece.item]
    for step in piece.path[:-1]:
        holder = holder[step]
    text = holder[piece.path[-1]]
    holder[piece.path[-1]] = text[:start] + new + text[end:]


def _groups(items: Sequence[Any]) -> Iterator[list[_Piece]]:
    groups: dict[tuple[Step, ...], list[_Piece]] = {}
    count = 0
    for number, item in enumerate(items):
        if not isinstance(item, dict):
            continue
        for path, text in _leaves(item, ()):
            count += 1
            if count > _MOST_LEAVES:
                return
            group = groups.setdefault(path, [])
            if len(text) <= 2 * _REACH:
                group.append(_Piece(number, path, 0, text))
            else:
                group.append(_Piece(number, path, 0, f"{text[:_REACH]}\0"))
                group.append(_Piece(number, path, len(text) - _REACH, text[-_REACH:]))
    yield from (group for group in groups.values() if len({piece.item for piece in group}) > 1)


def _leaves(value: Any, path: tuple[Step, ...]) -> Iterator[tuple[tuple[Step, ...], str]]:
    if isinstance(value, str):
        if value:
            yield path, value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _leaves(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _leaves(item, (*path, index))

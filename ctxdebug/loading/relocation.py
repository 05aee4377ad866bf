"""Pointers of a request that a container put together, led back to where the values stand in the file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ctxdebug.exchange import Draft, DraftMessage
from ctxdebug.model import Pointer
from ctxdebug.records import replace


def relocate(draft: Draft, origins: Mapping[Pointer, Pointer]) -> None:
    """Replace every pointer of a draft whose beginning `origins` knows."""
    if not origins:
        return
    lead = _Lead(origins)
    for message in (*draft.messages, *draft.answer):
        _relocate_message(message, lead)
    draft.tools = [replace(tool, pointer=lead(tool.pointer)) for tool in draft.tools]
    draft.unseen = [replace(unseen, pointer=lead(unseen.pointer)) for unseen in draft.unseen]
    draft.not_understood = [lead(pointer) for pointer in draft.not_understood]
    draft.settings_at = {name: lead(pointer) for name, pointer in draft.settings_at.items()}
    for name in ("usage", "finish", "error"):
        held: Any = getattr(draft, name)
        if held is not None:
            setattr(draft, name, replace(held, pointer=lead(held.pointer)))


def _relocate_message(message: DraftMessage, lead: _Lead) -> None:
    message.pointer = lead(message.pointer)
    for part in message.parts:
        part.pieces = tuple(replace(piece, pointer=lead(piece.pointer)) for piece in part.pieces)


class _Lead:
    """Follows the longest known beginning of a pointer."""

    def __init__(self, origins: Mapping[Pointer, Pointer]) -> None:
        self._origins = origins
        self._lengths = sorted({len(pointer) for pointer in origins}, reverse=True)

    def __call__(self, pointer: Pointer) -> Pointer:
        for length in self._lengths:
            if length <= len(pointer) and (found := self._origins.get(pointer[:length])) is not None:
                return (*found, *pointer[length:])
        return pointer

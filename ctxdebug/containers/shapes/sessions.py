"""The contexts of a session log as exchanges, wherever the log's lines are: in a file, or in a list inside another."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ctxdebug.decoding.agent_logs import contexts
from ctxdebug.exchange import Exchange
from ctxdebug.model import Decoding, Pointer
from ctxdebug.records import replace


def sessions(kind: str, lines: list[Any], at: Pointer, about: Exchange | None = None) -> Iterator[Exchange]:
    """Yield an exchange for each context; `at` leads to the lines, `about` is what is known of them besides."""
    base = about or Exchange(at)
    inside = (Decoding.JSON,) if at and at[-1] is Decoding.LINES else ()
    for found in contexts(kind, lines):
        if not found.order:
            continue
        more: dict[str, Any] = {"agent": found.agent} if found.agent else {}
        if found.left:
            more["left"] = found.left
        labels = {**base.labels, **more} if more else base.labels
        where = (*at, len(found.lines) - 1, *inside)
        yield replace(
            base,
            pointer=where,
            request=found.lines,
            request_at=at,
            order=found.order,
            format=kind,
            notes=(*base.notes, *found.notes),
            labels=labels,
        )

"""LangGraph's states: `values.messages` of a thread, as its API and `get_state_history` give them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ctxdebug.containers import Found, Likeness, container
from ctxdebug.containers.shapes.rows import first_row, rows
from ctxdebug.decoding.source import Source
from ctxdebug.exchange import Exchange
from ctxdebug.model import Pointer, Problem

_AROUND = frozenset({"checkpoint", "next", "checkpoint_id", "thread_id", "created_at", "config", "tasks"})
_CHANNELS = ("values", "channel_values")


def _messages(row: Mapping[str, Any], at: Pointer) -> tuple[list[Any], Pointer] | None:
    """Return the messages of a state, or of a checkpoint's channels."""
    for key in _CHANNELS:
        held = row.get(key)
        if isinstance(held, dict) and isinstance(held.get("messages"), list):
            return held["messages"], (*at, key, "messages")
    inner = row.get("checkpoint")
    return _messages(inner, (*at, "checkpoint")) if isinstance(inner, dict) else None


def _sniff(source: Source) -> Likeness:
    row = first_row(source, '"messages"', wrappers=())
    known = row is not None and (_AROUND & row.keys() or "channel_values" in row) and _messages(row, ()) is not None
    return Likeness.CERTAIN if known else Likeness.NO


@container(
    "langgraph",
    "a state of LangGraph: `values.messages` beside `checkpoint` or `next`; a checkpoint's `channel_values`",
    _sniff,
)
def exchanges(source: Source) -> Iterator[Found]:
    """One exchange a state."""
    for found in rows(source, ()):
        if isinstance(found, Problem):
            yield found
            continue
        at, row = found
        held = _messages(row, at)
        if held is not None and held[0]:
            around = row.get("checkpoint") if isinstance(row.get("checkpoint"), dict) else row
            thread = around.get("thread_id") if isinstance(around, dict) else None
            yield Exchange(
                held[1], request=held[0], request_at=held[1], session=thread if isinstance(thread, str) else None
            )

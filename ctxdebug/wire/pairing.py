"""Calls and results of formats that give them no ids, matched by name and order."""

from __future__ import annotations

from collections.abc import Iterable

from ctxdebug.exchange import DraftMessage
from ctxdebug.records import replace


def pair_calls(messages: Iterable[DraftMessage]) -> None:
    """Give each call without an id one of our own, and the next result of the same tool the same one."""
    waiting: dict[str, list[str]] = {}
    made = 0
    for message in messages:
        for part in message.parts:
            if part.call is not None and part.call.id is None and not part.call.server_side:
                made += 1
                part.call = replace(part.call, id=f"{part.call.name}#{made}")
                waiting.setdefault(part.call.name, []).append(f"{part.call.name}#{made}")
            elif part.call is None and part.call_id is None and part.tool is not None and waiting.get(part.tool):
                part.call_id = waiting[part.tool].pop(0)

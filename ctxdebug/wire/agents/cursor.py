"""Cursor's agent transcripts: a message a line, with Anthropic's blocks whose calls carry no ids."""

from __future__ import annotations

from ctxdebug.decoding.agent_logs import is_log_of
from ctxdebug.exchange import Draft, Exchange, Part
from ctxdebug.model import Role
from ctxdebug.records import replace
from ctxdebug.wire import LIST, wire_format
from ctxdebug.wire.shape import lines_of, mapping, text_of
from ctxdebug.wire.shapes.anthropic_blocks import read_message
from ctxdebug.wire.shapes.log_draft import close, rebuilt


def _sniff(exchange: Exchange) -> int:
    return 40 if is_log_of(exchange.request, "cursor") else 0


@wire_format("cursor", "lines of `role` and a `message` with a list of blocks, nothing else", _sniff, frozenset({LIST}))
def read(exchange: Exchange) -> Draft:
    """Read a transcript; a call without an id takes the id of the result that follows it."""
    draft = rebuilt(exchange)
    waiting: list[Part] = []
    for number, line in lines_of(exchange):
        held, at = mapping(line.get("message")), (*exchange.request_at, number, "message")
        message = read_message({**held, "role": line.get("role")}, at)
        if message.role is Role.ASSISTANT and draft.messages and draft.messages[-1].role is Role.ASSISTANT:
            draft.messages[-1].parts.extend(message.parts)
        elif message.parts:
            draft.messages.append(message)
        for part in message.parts:
            if part.call is not None and part.call.id is None:
                waiting.append(part)
            elif part.call_id is not None and waiting:
                asked = waiting.pop(0)
                if asked.call is not None:
                    asked.call = replace(asked.call, id=part.call_id)
                    part.tool = asked.call.name
        draft.model = text_of(held.get("model")) or draft.model
    return close(draft)

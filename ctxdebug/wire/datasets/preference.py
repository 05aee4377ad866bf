"""Preference pairs: one prompt with an answer that was preferred and one that was not, as TRL and OpenAI write them."""

from __future__ import annotations

from typing import Any

from ctxdebug.exchange import Draft, Exchange
from ctxdebug.model import Pointer, Role
from ctxdebug.wire import wire_format
from ctxdebug.wire.loose_messages import read_message
from ctxdebug.wire.shape import mapping, objects, request_of, text_of, tool_from
from ctxdebug.wire.shapes.log_draft import close, say

_PAIRS = (("chosen", "rejected"), ("preferred_output", "non_preferred_output"))


def _sniff(exchange: Exchange) -> int:
    body = request_of(exchange)
    return 35 if any({*pair} <= body.keys() for pair in _PAIRS) else 0


@wire_format("preference", "rows of `prompt`, `chosen` and `rejected`, or `input`, `preferred_output` and `non_preferred_output`",
             _sniff, frozenset({"chosen", "preferred_output"}))  # fmt: skip
def read(exchange: Exchange) -> Draft:
    """Read a row with the preferred answer; the other one is left out."""
    body, at = request_of(exchange), exchange.request_at
    chosen, rejected = next(pair for pair in _PAIRS if {*pair} <= body.keys())
    draft = Draft(rebuilt=True)
    held = mapping(body.get("input"))
    for index, declared in objects(held.get("tools")):
        function = mapping(declared.get("function"))
        draft.tools.append(tool_from(declared, (*at, "input", "tools", index), name=function.get("name"),
                                     description=function.get("description"), schema=function.get("parameters")))  # fmt: skip
    _read(draft, body.get("system"), (*at, "system"), Role.SYSTEM)
    _read(draft, held.get("messages"), (*at, "input", "messages"), Role.USER)
    for key in ("prompt", "question", "instruction"):
        _read(draft, body.get(key), (*at, key), Role.USER)
    _read(draft, body.get(chosen), (*at, chosen), Role.ASSISTANT)
    draft.left_out.append((*at, rejected))
    draft.notes.append(f"a preference pair: the answer is `{chosen}`; `{rejected}` is not shown")
    return close(draft)


def _read(draft: Draft, value: Any, at: Pointer, role: Role) -> None:
    """A text, or messages; those that the prompt holds already are not repeated."""
    say(draft, role, role.value, value, at)
    before = [message.parts[0].text if message.parts else "" for message in draft.messages]
    for index, raw in objects(value):
        message = read_message(raw, (*at, index), text_of(raw.get("role")) or text_of(raw.get("from")))
        text = message.parts[0].text if message.parts else ""
        if index < len(before) and before[index] == text:
            draft.left_out.append((*at, index))
        elif message.parts:
            draft.messages.append(message)

"""Grok CLI's `chat_history.jsonl`: a line a message, with reasoning and the server's own calls on lines of their own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ctxdebug.decoding.agent_logs import is_log_of
from ctxdebug.exchange import Draft, Exchange
from ctxdebug.model import Kind, Pointer
from ctxdebug.wire import LIST, wire_format
from ctxdebug.wire.loose_messages import read_message
from ctxdebug.wire.shape import lines_of, mapping, objects, text_of
from ctxdebug.wire.shapes.log_draft import TOOLS, add_call, add_result, add_text, close, rebuilt, turn


def _sniff(exchange: Exchange) -> int:
    return 40 if is_log_of(exchange.request, "grok") else 0


@wire_format("grok", "lines of type system, user, reasoning, assistant with model_id, tool_result, backend_tool_call", _sniff,
             frozenset({LIST}))  # fmt: skip
def read(exchange: Exchange) -> Draft:
    """Read a session; reasoning belongs to the assistant's turn that follows it."""
    draft = rebuilt(exchange, TOOLS)
    names: dict[str, str] = {}
    for number, line in lines_of(exchange):
        _read_line(draft, line, (*exchange.request_at, number), names)
    return close(draft)


def _read_line(draft: Draft, line: Mapping[str, Any], at: Pointer, names: dict[str, str]) -> None:
    kind = text_of(line.get("type")) or ""
    if kind in {"system", "user"}:
        message = read_message(line, at, kind)
        if text_of(line.get("synthetic_reason")):
            message.captured_role = f"{kind} ({line['synthetic_reason']})"
        if message.parts:
            draft.messages.append(message)
    elif kind == "reasoning":
        for index, part in objects(line.get("summary")):
            add_text(turn(draft, at), part.get("text"), (*at, "summary", index, "text"), Kind.THINKING)
    elif kind == "assistant":
        message = turn(draft, at)
        add_text(message, line.get("content"), (*at, "content"))
        for index, call in objects(line.get("tool_calls")):
            names[str(call.get("id"))] = str(call.get("name"))
            add_call(
                message,
                call.get("name"),
                call.get("arguments"),
                call.get("id"),
                (*at, "tool_calls", index, "arguments"),
            )
        draft.model = draft.answered_by = text_of(line.get("model_id")) or draft.model
    elif kind == "tool_result":
        call_id = text_of(line.get("tool_call_id")) or ""
        add_result(draft, line.get("content"), (*at, "content"), call_id, names.get(call_id))
    elif kind == "backend_tool_call":
        held, where = mapping(line.get("kind")), (*at, "kind")
        add_call(
            turn(draft, at),
            held.get("tool_type"),
            held.get("action"),
            held.get("id"),
            (*where, "action"),
            server_side=True,
        )
        about: dict[str, Any] = {"call_id": text_of(held.get("id")), "tool": text_of(held.get("tool_type"))}
        draft.messages[-1].text(str(held.get("status") or ""), (*where, "status"), Kind.TOOL_RESULT, **about)

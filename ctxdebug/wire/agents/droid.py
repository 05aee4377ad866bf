"""Droid (Factory): a session's lines with Anthropic blocks, and the events of `droid exec --output-format stream-json`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ctxdebug.decoding.agent_logs import is_log_of
from ctxdebug.exchange import Draft, Exchange
from ctxdebug.model import Pointer, ProviderError, Role
from ctxdebug.wire import LIST, wire_format
from ctxdebug.wire.shape import lines_of, mapping, text_of
from ctxdebug.wire.shapes.anthropic_blocks import note_unseen_blocks, read_message
from ctxdebug.wire.shapes.log_draft import add_call, add_result, add_text, close, rebuilt, say, turn


def _sniff(exchange: Exchange) -> int:
    return 40 if is_log_of(exchange.request, "droid") else 0


@wire_format("droid", "a line of type session_start, then lines of type message with an Anthropic `message`", _sniff,
             frozenset({LIST}))  # fmt: skip
def read(exchange: Exchange) -> Draft:
    """Read a session; a compaction's summary is memory."""
    draft = rebuilt(exchange)
    for number, line in lines_of(exchange):
        at = (*exchange.request_at, number)
        kind = text_of(line.get("type"))
        if kind == "session_start":
            draft.session = text_of(line.get("id"))
            draft.left_out.append(at)
        elif kind == "message":
            message = read_message(mapping(line.get("message")), (*at, "message"))
            if message.parts:
                draft.messages.append(message)
        elif kind == "compaction_state":
            draft.notes.append("Droid compacted the conversation")
            say(draft, Role.USER, kind, line.get("summaryText"), (*at, "summaryText"), memory=True)
    note_unseen_blocks(draft)
    return close(draft)


def _sniff_exec(exchange: Exchange) -> int:
    return 40 if is_log_of(exchange.request, "droid-exec") else 0


@wire_format("droid-exec", "`droid exec`: lines of type system, message, tool_call, tool_result, completion with session_id",
             _sniff_exec, frozenset({LIST}))  # fmt: skip
def read_exec(exchange: Exchange) -> Draft:
    """Read a run; its last line repeats the last answer, or is it."""
    draft = rebuilt(exchange)
    for number, line in lines_of(exchange):
        at = (*exchange.request_at, number)
        draft.session = draft.session or text_of(line.get("session_id"))
        draft.model = text_of(line.get("model")) or draft.model
        _read_event(draft, line, at)
    return close(draft)


def _read_event(draft: Draft, line: Mapping[str, Any], at: Pointer) -> None:
    kind = text_of(line.get("type"))
    if kind == "message" and line.get("role") == "assistant":
        add_text(turn(draft, at), line.get("text"), (*at, "text"))
    elif kind == "message":
        say(draft, Role.USER, "user", line.get("text"), (*at, "text"))
    elif kind == "tool_call":
        name = line.get("toolName") or line.get("toolId")
        add_call(
            turn(draft, at), name, line.get("parameters"), line.get("toolCallId") or line.get("id"), (*at, "parameters")
        )
    elif kind == "tool_result":
        key = next((key for key in ("value", "result", "error") if key in line), "value")
        failed = key == "error" or line.get("isError") is True
        add_result(
            draft,
            line.get(key),
            (*at, key),
            line.get("toolCallId") or line.get("id"),
            line.get("toolName"),
            failed=failed,
        )
    elif kind == "completion":
        said = draft.messages[-1].parts[-1].text if draft.messages and draft.messages[-1].parts else None
        if line.get("finalText") == said:
            draft.left_out.append((*at, "finalText"))
        else:
            add_text(turn(draft, at), line.get("finalText"), (*at, "finalText"))
    elif kind == "error":
        draft.error = ProviderError(str(line.get("message") or kind), text_of(line.get("source")), (*at, "message"))

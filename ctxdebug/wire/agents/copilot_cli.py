"""GitHub Copilot CLI's sessions: events, of which messages, calls and results are the context."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ctxdebug.decoding.agent_logs import is_log_of
from ctxdebug.exchange import Draft, Exchange
from ctxdebug.model import Kind, Pointer, ProviderError, Role
from ctxdebug.wire import LIST, wire_format
from ctxdebug.wire.shape import count_of, lines_of, mapping, objects, text_of
from ctxdebug.wire.shapes.log_draft import TOOLS, add_call, add_result, add_text, close, rebuilt, say, turn


def _sniff(exchange: Exchange) -> int:
    return 40 if is_log_of(exchange.request, "copilot-cli") else 0


@wire_format(
    "copilot-cli", "lines of type session.start, user.message, assistant.message, tool.execution_complete with `data`",
    _sniff, frozenset({LIST}),
)  # fmt: skip
def read(exchange: Exchange) -> Draft:
    """Read a session; a call that was announced and then started is one call."""
    draft = rebuilt(exchange, TOOLS)
    calls: dict[str, str] = {}
    for number, line in lines_of(exchange):
        data, at = mapping(line.get("data")), (*exchange.request_at, number, "data")
        event = text_of(line.get("type")) or ""
        if event == "session.start":
            draft.session = text_of(data.get("sessionId"))
            draft.model = text_of(data.get("selectedModel")) or draft.model
        elif event == "session.model_change":
            draft.model = text_of(data.get("newModel")) or draft.model
        elif event == "session.error":
            draft.error = ProviderError(str(data.get("message") or ""), text_of(data.get("errorType")), (*at, "message"),
                                        count_of(data.get("statusCode")))  # fmt: skip
        elif event == "session.truncation":
            draft.notes.append("Copilot dropped older turns from the conversation (session.truncation)")
        elif event == "system.message":
            say(draft, Role.SYSTEM, "system", data.get("content"), (*at, "content"))
        elif event == "user.message":
            draft.error = None
            key = "transformedContent" if data.get("transformedContent") else "content"
            say(draft, Role.USER, "user", data.get(key), (*at, key))
        elif event in {"assistant.message", "tool.execution_start", "tool.execution_complete"}:
            draft.error = None
            _read_turn(draft, event, data, at, calls)
    return close(draft)


def _read_turn(draft: Draft, event: str, data: Mapping[str, Any], at: Pointer, calls: dict[str, str]) -> None:
    call_id = text_of(data.get("toolCallId")) or ""
    if event == "assistant.message":
        requested = objects(data.get("toolRequests"))
        if not (data.get("content") or data.get("reasoningText") or requested):
            return
        message = turn(draft, at)
        add_text(message, data.get("reasoningText"), (*at, "reasoningText"), Kind.THINKING)
        add_text(message, data.get("content"), (*at, "content"))
        for index, call in requested:
            where = (*at, "toolRequests", index, "arguments")
            calls[str(call.get("toolCallId"))] = str(call.get("name"))
            add_call(message, call.get("name"), call.get("arguments"), call.get("toolCallId"), where)
        draft.model = draft.answered_by = text_of(data.get("model")) or draft.model
    elif event == "tool.execution_start" and call_id not in calls:
        calls[call_id] = str(data.get("toolName"))
        add_call(turn(draft, at), data.get("toolName"), data.get("arguments"), call_id, (*at, "arguments"))
    elif event == "tool.execution_complete":
        result, key = mapping(data.get("result")), "content"
        held, where = (result, (*at, "result")) if result else (mapping(data.get("error")), (*at, "error"))
        key = "content" if result else "message"
        add_result(
            draft, held.get(key), (*where, key), call_id, calls.get(call_id), failed=data.get("success") is False
        )

"""Antigravity's transcripts: steps of the user, of the model, and of the tools that it called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ctxdebug.decoding.agent_logs import is_log_of
from ctxdebug.exchange import Draft, Exchange
from ctxdebug.model import Kind, Pointer, Role
from ctxdebug.wire import LIST, wire_format
from ctxdebug.wire.shape import items, lines_of, objects, text_of
from ctxdebug.wire.shapes.log_draft import add_call, add_result, add_text, close, rebuilt, say, turn

_HARNESS = frozenset({"SYSTEM_MESSAGE", "EPHEMERAL_MESSAGE"})


def _sniff(exchange: Exchange) -> int:
    return 40 if is_log_of(exchange.request, "antigravity") else 0


@wire_format("antigravity", "lines of step_index, source (USER_EXPLICIT, MODEL, SYSTEM), type (USER_INPUT, PLANNER_RESPONSE, …)",
             _sniff, frozenset({LIST}))  # fmt: skip
def read(exchange: Exchange) -> Draft:
    """Read a session; a step of the model that is no plan is the result of the next call that has none yet."""
    draft = rebuilt(exchange)
    waiting: list[tuple[str, str]] = []
    cut = 0
    for number, line in lines_of(exchange):
        at = (*exchange.request_at, number)
        cut += bool(items(line.get("truncated_fields")))
        _read_step(draft, line, at, waiting)
    if cut:
        draft.notes.append(f"the log cut the text of {cut} steps (truncated_fields)")
    return close(draft)


def _read_step(draft: Draft, line: Mapping[str, Any], at: Pointer, waiting: list[tuple[str, str]]) -> None:
    kind = text_of(line.get("type")) or ""
    if kind == "USER_INPUT" or kind in _HARNESS:
        say(draft, Role.USER, kind, line.get("content"), (*at, "content"))
    elif kind == "CHECKPOINT":
        draft.notes.append("Antigravity compacted the conversation")
        say(draft, Role.USER, kind, line.get("content"), (*at, "content"), memory=True)
    elif kind == "PLANNER_RESPONSE":
        message = turn(draft, at)
        add_text(message, line.get("thinking"), (*at, "thinking"), Kind.THINKING)
        add_text(message, line.get("content"), (*at, "content"))
        for index, call in objects(line.get("tool_calls")):
            call_id = f"step-{at[-1]}-{index}"
            waiting.append((call_id, str(call.get("name"))))
            add_call(message, call.get("name"), call.get("args"), call_id, (*at, "tool_calls", index, "args"))
    elif text_of(line.get("content")):
        call_id, name = waiting.pop(0) if waiting else ("", kind.lower())
        add_result(
            draft, line["content"], (*at, "content"), call_id or None, name, failed=line.get("status") == "ERROR"
        )

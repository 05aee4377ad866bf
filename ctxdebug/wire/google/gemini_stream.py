"""What `gemini --output-format stream-json` prints: messages, tool uses and results as they come."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ctxdebug.decoding.agent_logs import is_log_of
from ctxdebug.exchange import Assembly, Draft, Exchange, Part
from ctxdebug.model import Kind, Pointer, ProviderError, Role
from ctxdebug.wire import LIST, wire_format
from ctxdebug.wire.shape import lines_of, mapping, text_of
from ctxdebug.wire.shapes.log_draft import add_call, add_result, add_text, close, rebuilt, say, turn


def _sniff(exchange: Exchange) -> int:
    return 40 if is_log_of(exchange.request, "gemini-stream") else 0


@wire_format("gemini-stream", "`gemini --output-format stream-json`: lines of type init, message, tool_use, tool_result, result",
             _sniff, frozenset({LIST}))  # fmt: skip
def read(exchange: Exchange) -> Draft:
    """Read a run; what a tool printed for the screen only is an empty result."""
    draft = rebuilt(exchange)
    names: dict[str, str] = {}
    said = Assembly()
    for number, line in lines_of(exchange):
        at = (*exchange.request_at, number)
        delta = line.get("type") == "message" and line.get("role") == "assistant" and line.get("delta") is True
        if delta and isinstance(line.get("content"), str):
            said.add(line["content"], (*at, "content"))
            continue
        said = _spoken(draft, said, at)
        _read_line(draft, line, at, names)
    _spoken(draft, said, exchange.request_at)
    return close(draft)


def _spoken(draft: Draft, said: Assembly, at: Pointer) -> Assembly:
    """Add the text that was put together from deltas; return an empty one for the next."""
    if said:
        turn(draft, at).parts.append(Part(Kind.TEXT, said.text, said.pieces))
    return Assembly()


def _read_line(draft: Draft, line: Mapping[str, Any], at: Pointer, names: dict[str, str]) -> None:
    kind = text_of(line.get("type")) or ""
    if kind == "init":
        draft.session, draft.model = text_of(line.get("session_id")), text_of(line.get("model"))
    elif kind == "message" and line.get("role") == "assistant":
        add_text(turn(draft, at), line.get("content"), (*at, "content"))
    elif kind == "message":
        say(draft, Role.USER, "user", line.get("content"), (*at, "content"))
    elif kind == "tool_use":
        names[str(line.get("tool_id"))] = str(line.get("tool_name"))
        add_call(
            turn(draft, at), line.get("tool_name"), line.get("parameters"), line.get("tool_id"), (*at, "parameters")
        )
    elif kind == "tool_result":
        failed = line.get("status") == "error"
        key = "error" if failed and line.get("error") is not None else "output"
        call_id = text_of(line.get("tool_id")) or ""
        add_result(draft, line.get(key), (*at, key), call_id, names.get(call_id), failed=failed)
    elif kind == "error" or (kind == "result" and line.get("status") == "error"):
        held = mapping(line.get("error")) or line
        draft.error = ProviderError(str(held.get("message") or kind), text_of(held.get("type")), (*at, "error"))
    elif kind == "result":
        draft.labels["run_usage"] = line.get("stats")
        draft.left_out.append(at)

"""What `claude -p --output-format stream-json` prints: the session's messages, and the result with its cost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ctxdebug.decoding.agent_logs import is_log_of
from ctxdebug.exchange import Draft, Exchange
from ctxdebug.model import Pointer, ProviderError, Tool
from ctxdebug.records import replace
from ctxdebug.wire import LIST, wire_format
from ctxdebug.wire.shape import items, lines_of, mapping, objects, text_of, tool_from
from ctxdebug.wire.shapes.anthropic_answer import finish_of, usage_of
from ctxdebug.wire.shapes.anthropic_blocks import note_unseen_blocks, read_block, read_message
from ctxdebug.wire.shapes.log_draft import close, rebuilt


def _sniff(exchange: Exchange) -> int:
    return 40 if is_log_of(exchange.request, "claude-stream") else 0


@wire_format(
    "claude-stream", "lines of type system (subtype init), assistant, user, result with `session_id`", _sniff,
    frozenset({LIST}),
)  # fmt: skip
def read(exchange: Exchange) -> Draft:
    """Read a run; a sub-agent's messages are not the main conversation's and are left out by count."""
    draft = rebuilt(exchange)
    previous: str | None = None
    others = 0
    for number, line in lines_of(exchange):
        at = (*exchange.request_at, number)
        draft.session = draft.session or text_of(line.get("session_id"))
        kind = text_of(line.get("type"))
        if kind == "system" and line.get("subtype") == "init":
            draft.model = text_of(line.get("model"))
            draft.tools.extend(_tools(line.get("tools"), (*at, "tools")))
        elif kind in {"assistant", "user"} and line.get("parent_tool_use_id"):
            others += 1
            draft.left_out.append(at)
        elif kind in {"assistant", "user"}:
            previous = _read_message(draft, mapping(line.get("message")), (*at, "message"), previous)
        elif kind == "result":
            _read_result(draft, line, at)
    if others:
        draft.notes.append(f"{others} messages of sub-agents are not part of this conversation")
    note_unseen_blocks(draft)
    return close(draft)


def _read_message(draft: Draft, raw: Mapping[str, Any], at: Pointer, previous: str | None) -> str | None:
    """One line of a message, joined to the one before it when that has the same id; the id."""
    identifier = text_of(raw.get("id"))
    if identifier is not None and identifier == previous:
        for index, block in objects(raw.get("content")):
            read_block(draft.messages[-1], block, (*at, "content", index))
    else:
        draft.messages.append(read_message(raw, at))
    if raw.get("role") == "assistant":
        draft.model = draft.answered_by = text_of(raw.get("model")) or draft.model
        used = usage_of(raw.get("usage"), (*at, "usage"))
        if used is not None and raw.get("stop_reason") is None:
            used = replace(used, output=None)  # printed while the answer was streamed: its output is not counted yet
        draft.usage = used or draft.usage
        draft.finish = finish_of(raw.get("stop_reason"), (*at, "stop_reason")) or draft.finish
    return identifier


def _read_result(draft: Draft, line: Mapping[str, Any], at: Pointer) -> None:
    draft.labels.update({key: line[key] for key in ("total_cost_usd", "num_turns", "duration_ms") if key in line})
    if line.get("is_error") is True:
        text = text_of(line.get("result")) or str(line.get("subtype"))
        draft.error = ProviderError(text, text_of(line.get("subtype")), (*at, "result"))


def _tools(listed: object, at: Pointer) -> list[Tool]:
    """Return the tools by name; their declarations are not printed."""
    return [
        tool_from({"name": name}, (*at, index), name=name, description=None, schema=None, deferred=True)
        for index, name in enumerate(items(listed))
        if isinstance(name, str)
    ]

"""What `codex exec --json` prints: a thread's items as they complete."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ctxdebug.decoding.agent_logs import is_log_of
from ctxdebug.exchange import Draft, Exchange
from ctxdebug.model import Kind, Pointer, ProviderError, Usage
from ctxdebug.wire import LIST, wire_format
from ctxdebug.wire.shape import count_of, lines_of, mapping, text_of
from ctxdebug.wire.shapes.log_draft import add_call, add_result, add_text, close, rebuilt, turn

_CALLS = {
    "command_execution": ("command", "aggregated_output"),
    "mcp_tool_call": ("arguments", "result"),
    "web_search": ("query", "results"),
    "file_change": ("changes", "status"),
    "todo_list": ("items", "status"),
    "collab_tool_call": ("prompt", "status"),
}
"""What was asked and what came back, by the type of an item."""
_REPEATED = frozenset({"turn.started", "item.started", "item.updated"})
"""Types of lines that hold nothing, or what the completed item says again."""
_WARNING = 200
"""Characters of a warning that are shown."""


def _sniff(exchange: Exchange) -> int:
    return 40 if is_log_of(exchange.request, "codex-exec") else 0


@wire_format(
    "codex-exec",
    "lines of type thread.started, turn.started, item.completed, turn.completed",
    _sniff,
    frozenset({LIST}),
)
def read(exchange: Exchange) -> Draft:
    """Read a run; the user's prompt is not printed."""
    draft = rebuilt(
        exchange, "the user's prompt, the system prompt and the tool declarations, which the run does not print"
    )
    for number, line in lines_of(exchange):
        at, kind = (*exchange.request_at, number), text_of(line.get("type")) or ""
        if kind == "thread.started":
            draft.session = text_of(line.get("thread_id"))
        elif kind == "item.completed":
            _read_item(draft, mapping(line.get("item")), (*at, "item"))
        elif kind == "turn.completed":
            raw = mapping(line.get("usage"))
            draft.usage = Usage(count_of(raw.get("input_tokens")), count_of(raw.get("cached_input_tokens")), None,
                                count_of(raw.get("output_tokens")), None, raw, (*at, "usage"))  # fmt: skip
            draft.notes.append("the usage is the whole turn's, over all its calls")
        elif kind in {"turn.failed", "error"}:
            held = mapping(line.get("error")) or line
            draft.error = ProviderError(str(held.get("message") or kind), None, (*at, "error"))
        elif kind in _REPEATED:
            draft.left_out.append(at)
    if draft.usage is not None and len(draft.messages) > 1:
        draft.labels["turn_usage"] = dict(draft.usage.raw)
        draft.usage = None
    return close(draft)


def _read_item(draft: Draft, item: Mapping[str, Any], at: Pointer) -> None:
    kind = text_of(item.get("type")) or text_of(item.get("item_type")) or ""
    if kind in {"agent_message", "assistant_message"}:
        add_text(turn(draft, at), item.get("text"), (*at, "text"))
    elif kind == "reasoning":
        add_text(turn(draft, at), item.get("text"), (*at, "text"), Kind.THINKING)
    elif kind in _CALLS:
        asked, answered = _CALLS[kind]
        name = text_of(item.get("tool")) or kind
        add_call(turn(draft, at), name, {asked: item.get(asked)}, item.get("id"), (*at, asked))
        failed = item.get("status") == "failed"
        add_result(draft, item.get(answered), (*at, answered), item.get("id"), name, failed=failed)
    elif kind == "error":
        draft.left_out.append((*at, "message"))
        draft.notes.append(f"Codex warned: {str(item.get('message'))[:_WARNING]}")

"""Codex sessions: one context of the conversation, as items of the Responses API."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ctxdebug.decoding.agent_logs import is_log_of
from ctxdebug.errors import LoadError
from ctxdebug.exchange import Draft, DraftMessage, Exchange
from ctxdebug.model import Pointer, ProviderError, Record, Role, Unseen, UnseenKind, Usage
from ctxdebug.records import replace
from ctxdebug.wire import LIST, wire_format
from ctxdebug.wire.shape import count_of, lines_of, mapping, objects, text_of
from ctxdebug.wire.shapes.responses_items import ItemReader

_NOT_SENT = frozenset({"ghost_snapshot", "other"})
"""Items that Codex keeps for itself."""
_OWN_LINES = frozenset({"world_state", "token_usage_record", "inter_agent_communication_metadata"})
"""Lines that Codex keeps for itself; a line of any other kind is not understood."""


def _is_old(request: Any) -> bool:
    """Whether a request is a log of the first Codex, one object with the items in a list."""
    return (
        isinstance(request, dict)
        and isinstance(request.get("items"), list)
        and isinstance(request.get("session"), dict)
    )


def _sniff(exchange: Exchange) -> int:
    return 40 if is_log_of(exchange.request, "codex") or _is_old(exchange.request) else 0


@wire_format(
    "codex",
    "lines of type session_meta, turn_context, response_item, event_msg, compacted with a `payload`",
    _sniff,
    frozenset({LIST, "session"}),
)
def read(exchange: Exchange) -> Draft:
    """Read one context: response items alone count, events repeat them for the screen."""
    draft = Draft(rebuilt=True)
    reader = ItemReader()
    lines: Iterable[tuple[int, Mapping[str, Any]]] = lines_of(exchange)
    lines_at = exchange.request_at
    if isinstance(exchange.request, dict):
        lines_at = (*lines_at, "items")
        lines = objects(exchange.request.get("items"))
        _read_head(draft, reader, mapping(exchange.request.get("session")), (*exchange.request_at, "session"))
    events: set[str] = set()
    for number, line in lines:
        at = (*lines_at, number)
        kind = line.get("type")
        payload, where = (line["payload"], (*at, "payload")) if isinstance(line.get("payload"), dict) else (line, at)
        known = len(reader.messages)
        if kind == "session_meta" or (kind is None and "instructions" in line):
            _read_head(draft, reader, payload, where)
        elif kind == "turn_context":
            draft.model = text_of(payload.get("model")) or draft.model
            draft.set("reasoning_effort", text_of(payload.get("effort")), (*where, "effort"))
        elif kind == "compacted":
            draft.labels["began"] = "compaction"
            _read_summary(reader, payload, where)
        elif kind == "event_msg":
            events.add(str(payload.get("type")))
            _read_event(draft, reader, payload, where)
        elif text_of(payload.get("type")) in _NOT_SENT:
            continue
        elif kind == "response_item" or payload is line:
            reader.read(payload, where)
        elif text_of(kind) in _OWN_LINES:
            draft.left_out.append(at)
        for message in reader.messages[known:]:
            message.record = Record(draft.model, time=text_of(line.get("timestamp")))
    return _closed(draft, reader, events, exchange)


def _closed(draft: Draft, reader: ItemReader, events: set[str], exchange: Exchange) -> Draft:
    """Return the draft with the messages that were read; the last of the assistant's is the answer."""
    if not any(message.role is not Role.SYSTEM for message in reader.messages) and draft.error is None:
        held = f"events only ({', '.join(sorted(events)[:4])})" if events else "no messages"
        raise LoadError(f"is a Codex session log that contains {held}; the messages were not logged")
    draft.messages.extend(reader.messages)
    draft.unseen.extend(reader.unseen)
    draft.unseen.append(
        Unseen("the tool declarations, which the log does not keep", exchange.request_at, UnseenKind.NOT_LOGGED)
    )
    if draft.messages and draft.messages[-1].role is Role.ASSISTANT:
        draft.answer.append(draft.messages.pop())
        draft.has_response = True
    return draft


def _count(draft: Draft, reader: ItemReader) -> None:
    """Tokens are counted after the call that they are of: the newest answer without a count."""
    for message in reversed(reader.messages):
        if message.role is Role.ASSISTANT:
            record = message.record or Record(draft.model)
            if record.usage is None:
                message.record = replace(record, usage=draft.usage)
            return


def _read_head(draft: Draft, reader: ItemReader, payload: Mapping[str, Any], at: Pointer) -> None:
    draft.session = text_of(payload.get("id")) or draft.session
    if isinstance(payload.get("cwd"), str):
        draft.labels["project"] = payload["cwd"]
    instructions, where = payload.get("instructions"), (*at, "instructions")
    if isinstance(base := payload.get("base_instructions"), dict):
        instructions, where = base.get("text"), (*at, "base_instructions", "text")
    if isinstance(instructions, str) and instructions:
        reader.messages = [
            held for held in reader.messages if held.captured_role != "instructions"
        ]  # of the log it forked
        message = DraftMessage(Role.SYSTEM, "instructions", where)
        message.text(instructions, where)
        reader.messages.insert(0, message)


def _read_summary(reader: ItemReader, payload: Mapping[str, Any], at: Pointer) -> None:
    """The summary that stands for the turns before it, or the history that replaced them."""
    history = payload.get("replacement_history")
    for index, item in objects(history):
        reader.read(item, (*at, "replacement_history", index))
    if not history and isinstance(payload.get("message"), str):
        message = DraftMessage(Role.USER, "compacted", (*at, "message"))
        message.text(payload["message"], (*at, "message"), memory=True)
        reader.messages.append(message)


def _read_event(draft: Draft, reader: ItemReader, payload: Mapping[str, Any], at: Pointer) -> None:
    kind = text_of(payload.get("type"))
    if kind == "token_count":
        info = mapping(payload.get("info"))
        raw = mapping(info.get("last_token_usage"))
        prompt = count_of(raw.get("input_tokens"))
        if prompt is not None:
            reasoning = count_of(raw.get("reasoning_output_tokens"))
            read, output = count_of(raw.get("cached_input_tokens")), count_of(raw.get("output_tokens"))
            draft.usage = Usage(prompt, read, None, output, reasoning, raw, (*at, "info", "last_token_usage"))
        _count(draft, reader)
        window = count_of(info.get("model_context_window"))
        if window is not None:
            draft.labels["model_context_window"] = window
    elif kind in {"error", "stream_error"} and isinstance(payload.get("message"), str):
        draft.error = ProviderError(payload["message"], None, (*at, "message"))
    elif kind in {"agent_message", "task_complete"}:
        draft.error = None
    elif kind in {"item_started", "item_completed"}:
        draft.left_out.append(at)  # the screen's copy of what the response items say

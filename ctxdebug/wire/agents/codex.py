"""Codex sessions: one context of the conversation, as items of the Responses API."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ctxdebug.decoding.agent_log import session_kind
from ctxdebug.exchange import Draft, DraftMessage, Exchange
from ctxdebug.model import Pointer, ProviderError, Role, Unseen, Usage
from ctxdebug.wire import LIST, wire_format
from ctxdebug.wire.shape import count_of, mapping, objects, text_of
from ctxdebug.wire.shapes.responses_items import ItemReader


def _sniff(exchange: Exchange) -> int:
    if not isinstance(exchange.request, list):
        return 0
    return 40 if session_kind([*exchange.request[:50], *exchange.request[-50:]]) == "codex" else 0


@wire_format(
    "codex",
    "lines of type session_meta, turn_context, response_item, event_msg, compacted with a `payload`",
    _sniff,
    frozenset({LIST}),
)
def read(exchange: Exchange) -> Draft:
    """Read one context: response items alone count, events repeat them for the screen."""
    draft = Draft(rebuilt=True)
    reader = ItemReader()
    for number, line in objects(exchange.request):
        at = (*exchange.request_at, number)
        kind = line.get("type")
        payload, where = (line["payload"], (*at, "payload")) if isinstance(line.get("payload"), dict) else (line, at)
        if kind == "session_meta" or (kind is None and "instructions" in line):
            _read_head(draft, reader, payload, where)
        elif kind == "turn_context":
            draft.model = text_of(payload.get("model")) or draft.model
            draft.set("reasoning_effort", text_of(payload.get("effort")), (*where, "effort"))
        elif kind == "compacted":
            _read_summary(reader, payload, where)
        elif kind == "event_msg":
            _read_event(draft, payload, where)
        elif kind == "response_item" or payload is line:
            reader.read(payload, where)
    draft.messages.extend(reader.messages)
    draft.unseen.extend(reader.unseen)
    draft.unseen.append(Unseen("the tool declarations, which the log does not keep", exchange.request_at))
    if draft.messages and draft.messages[-1].role is Role.ASSISTANT:
        draft.answer.append(draft.messages.pop())
        draft.has_response = True
    return draft


def _read_head(draft: Draft, reader: ItemReader, payload: Mapping[str, Any], at: Pointer) -> None:
    draft.session = text_of(payload.get("id")) or draft.session
    instructions, where = payload.get("instructions"), (*at, "instructions")
    if isinstance(base := payload.get("base_instructions"), dict):
        instructions, where = base.get("text"), (*at, "base_instructions", "text")
    if isinstance(instructions, str) and instructions:
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


def _read_event(draft: Draft, payload: Mapping[str, Any], at: Pointer) -> None:
    kind = payload.get("type")
    if kind == "token_count":
        info = mapping(payload.get("info"))
        raw = mapping(info.get("last_token_usage"))
        prompt = count_of(raw.get("input_tokens"))
        if prompt is not None:
            reasoning = count_of(raw.get("reasoning_output_tokens"))
            read, output = count_of(raw.get("cached_input_tokens")), count_of(raw.get("output_tokens"))
            draft.usage = Usage(prompt, read, None, output, reasoning, raw, (*at, "info", "last_token_usage"))
        window = count_of(info.get("model_context_window"))
        if window is not None:
            draft.labels["model_context_window"] = window
    elif kind in {"error", "stream_error"} and isinstance(payload.get("message"), str):
        draft.error = ProviderError(payload["message"], None, (*at, "message"))
    elif kind in {"agent_message", "task_complete"}:
        draft.error = None

"""Goose's sessions: messages with text, tool requests and tool responses, as its files, database and export hold them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ctxdebug.decoding.agent_logs import is_log_of
from ctxdebug.decoding.strict_json import JsonReader
from ctxdebug.exchange import Draft, DraftMessage, Exchange
from ctxdebug.model import Decoding, Kind, Pointer, Role
from ctxdebug.wire import LIST, wire_format
from ctxdebug.wire.loose_messages import read_part, role_of
from ctxdebug.wire.shape import items, lines_of, mapping, objects, request_of, sample, text_of
from ctxdebug.wire.shapes.log_draft import add_call, add_text, close, rebuilt
from ctxdebug.wire.shapes.usage_dialects import logged_usage

_CALLS = frozenset({"toolRequest", "frontendToolRequest"})
_ASIDE = frozenset({"toolConfirmationRequest", "contextLengthExceeded", "summarizationRequested", "conversationCompacted",
                    "systemNotification", "actionRequired"})  # fmt: skip


def _sniff(exchange: Exchange) -> int:
    if is_log_of(exchange.request, "goose"):
        return 40
    turns = sample(request_of(exchange).get("conversation"))
    return 40 if turns and all("content" in one and "created" in one for one in turns) else 0


@wire_format("goose", "messages whose content has toolRequest and toolResponse, a `content_json` a line, or `goose session export`",
             _sniff, frozenset({LIST, "conversation"}))  # fmt: skip
def read(exchange: Exchange) -> Draft:
    """Read a session; a message that the model no longer saw (compacted away) is left out."""
    draft = rebuilt(exchange)
    body = request_of(exchange)
    draft.session = text_of(body.get("id"))
    draft.model = text_of(mapping(body.get("model_config")).get("model_name"))
    draft.provider = text_of(body.get("provider_name"))
    hidden = 0
    reader = JsonReader()
    for raw, at in _messages(exchange, body):
        if "working_dir" in raw:
            draft.left_out.append(at)  # the head of the file
        elif raw.get("role") not in ("user", "assistant"):
            continue
        elif mapping(raw.get("metadata")).get("agentVisible") is False:
            draft.left_out.append(at)
            hidden += 1
        else:
            _read_message(draft, raw, at, reader)
    if hidden:
        draft.notes.append(f"Goose compacted the conversation: {hidden} messages were no longer sent")
    draft.usage = logged_usage({"input_tokens": body.get("input_tokens"), "output_tokens": body.get("output_tokens")},
                               exchange.request_at)  # fmt: skip
    return close(draft)


def _messages(exchange: Exchange, body: Mapping[str, Any]) -> Iterator[tuple[Mapping[str, Any], Pointer]]:
    if isinstance(exchange.request, list):
        for number, line in lines_of(exchange):
            yield line, (*exchange.request_at, number)
    for index, raw in objects(body.get("conversation")):
        yield raw, (*exchange.request_at, "conversation", index)


def _read_message(draft: Draft, raw: Mapping[str, Any], at: Pointer, reader: JsonReader) -> None:
    message = DraftMessage(role_of(str(raw.get("role"))), str(raw.get("role")), at)
    held, where = raw.get("content"), (*at, "content")
    if isinstance(raw.get("content_json"), str):
        held, where = reader.value(raw["content_json"]), (*at, "content_json", Decoding.JSON)
    for index, part in objects(items(held)):
        _read_content(draft, message, part, (*where, index))
    if message.parts:
        if all(part.kind is Kind.TOOL_RESULT for part in message.parts):
            message.role = Role.TOOL
        draft.messages.append(message)


def _read_content(draft: Draft, message: DraftMessage, part: Mapping[str, Any], at: Pointer) -> None:
    kind = text_of(part.get("type")) or ""
    if kind in _CALLS:
        call, where = mapping(part.get("toolCall")), (*at, "toolCall")
        value = mapping(call.get("value"))
        add_call(message, value.get("name"), value.get("arguments"), part.get("id"), (*where, "value", "arguments"))
    elif kind == "toolResponse":
        _read_response(draft, message, part, at)
    elif kind in _ASIDE:
        draft.left_out.append(at)
    elif kind == "redactedThinking":
        message.rendered("", at, Kind.THINKING)
    else:
        read_part(message, part, at, Kind.TEXT, {})


def _read_response(draft: Draft, message: DraftMessage, part: Mapping[str, Any], at: Pointer) -> None:
    result, where = mapping(part.get("toolResult")), (*at, "toolResult")
    call_id = text_of(part.get("id"))
    tool = next((one.call.name for held in draft.messages for one in held.parts
                 if one.call is not None and one.call.id == call_id), None)  # fmt: skip
    value = result.get("value")
    failed = result.get("status") == "error" or mapping(value).get("isError") is True
    about: dict[str, Any] = {"call_id": call_id, "tool": tool, "is_error": failed}
    inner, inner_at = value, (*where, "value")
    if isinstance(value, dict) and "content" in value:
        inner, inner_at = value["content"], (*where, "value", "content")
    if result.get("status") == "error" and text_of(result.get("error")):
        inner, inner_at = result["error"], (*where, "error")
    before = len(message.parts)
    for index, block in objects(inner):
        read_part(message, block, (*inner_at, index), Kind.TOOL_RESULT, about)
    if len(message.parts) == before:
        add_text(message, inner, inner_at, Kind.TOOL_RESULT, **about)
    if len(message.parts) == before:
        message.rendered("", at, Kind.TOOL_RESULT, **about)

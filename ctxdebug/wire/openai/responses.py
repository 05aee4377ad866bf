"""OpenAI Responses, and the servers that speak it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ctxdebug.decoding.strict_json import compact
from ctxdebug.exchange import Draft, DraftMessage, Exchange
from ctxdebug.model import Pointer, Role, Unseen, UnseenKind
from ctxdebug.wire import wire_format
from ctxdebug.wire.openai.response import STREAM_EVENTS, read_response
from ctxdebug.wire.shape import (
    count_of,
    items,
    mapping,
    objects,
    request_of,
    response_of,
    sample,
    stream_of,
    text_of,
    url_has,
    without,
)
from ctxdebug.wire.shapes.responses_items import ItemReader, tools_of

_ITEM_TYPES = frozenset({"message", "function_call", "function_call_output", "reasoning", "item_reference",
    "compaction", "web_search_call", "file_search_call", "code_interpreter_call", "mcp_call", "mcp_list_tools",
    "additional_tools", "custom_tool_call", "custom_tool_call_output"})  # fmt: skip
_PART_TYPES = frozenset({"input_text", "output_text", "input_image", "input_file"})
_OWN_KEYS = frozenset(
    {"instructions", "previous_response_id", "max_output_tokens", "store", "truncation", "conversation"}
)
_UNSEEN = (
    ("previous_response_id", "the earlier turns that the server keeps (previous_response_id)", UnseenKind.CONVERSATION),
    ("conversation", "the conversation that the server keeps", UnseenKind.CONVERSATION),
    ("prompt", "the prompt template stored on the server", UnseenKind.TEMPLATE),
)


def _sniff(exchange: Exchange) -> int:
    body, response, stream = request_of(exchange), response_of(exchange), stream_of(exchange)
    if {"messages", "contents", "events"} & body.keys() or url_has(exchange, "/embeddings", "/moderations"):
        return 0
    weight = 0
    if _is_input(body.get("input")) and {"model", *_OWN_KEYS} & body.keys():
        weight += 3 + 2 * ("model" in body) + 3 * bool(_OWN_KEYS & body.keys())
    if isinstance(exchange.request, list) and any(
        text_of(item.get("type")) in _ITEM_TYPES for item in sample(exchange.request)
    ):
        weight += 8
    weight += 6 if url_has(exchange, "/responses", "/responses/compact", "/responses/input_tokens") else 0
    if text_of(response.get("object")) in {"response", "response.compaction"}:
        weight += 8
    if stream is not None:
        weight += 8 if any(text_of(mapping(event.data).get("type")) in STREAM_EVENTS for event in stream.events) else -8
    return max(0, weight)


def _is_input(value: Any) -> bool:
    if isinstance(value, str):
        return True
    listed = sample(value)
    return bool(listed) and any(
        text_of(item.get("type")) in _ITEM_TYPES
        or (
            text_of(item.get("role")) in {"user", "assistant", "system", "developer"}
            and "content" in item
            and "parts" not in item
        )
        for item in listed
    )


@wire_format(
    "openai.responses",
    "`input` as text or as items (messages, function_call, function_call_output, reasoning); a response with "
    "`object: response` and `output`; events `response.*`; path /responses",
    _sniff,
)
def read(exchange: Exchange) -> Draft:
    """Read a Responses call."""
    body, at = request_of(exchange), exchange.request_at
    draft = Draft(model=text_of(body.get("model")), parameters=without(body, "input", "tools", "instructions"))
    reader = ItemReader()
    _read_instructions(draft, reader, body.get("instructions"), (*at, "instructions"))
    listed, listed_at = (
        (exchange.request, at) if isinstance(exchange.request, list) else (body.get("input"), (*at, "input"))
    )
    if isinstance(listed, str):
        message = DraftMessage(Role.USER, "user", listed_at)
        message.text(listed, listed_at)
        reader.messages.append(message)
    for index, item in objects(listed):
        reader.read(item, (*listed_at, index))
    draft.messages.extend(reader.messages)
    draft.tools.extend(tools_of(body.get("tools"), (*at, "tools"), draft.unseen) + reader.tools)
    draft.unseen.extend(reader.unseen)
    _read_unseen(draft, body, at)
    _read_settings(draft, body, at)
    draft.has_request = bool(draft.messages or body)
    read_response(draft, exchange)
    return draft


def _read_instructions(draft: Draft, reader: ItemReader, instructions: Any, at: Pointer) -> None:
    if isinstance(instructions, str) and instructions:
        message = DraftMessage(Role.SYSTEM, "instructions", at)
        message.text(instructions, at)
        draft.messages.append(message)
    for index, item in objects(instructions):
        reader.read(item, (*at, index))


def _read_unseen(draft: Draft, body: Mapping[str, Any], at: Pointer) -> None:
    for key, what, kind in _UNSEEN:
        if body.get(key):
            draft.unseen.append(Unseen(what, (*at, key), kind))
    draft.previous = text_of(body.get("previous_response_id"))
    conversation = body.get("conversation")
    draft.session = text_of(mapping(conversation).get("id")) or text_of(conversation)


_PLAIN_SETTINGS = ("temperature", "top_p", "stream", "tool_choice", "parallel_tool_calls")


def _read_settings(draft: Draft, body: Mapping[str, Any], at: Pointer) -> None:
    for key in _PLAIN_SETTINGS:
        draft.set(key, body.get(key), (*at, key))
    draft.set("max_output", count_of(body.get("max_output_tokens")), (*at, "max_output_tokens"))
    draft.set("reasoning_effort", text_of(mapping(body.get("reasoning")).get("effort")), (*at, "reasoning", "effort"))
    text = mapping(body.get("text"))
    draft.set("verbosity", text_of(text.get("verbosity")), (*at, "text", "verbosity"))
    form, form_at = mapping(text.get("format")), (*at, "text", "format")
    draft.set("response_format", text_of(form.get("type")), form_at)
    if isinstance(form.get("schema"), dict):
        draft.set("response_schema", form["schema"], (*form_at, "schema"))
        draft.set("strict_schema", form.get("strict") if isinstance(form.get("strict"), bool) else None, form_at)
    if body.get("truncation") not in (None, "disabled"):
        draft.set("truncation", f"truncation={body['truncation']}", (*at, "truncation"))
    if items(body.get("context_management")):
        managed = compact(body["context_management"])
        draft.set("truncation", f"context_management={managed}", (*at, "context_management"))

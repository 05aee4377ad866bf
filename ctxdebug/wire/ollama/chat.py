"""Ollama's own chat endpoint."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ctxdebug.exchange import Assembly, Draft, DraftMessage, Exchange, Part, Stream
from ctxdebug.model import Kind, Pointer, Role
from ctxdebug.wire import STREAM, wire_format
from ctxdebug.wire.ollama.answer import finish_of, mark_unfinished, read_settings, usage_of
from ctxdebug.wire.pairing import pair_calls
from ctxdebug.wire.shape import (
    items,
    mapping,
    media_from,
    objects,
    request_of,
    response_of,
    stream_of,
    text_of,
    url_has,
    without,
)
from ctxdebug.wire.shapes.chat_messages import read_message
from ctxdebug.wire.shapes.chat_request import read_tools
from ctxdebug.wire.shapes.error_body import read_error

_OWN_KEYS = frozenset({"options", "keep_alive", "think"})


def _sniff(exchange: Exchange) -> int:
    body, response, stream = request_of(exchange), response_of(exchange), stream_of(exchange)
    weight = 0
    if items(body.get("messages")):
        weight += 7 if url_has(exchange, "/api/chat") else 0
        weight += 6 if _OWN_KEYS & body.keys() else 0
    bodies = [response] if stream is None else [mapping(event.data) for event in stream.events]
    if any("done" in answer and isinstance(answer.get("message"), dict) for answer in bodies):
        weight += 9
    elif stream is not None:
        weight -= 9
    if "choices" in response:
        weight -= 9
    return max(0, weight)


@wire_format(
    "ollama.chat",
    "`messages` with `options` (num_ctx), `keep_alive` or `think`; answers with `message`, `done` and `prompt_eval_count`; "
    "path /api/chat",
    _sniff,
    frozenset({"messages", "message", STREAM}),
)
def read(exchange: Exchange) -> Draft:
    """Read an Ollama chat call."""
    body, at = request_of(exchange), exchange.request_at
    draft = Draft(model=text_of(body.get("model")), parameters=without(body, "messages", "tools"))
    for index, raw in objects(body.get("messages")):
        draft.messages.append(_read_message(raw, (*at, "messages", index)))
    pair_calls(draft.messages)
    draft.has_request = bool(draft.messages)
    read_tools(draft, body, at)
    read_settings(draft, body, at)
    _read_response(draft, exchange)
    pair_calls(draft.answer)
    return draft


def _read_message(raw: Mapping[str, Any], at: Pointer) -> DraftMessage:
    message = read_message(raw, at)
    for index, image in enumerate(items(raw.get("images"))):
        message.rendered("", (*at, "images", index), Kind.MEDIA, media=media_from("image", image))
    for part in message.parts:
        if part.kind is Kind.TOOL_RESULT and part.tool is None:
            part.tool = text_of(raw.get("tool_name"))
    return message


def _read_response(draft: Draft, exchange: Exchange) -> None:
    response: Any = exchange.response
    if response is None:
        return
    draft.has_response = True
    if isinstance(response, Stream):
        _read_stream(draft, response)
    elif isinstance(response, dict):
        at = exchange.response_at
        draft.answered_by = text_of(response.get("model"))
        if isinstance(response.get("message"), dict):
            draft.answer.append(_read_message({"role": "assistant", **response["message"]}, (*at, "message")))
        draft.usage = usage_of(response, at)
        draft.finish = finish_of(response, at, draft)
    draft.error = read_error(response, exchange.response_at, exchange.status)


def _read_stream(draft: Draft, stream: Stream) -> None:
    texts = {"thinking": Assembly(), "content": Assembly()}
    message = DraftMessage(Role.ASSISTANT, "assistant", stream.events[0].pointer if stream.events else ())
    calls = DraftMessage(Role.ASSISTANT, "assistant", ())
    for event in stream.events:
        data = mapping(event.data)
        draft.answered_by = text_of(data.get("model")) or draft.answered_by
        raw = mapping(data.get("message"))
        for key, text in texts.items():
            if isinstance(raw.get(key), str):
                text.add(raw[key], (*event.pointer, "message", key))
        if raw.get("tool_calls"):
            made = read_message({"role": "assistant", "tool_calls": raw["tool_calls"]}, (*event.pointer, "message"))
            calls.parts.extend(made.parts)
        if data.get("done") is True:
            draft.usage = usage_of(data, event.pointer)
            message.parts.extend(calls.parts)
            draft.finish = finish_of(data, event.pointer, draft)
    held = [
        Part(kind, text.text, text.pieces)
        for kind, text in ((Kind.THINKING, texts["thinking"]), (Kind.TEXT, texts["content"]))
        if text
    ]
    message.parts = held + calls.parts
    draft.answer.append(message)
    mark_unfinished(draft, stream)

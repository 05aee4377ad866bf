"""Ollama's completion endpoint: one prompt, with a system text and earlier turns as token ids."""

from __future__ import annotations

from typing import Any

from ctxdebug.exchange import Assembly, Draft, DraftMessage, Exchange, Part, Stream
from ctxdebug.model import Kind, Role, Unseen, UnseenKind
from ctxdebug.wire import STREAM, wire_format
from ctxdebug.wire.ollama.answer import finish_of, mark_unfinished, read_settings, usage_of
from ctxdebug.wire.shape import (
    items,
    mapping,
    media_from,
    request_of,
    response_of,
    stream_of,
    text_of,
    url_has,
    without,
)
from ctxdebug.wire.shapes.error_body import read_error

_OWN_KEYS = frozenset({"options", "keep_alive", "think", "context", "raw", "template"})


def _sniff(exchange: Exchange) -> int:
    body, response, stream = request_of(exchange), response_of(exchange), stream_of(exchange)
    weight = 0
    if isinstance(body.get("prompt"), str) and "messages" not in body:
        weight += 8 if url_has(exchange, "/api/generate") else 0
        weight += 6 if _OWN_KEYS & body.keys() else 0
    bodies = [response] if stream is None else [mapping(event.data) for event in stream.events]
    if any("done" in answer and isinstance(answer.get("response"), str) for answer in bodies):
        weight += 9
    elif stream is not None:
        weight -= 9
    return max(0, weight)


@wire_format(
    "ollama.generate",
    "`prompt` with `options`, `keep_alive`, `context` or `raw`; answers with `response` and `done`; path /api/generate",
    _sniff,
    frozenset({"prompt", "response", STREAM}),
)
def read(exchange: Exchange) -> Draft:
    """Read an Ollama completion."""
    body, at = request_of(exchange), exchange.request_at
    draft = Draft(model=text_of(body.get("model")), parameters=without(body, "prompt", "system", "images"))
    for key, role in (("system", Role.SYSTEM), ("prompt", Role.USER)):
        if isinstance(body.get(key), str) and body[key]:
            message = DraftMessage(role, key, (*at, key))
            message.text(body[key], (*at, key))
            draft.messages.append(message)
    for index, image in enumerate(items(body.get("images"))):
        if draft.messages:
            draft.messages[-1].rendered("", (*at, "images", index), Kind.MEDIA, media=media_from("image", image))
    if items(body.get("context")):
        draft.unseen.append(Unseen("earlier turns, given as token ids", (*at, "context"), UnseenKind.IDS))
    if isinstance(body.get("template"), str):
        draft.notes.append("the request brings its own prompt template")
    draft.has_request = bool(draft.messages)
    read_settings(draft, body, at)
    _read_response(draft, exchange)
    return draft


def _read_response(draft: Draft, exchange: Exchange) -> None:
    response: Any = exchange.response
    if response is None:
        return
    draft.has_response = True
    stream = response if isinstance(response, Stream) else None
    bodies = exchange.bodies()
    texts = {"thinking": Assembly(), "response": Assembly()}
    for raw, at in bodies:
        data = mapping(raw)
        draft.answered_by = text_of(data.get("model")) or draft.answered_by
        for key, text in texts.items():
            if isinstance(data.get(key), str):
                text.add(data[key], (*at, key))
        draft.usage = usage_of(data, at) or draft.usage
        draft.finish = finish_of(data, at, draft) or draft.finish
    if any(texts.values()):
        message = DraftMessage(Role.ASSISTANT, "assistant", bodies[0][1])
        for kind, text in ((Kind.THINKING, texts["thinking"]), (Kind.TEXT, texts["response"])):
            if text:
                message.parts.append(Part(kind, text.text, text.pieces))
        draft.answer.append(message)
    draft.error = read_error(response, exchange.response_at, exchange.status)
    if stream is not None:
        mark_unfinished(draft, stream)

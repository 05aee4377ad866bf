"""OpenAI Assistants: the prompt is put together on the server, so a call shows only its own part of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ctxdebug.decoding.strict_json import compact
from ctxdebug.exchange import Draft, DraftMessage, Exchange, Stream
from ctxdebug.model import Finish, FinishReason, Kind, Pointer, Role, Unseen, UnseenKind
from ctxdebug.text.patterns import lazy
from ctxdebug.wire import wire_format
from ctxdebug.wire.shape import (
    items,
    mapping,
    media_from,
    objects,
    request_of,
    response_of,
    stream_of,
    text_of,
    without,
)
from ctxdebug.wire.shapes.annotations import Cited, read_annotations
from ctxdebug.wire.shapes.chat_messages import ROLES
from ctxdebug.wire.shapes.chat_request import read_settings, read_tools
from ctxdebug.wire.shapes.chat_stream import usage_of
from ctxdebug.wire.shapes.error_body import read_error

_PATH = lazy(r"/threads(?:/runs)?$|/threads/[^/]{1,100}/(?:messages|runs)\b")
_OBJECTS = frozenset({"thread.run", "thread.message", "thread.run.step", "thread"})
_STATUS = {
    "completed": FinishReason.STOP,
    "requires_action": FinishReason.TOOL_CALLS,
    "incomplete": FinishReason.LENGTH,
    "failed": FinishReason.ERROR,
    "expired": FinishReason.ABORTED,
    "cancelled": FinishReason.ABORTED,
}


def _sniff(exchange: Exchange) -> int:
    body, response, stream = request_of(exchange), response_of(exchange), stream_of(exchange)
    weight = 12 if _PATH.search((exchange.url or "").split("?")[0]) else 0
    weight += 8 if isinstance(body.get("assistant_id"), str) else 0
    weight += 12 if text_of(response.get("object")) in _OBJECTS else 0
    listed = [item.get("object") for _, item in objects(response.get("data"))]
    weight += 12 if _OBJECTS & set(map(str, listed)) else 0
    if stream is not None:
        weight += 12 if any(str(event.name or "").startswith("thread.") for event in stream.events) else -12
    return max(0, weight)


@wire_format(
    "openai.assistants",
    "`assistant_id`; objects thread.run and thread.message; paths /threads/…/runs and /threads/…/messages",
    _sniff,
)
def read(exchange: Exchange) -> Draft:
    """Read one call of the Assistants API; everything that the thread and the assistant add is unseen."""
    body, at = request_of(exchange), exchange.request_at
    draft = Draft(model=text_of(body.get("model")), parameters=without(body, "messages", "tools", "instructions"))
    for key in ("instructions", "additional_instructions"):
        if isinstance(body.get(key), str) and body[key]:
            message = DraftMessage(Role.SYSTEM, key, (*at, key))
            message.text(body[key], (*at, key))
            draft.messages.append(message)
    thread, thread_at = mapping(body.get("thread")), (*at, "thread")
    for holder, key, where in (
        (body, "messages", at),
        (body, "additional_messages", at),
        (thread, "messages", thread_at),
    ):
        for index, raw in objects(holder.get(key)):
            draft.messages.append(_read_message(raw, (*where, key, index)))
    if "role" in body and "content" in body:
        draft.messages.append(_read_message(body, at))
    draft.unseen.append(
        Unseen("the thread, the assistant and its files, which the server puts together", at, UnseenKind.CONVERSATION)
    )
    read_tools(draft, body, at)
    read_settings(draft, body, at)
    draft.set("max_output", body.get("max_completion_tokens"), (*at, "max_completion_tokens"))
    strategy = mapping(body.get("truncation_strategy"))
    if text_of(strategy.get("type")) not in {None, "disabled"}:
        draft.set("truncation", f"truncation_strategy={compact(strategy)}", (*at, "truncation_strategy"))
    _read_response(draft, exchange)
    draft.has_response = bool(draft.answer or draft.error)  # a run's answer is a message of the thread, fetched later
    return draft


def _read_message(raw: Mapping[str, Any], at: Pointer) -> DraftMessage:
    captured = str(raw.get("role", ""))
    message = DraftMessage(ROLES.get(captured.lower(), Role.OTHER), captured, at)
    content = raw.get("content")
    if isinstance(content, str):
        message.text(content, (*at, "content"))
    for index, part in objects(content):
        where = (*at, "content", index)
        text = part.get("text")
        if isinstance(text, str):
            message.text(text, (*where, "text"))
        elif isinstance(mapping(text).get("value"), str):
            message.text(mapping(text)["value"], (*where, "text", "value"))
        else:
            held = mapping(part.get("image_url")) or mapping(part.get("image_file"))
            media = media_from("image", None, held.get("url") or held.get("file_id"), held.get("detail"))
            message.rendered("", where, Kind.MEDIA, media=media)
    for index, attached in objects(raw.get("attachments")):
        media = media_from("file", None, attached.get("file_id"))
        message.rendered("", (*at, "attachments", index), Kind.MEDIA, media=media)
    return message


def _cited(message: DraftMessage, raw: Mapping[str, Any], at: Pointer) -> Iterator[Cited]:
    """Yield the annotations of a message, each with the text that it stands by."""
    parts = {part.pieces[0].pointer: part for part in message.parts if part.pieces}
    for index, part in objects(raw.get("content")):
        where = (*at, "content", index, "text")
        for number, held in objects(mapping(part.get("text")).get("annotations")):
            if (*where, "value") in parts:
                yield parts[(*where, "value")], held, (*where, "annotations", number)


def _read_response(draft: Draft, exchange: Exchange) -> None:
    response: Any = exchange.response
    if response is None:
        return
    draft.has_response = True
    if isinstance(response, Stream):
        for event in response.events:
            if event.name in {
                "thread.message.completed",
                "thread.run.completed",
                "thread.run.failed",
                "thread.run.incomplete",
            }:
                _read_object(draft, mapping(event.data), event.pointer)
    elif isinstance(response, dict):
        _read_object(draft, response, exchange.response_at)
        for index, item in objects(response.get("data")):
            _read_object(draft, item, (*exchange.response_at, "data", index))
    draft.error = draft.error or read_error(response, exchange.response_at, exchange.status)


def _read_object(draft: Draft, found: Mapping[str, Any], at: Pointer) -> None:
    kind = found.get("object")
    draft.id = draft.id or text_of(found.get("id"))
    draft.session = text_of(found.get("thread_id")) or draft.session
    if kind == "thread.run":
        draft.answered_by = text_of(found.get("model")) or draft.answered_by
        draft.usage = usage_of(found.get("usage"), (*at, "usage")) or draft.usage
        status = text_of(found.get("status"))
        if status in _STATUS:
            draft.finish = Finish(_STATUS[status], status, (*at, "status"))
        draft.error = draft.error or read_error({"error": found.get("last_error")}, at, None)
    elif kind == "thread.message" and found.get("role") == "assistant":
        message = _read_message(found, at)
        draft.answer.append(message)
        read_annotations(draft, message, list(_cited(message, found, at)))
    elif kind == "thread.message" and items(found.get("content")) and not draft.messages:
        draft.messages.append(_read_message(found, at))

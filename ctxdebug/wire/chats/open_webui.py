"""Open WebUI's export: a chat whose messages are a tree, of which the branch that ends at `currentId` is shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ctxdebug.exchange import Draft, DraftMessage, Exchange
from ctxdebug.model import Document, Kind, Media, Pointer, Role
from ctxdebug.wire import wire_format
from ctxdebug.wire.loose_messages import role_of
from ctxdebug.wire.shape import items, mapping, objects, request_of, text_of
from ctxdebug.wire.shapes.log_draft import TOOLS, add_text, close, rebuilt, say
from ctxdebug.wire.shapes.usage_dialects import logged_usage


def _chat(body: Mapping[str, Any], at: Pointer) -> tuple[Mapping[str, Any], Pointer]:
    held = body.get("chat")
    return (held, (*at, "chat")) if isinstance(held, dict) else (body, at)


def _sniff(exchange: Exchange) -> int:
    chat = _chat(request_of(exchange), ())[0]
    history = mapping(chat.get("history"))
    return 40 if isinstance(history.get("messages"), dict) and "currentId" in history else 0


@wire_format(
    "open-webui", "`chat.history.messages` by id with parentId, and `currentId`", _sniff, frozenset({"chat", "history"})
)
def read(exchange: Exchange) -> Draft:
    """Read a chat; the sources that it cites are documents of the user's turn."""
    chat, at = _chat(request_of(exchange), exchange.request_at)
    draft = rebuilt(exchange, TOOLS)
    draft.session = text_of(request_of(exchange).get("id"))
    draft.model = text_of(next(iter(items(chat.get("models"))), None))
    system = mapping(chat.get("params")).get("system")
    if say(draft, Role.SYSTEM, "system", system, (*at, "params", "system")) is None:
        say(draft, Role.SYSTEM, "system", chat.get("system"), (*at, "system"))
    history = mapping(chat.get("history"))
    held = mapping(history.get("messages"))
    where: Pointer = (*at, "history", "messages")
    branch = _branch(held, text_of(history.get("currentId")))
    for identifier in branch:
        _read_message(draft, mapping(held[identifier]), (*where, identifier))
    draft.left_out.extend((*where, identifier) for identifier in held.keys() - set(branch))
    if len(branch) < len(held):
        draft.notes.append(f"{len(held) - len(branch)} messages on other branches are not shown")
    return close(draft)


def _branch(held: Mapping[str, Any], leaf: str | None) -> list[str]:
    way: list[str] = []
    while leaf is not None and leaf in held and leaf not in way:
        way.append(leaf)
        leaf = text_of(mapping(held[leaf]).get("parentId"))
    return way[::-1]


def _read_message(draft: Draft, raw: Mapping[str, Any], at: Pointer) -> None:
    captured = text_of(raw.get("role")) or ""
    message = DraftMessage(role_of(captured), captured, at)
    for index, file in objects(raw.get("files")):
        name = text_of(file.get("name")) or text_of(file.get("url"))
        message.rendered("", (*at, "files", index), Kind.MEDIA, media=Media("file", reference=name))
    add_text(message, raw.get("content"), (*at, "content"))
    draft.messages.append(message)
    if message.role is Role.ASSISTANT:
        draft.model = draft.answered_by = text_of(raw.get("model")) or draft.model
        draft.usage = logged_usage(raw.get("usage") or raw.get("info"), (*at, "usage" if raw.get("usage") else "info"))
        _read_sources(draft, raw, at)


def _read_sources(draft: Draft, raw: Mapping[str, Any], at: Pointer) -> None:
    """What was retrieved for an answer was sent with the question before it."""
    asked = next((message for message in reversed(draft.messages) if message.role is Role.USER), None)
    key = "sources" if raw.get("sources") else "citations"
    for index, source in objects(raw.get(key)):
        about = mapping(source.get("source"))
        document = Document(
            id=text_of(about.get("id")), title=text_of(about.get("name")), url=text_of(about.get("url"))
        )
        for number, text in enumerate(items(source.get("document"))):
            if asked is not None and isinstance(text, str):
                add_text(asked, text, (*at, key, index, "document", number), Kind.DOCUMENT, document=document)

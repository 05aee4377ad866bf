"""Azure OpenAI "on your data": what the server retrieved is beside its answer, and was part of the prompt."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ctxdebug.decoding.strict_json import JsonReader
from ctxdebug.exchange import Draft, DraftMessage, Exchange
from ctxdebug.model import Decoding, Document, Kind, Pointer, Role
from ctxdebug.wire.shape import mapping, objects, response_of, stream_of, text_of
from ctxdebug.wire.shapes.chat_messages import read_message
from ctxdebug.wire.shapes.log_draft import add_text


def read_retrieved(draft: Draft, exchange: Exchange) -> None:
    """Add the citations of an answer as documents of the user's turn; of the first API, the answer itself too."""
    for held, at in _contexts(draft, exchange):
        asked = next((message for message in reversed(draft.messages) if message.role is Role.USER), None)
        if asked is None:
            asked = DraftMessage(Role.USER, "retrieved", at)
            draft.messages.append(asked)
        for index, citation in objects(held.get("citations")):
            about = Document(
                id=f"doc{index + 1}",  # as the answer cites it: [doc1]
                title=text_of(citation.get("title")) or text_of(citation.get("filepath")),
                url=text_of(citation.get("url")),
            )
            add_text(
                asked, citation.get("content"), (*at, "citations", index, "content"), Kind.DOCUMENT, document=about
            )
        draft.left_out.append((*at, "intent"))
        draft.notes.append("the server searched its index; its own prompt around the documents is not in the capture")


def _contexts(draft: Draft, exchange: Exchange) -> Iterator[tuple[Mapping[str, Any], Pointer]]:
    bodies = [(response_of(exchange), exchange.response_at)]
    if (stream := stream_of(exchange)) is not None:
        bodies = [(mapping(event.data), event.pointer) for event in stream.events]
    reader = JsonReader()
    for body, at in bodies:
        for index, choice in objects(body.get("choices")):
            where: Pointer = (*at, "choices", index)
            for key in ("message", "delta"):
                context = mapping(choice.get(key)).get("context")
                if isinstance(context, dict) and "citations" in context:
                    yield context, (*where, key, "context")
                for number, inner in objects(mapping(context).get("messages")):
                    yield from _printed(reader, inner, (*where, key, "context", "messages", number))
            for number, inner in objects(choice.get("messages")):
                place = (*where, "messages", number)
                if inner.get("role") == "tool":
                    yield from _printed(reader, inner, place)
                elif not draft.answer:
                    draft.answer.append(read_message(inner, place))


def _printed(reader: JsonReader, raw: Mapping[str, Any], at: Pointer) -> Iterator[tuple[Mapping[str, Any], Pointer]]:
    """Yield the citations that a message of role tool holds as JSON."""
    held = reader.value(raw["content"]) if isinstance(raw.get("content"), str) else None
    if isinstance(held, dict) and "citations" in held:
        yield held, (*at, "content", Decoding.JSON)

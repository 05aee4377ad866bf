"""A call as a home-made log or an evaluation table keeps it: a prompt, an answer, sometimes a system text and contexts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ctxdebug.exchange import Assembly, Draft, DraftMessage, Exchange, Part
from ctxdebug.model import Document, Kind, Pointer, Role
from ctxdebug.wire import TEXT, wire_format
from ctxdebug.wire.logged_answer import read_logged_answer
from ctxdebug.wire.loose_messages import read_message
from ctxdebug.wire.shape import items, mapping, number_of, objects, request_of, text_of
from ctxdebug.wire.shapes.log_draft import add_text

_SYSTEMS = ("system_prompt", "system_message", "system_instruction", "system", "instructions")
_CONTEXTS = (
    "contexts",
    "retrieved_contexts",
    "context",
    "retrieved_documents",
    "retrieved_context",
    "documents",
    "passages",
)
_DOCUMENT_TEXTS = ("text", "content", "page_content", "passage", "body")


def _sniff(exchange: Exchange) -> int:
    """Only what a container guessed, and a bare text with its answer."""
    spoken = isinstance(exchange.response, (str, list))
    return 1 if spoken and exchange.url is None and isinstance(exchange.request, str) else 0


@wire_format("logged-row", "a prompt and an answer under names of the log's own (`prompt` and `response_text` …); a guess",
             _sniff, frozenset({TEXT}))  # fmt: skip
def read(exchange: Exchange) -> Draft:
    """Read a row: the system text, the contexts as documents of the user's turn, the prompt, the answer."""
    body, at = request_of(exchange), exchange.request_at
    draft = Draft(rebuilt=True, model=text_of(body.get("model")))
    for key in _SYSTEMS:
        if isinstance(body.get(key), str) and body[key]:
            message = DraftMessage(Role.SYSTEM, key, (*at, key))
            message.text(body[key], (*at, key))
            draft.messages.append(message)
    asked = next(
        (key for key in body if key not in {*_SYSTEMS, *_CONTEXTS, "model", "temperature", "max_tokens", "tools"}), None
    )
    value: Any = body[asked] if asked is not None else exchange.request if not body else None
    where: Pointer = (*at, asked) if asked is not None else at
    _read_prompt(draft, body, value, where, at)
    draft.set("temperature", number_of(body.get("temperature")), (*at, "temperature"))
    draft.has_request = bool(draft.messages)
    if isinstance(exchange.response, list) and all(isinstance(item, str) for item in exchange.response):
        _read_pieces(draft, exchange.response, exchange.response_at)
    else:
        read_logged_answer(draft, exchange)
    return draft


def _read_prompt(draft: Draft, body: Mapping[str, Any], value: Any, where: Pointer, at: Pointer) -> None:
    """The prompt: messages, or one text of the user's, after the contexts."""
    if isinstance(value, dict) and items(value.get("messages")):
        value, where = value["messages"], (*where, "messages")
    if isinstance(value, list) and any("role" in message or "type" in message for _, message in objects(value)):
        for index, raw in objects(value):
            draft.messages.append(read_message(raw, (*where, index)))
    elif isinstance(value, dict):
        draft.messages.append(read_message({"role": "user", **value}, where))
    else:
        message = DraftMessage(Role.USER, "prompt", where)
        for index, text in enumerate(value if isinstance(value, list) else [value]):
            add_text(message, text, (*where, index) if isinstance(value, list) else where)
        draft.messages.append(message)
    asked = draft.messages[-1]
    for key in _CONTEXTS:
        held = body.get(key)
        documents = DraftMessage(Role.USER, key, (*at, key))
        for index, text in enumerate(held if isinstance(held, list) else [held]):
            place = (*at, key, index) if isinstance(held, list) else (*at, key)
            _read_document(documents, text, place)
        asked.parts[:0] = documents.parts


def _read_document(message: DraftMessage, held: Any, at: Pointer) -> None:
    about = mapping(held)
    key = next((key for key in _DOCUMENT_TEXTS if isinstance(about.get(key), str)), None)
    document = Document(id=text_of(about.get("id")), title=text_of(about.get("title")), url=text_of(about.get("url")))
    if key is not None:
        add_text(message, about[key], (*at, key), Kind.DOCUMENT, document=document)
    elif held is not None:
        add_text(message, held, at, Kind.DOCUMENT, document=document)


def _read_pieces(draft: Draft, pieces: list[Any], at: Pointer) -> None:
    """An answer kept as the list of its pieces."""
    text = Assembly()
    for index, piece in enumerate(pieces):
        text.add(piece, (*at, index))
    message = DraftMessage(Role.ASSISTANT, "assistant", at)
    message.parts.append(Part(Kind.TEXT, text.text, text.pieces))
    draft.answer.append(message)
    draft.has_response = True

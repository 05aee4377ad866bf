"""A JSON file that holds an exchange, a request, a message list, or a list of those."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ctxdebug.containers import Found, Likeness, container
from ctxdebug.containers.shapes.batch import spread
from ctxdebug.containers.shapes.batch_rows import batch_id, read_row
from ctxdebug.containers.shapes.envelope import is_envelope, read_envelope
from ctxdebug.decoding.source import Source
from ctxdebug.exchange import Event, Exchange, Stream
from ctxdebug.model import Decoding

_REQUEST_MARKS = frozenset({"messages", "input", "contents", "prompt", "choices", "candidates", "request", "response"})
_CONVERSATION_MARKS = frozenset(
    {"mapping", "chat_messages", "chat", "history", "conversations", "user_input", "instruction"}
)
_CHUNK_KEYS = frozenset(
    {"candidates", "usageMetadata", "modelVersion", "responseId", "promptFeedback", "createTime", "error"}
)
"""All that a chunk of Gemini's stream holds; without `alt=sse` the stream is one JSON array."""


def _sniff(source: Source) -> Likeness:
    return Likeness.GENERIC if source.shape == "json" else Likeness.NO


@container("json", "a JSON document: {request, response}, a bare request, a message list, or a list of these", _sniff)
def exchanges(source: Source) -> Iterator[Found]:
    """One exchange, or one an item."""
    at = (*source.root, Decoding.JSON)
    document = source.document
    if batch_id(document) is not None:
        yield read_row(document, at, source.reader)
        return
    if isinstance(document, list) and document and all(_is_chunk(item) for item in document):
        stream = Stream(tuple(Event(None, item, (*at, index)) for index, item in enumerate(document)))
        yield Exchange(at, response=stream, response_at=at, notes=("a streamed response without its request",))
        return
    if isinstance(document, list) and document and all(_holds_an_exchange(item) for item in document):
        for index, item in enumerate(document):
            yield from spread(read_envelope(item, (*at, index), source.reader))
        return
    yield from spread(read_envelope(document, at, source.reader))


def _holds_an_exchange(item: Any) -> bool:
    if not isinstance(item, dict) or "role" in item:
        return False
    return is_envelope(item) or bool((_REQUEST_MARKS | _CONVERSATION_MARKS) & item.keys())


def _is_chunk(item: Any) -> bool:
    return isinstance(item, dict) and "candidates" in item and item.keys() <= _CHUNK_KEYS

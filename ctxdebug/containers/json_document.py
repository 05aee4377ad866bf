"""A JSON file that holds an exchange, a request, a message list, or a list of those."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ctxdebug.containers import Found, Likeness, container
from ctxdebug.containers.shapes.batch import spread
from ctxdebug.containers.shapes.envelope import is_envelope, read_envelope
from ctxdebug.decoding.source import Source
from ctxdebug.model import Decoding

_REQUEST_MARKS = frozenset({"messages", "input", "contents", "prompt", "choices", "candidates", "request", "response"})


def _sniff(source: Source) -> Likeness:
    return Likeness.GENERIC if source.shape == "json" else Likeness.NO


@container("json", "a JSON document: {request, response}, a bare request, a message list, or a list of these", _sniff)
def exchanges(source: Source) -> Iterator[Found]:
    """One exchange, or one an item."""
    at = (*source.root, Decoding.JSON)
    document = source.document
    if isinstance(document, list) and document and all(_holds_an_exchange(item) for item in document):
        for index, item in enumerate(document):
            yield from spread(read_envelope(item, (*at, index), source.reader))
        return
    yield from spread(read_envelope(document, at, source.reader))


def _holds_an_exchange(item: Any) -> bool:
    return isinstance(item, dict) and "role" not in item and (is_envelope(item) or bool(_REQUEST_MARKS & item.keys()))

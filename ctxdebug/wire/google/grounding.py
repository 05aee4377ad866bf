"""What Gemini says its answer is grounded in: chunks of pages and files, and which stretch of the answer stands on which."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ctxdebug.exchange import Draft, DraftMessage
from ctxdebug.model import Document, Pointer
from ctxdebug.wire.shape import camel_or_snake, count_of, items, mapping, objects, text_of
from ctxdebug.wire.shapes.returned_sources import ReturnedSources, by_number, characters, span_of, spoken

_KINDS = {"web": "google_search", "retrievedContext": "file_search", "maps": "google_maps"}
"""Kinds of chunks, with the tool that finds them."""


def read_grounding(draft: Draft, message: DraftMessage | None, held: Any, at: Pointer) -> None:
    """Read `groundingMetadata`; chunks of the web come as titles and addresses only."""
    grounding = mapping(held)
    returned = ReturnedSources(draft, message)
    key, chunks = camel_or_snake(grounding, "groundingChunks")
    numbers = [_chunk(returned, mapping(chunk), (*at, key, index)) for index, chunk in enumerate(items(chunks))]
    key, supports = camel_or_snake(grounding, "groundingSupports")
    part = spoken(message)
    for index, support in objects(supports):
        where = (*at, key, index)
        if part is None:
            break
        listed = items(camel_or_snake(support, "groundingChunkIndices")[1])
        found = [number for one in listed if (number := by_number(numbers, one)) is not None]
        gone = [str(one) for one in listed if by_number(numbers, one) is None]
        span = _span(part.text, mapping(support.get("segment")))
        returned.cite(
            part,
            span,
            found,
            where,
            f"grounding chunk {', '.join(gone[:4])} ({len(numbers)} were returned)" if gone else "",
        )


def _chunk(returned: ReturnedSources, chunk: Mapping[str, Any], at: Pointer) -> int:
    for name, tool in _KINDS.items():
        key, held = camel_or_snake(chunk, name)
        if isinstance(held, dict):
            title = text_of(held.get("title")) or text_of(camel_or_snake(held, "documentName")[1]) or _own_name(held)
            about = Document(title=title, url=text_of(held.get("uri")))
            text = text_of(held.get("text"))
            return returned.add(about, (*at, key), text, (*at, key, "text"), tool, excerpt=not text)
    return returned.add(Document(), at, excerpt=True)


def _own_name(held: Mapping[str, Any]) -> str | None:
    """Return the first text that the user stored with a file, where nothing else names it."""
    stored = camel_or_snake(held, "customMetadata")[1]
    values = (text_of(camel_or_snake(entry, "stringValue")[1]) for _, entry in objects(stored))
    return next((value for value in values if value), None)


def _span(text: str, segment: Mapping[str, Any]) -> tuple[int, int]:
    """Where a stretch of the answer is: its borders count bytes, and the first is left out where it is 0."""
    end = characters(text, count_of(camel_or_snake(segment, "endIndex")[1]))
    start = characters(text, count_of(camel_or_snake(segment, "startIndex")[1]) or 0)
    return span_of(text, segment.get("text"), start, end)

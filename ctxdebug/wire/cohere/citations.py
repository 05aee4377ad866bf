"""Cohere's citations in both versions: stretches of the answer, and the documents and tool results that they are from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ctxdebug.decoding.strict_json import compact
from ctxdebug.exchange import Draft, DraftMessage, Part
from ctxdebug.model import Document, Kind, Pointer
from ctxdebug.text.whole_numbers import whole_number
from ctxdebug.wire.shape import count_of, items, mapping, objects, text_of
from ctxdebug.wire.shapes.returned_sources import ReturnedSources, span_of

_TEXTS = ("text", "snippet", "content", "body")
_ASIDE = frozenset({"THINKING_CONTENT", "PLAN"})
"""Types of citations that stand by what the model thought, not by its answer."""


def read_citations(
    draft: Draft,
    message: DraftMessage,
    cited: Sequence[tuple[Mapping[str, Any], Pointer]],
    documents: Any = None,
    at: Pointer = (),
) -> None:
    """Read the citations of an answer; `documents` are those that version 1 returns beside it, found by its own connectors too."""
    returned = ReturnedSources(draft, message)
    texts = [part for part in message.parts if part.kind is Kind.TEXT]
    by_id = {text_of(held.get("id")) or "": (held, (*at, index)) for index, held in objects(documents)}
    for held, where in by_id.values():
        _document(returned, held, where)
    for citation, where in cited:
        if text_of(citation.get("type")) in _ASIDE:
            continue
        part = _part(texts, citation)
        if part is None:
            continue
        found, gone = [], []
        for index, source in objects(citation.get("sources")):
            found.append(_source(returned, source, (*where, "sources", index)))
        for name in items(citation.get("document_ids")):
            number = _by_id(returned, by_id, str(name), where)
            found += [] if number is None else [number]
            gone += [str(name)] if number is None else []
        span = span_of(part.text, citation.get("text"), count_of(citation.get("start")), count_of(citation.get("end")))
        returned.cite(part, span, found, where, ", ".join(gone[:4]))


def _part(texts: Sequence[Part], citation: Mapping[str, Any]) -> Part | None:
    index = count_of(citation.get("content_index")) or 0
    return texts[index] if 0 <= index < len(texts) else (texts[0] if texts else None)


def _source(returned: ReturnedSources, source: Mapping[str, Any], at: Pointer) -> int:
    """A source of version 2: a document, repeated whole, or the result of a tool."""
    document = mapping(source.get("document"))
    if document:
        return _document(returned, {"id": source.get("id"), **document}, (*at, "document"))
    about = Document(id=text_of(source.get("id")))
    output = mapping(source.get("tool_output"))
    key = next((key for key in _TEXTS if isinstance(output.get(key), str)), None)
    if key is not None:
        return returned.add(about, at, output[key], (*at, "tool_output", key))
    return returned.add(about, at, compact(output) if output else None, (*at, "tool_output"), rendered=True)


def _document(returned: ReturnedSources, held: Mapping[str, Any], at: Pointer) -> int:
    about = Document(
        text_of(held.get("id")), text_of(held.get("title")), text_of(held.get("timestamp")), text_of(held.get("url"))
    )
    key = next((key for key in _TEXTS if isinstance(held.get(key), str)), "")
    return returned.add(about, at, held.get(key), (*at, key))


def _by_id(
    returned: ReturnedSources, by_id: Mapping[str, tuple[Mapping[str, Any], Pointer]], name: str, at: Pointer
) -> int | None:
    """Return the document of an id: one that the response has, or one of the request; None where neither does."""
    if name in by_id:
        return _document(returned, *by_id[name])
    if (
        name.startswith("doc_") and (number := whole_number(name[4:])) is not None
    ):  # documents without an id are numbered
        given = [part for message in returned.draft.messages for part in message.parts if part.kind is Kind.DOCUMENT]
        if number < len(given):
            return returned.given(given[number].document or Document(id=name), at, given[number])
    for message in returned.draft.messages:
        for part in message.parts:
            if part.document is not None and part.document.id == name:
                return returned.given(part.document, at, part)
    results = any(part.kind is Kind.TOOL_RESULT for message in returned.draft.messages for part in message.parts)
    return returned.add(Document(id=name), at) if results else None

"""What Bedrock says an answer stands on: citations of Converse, and the references of agents and knowledge bases."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from ctxdebug.exchange import Draft, DraftMessage, Part
from ctxdebug.model import Document, Pointer
from ctxdebug.wire.shape import count_of, items, mapping, objects, text_of
from ctxdebug.wire.shapes.cited_documents import CitedDocuments
from ctxdebug.wire.shapes.returned_sources import ReturnedSources, span_of, spoken

Cited: TypeAlias = tuple[Part, Mapping[str, Any], Pointer]
"""A text of the answer, a citation of it, and where that is."""
_ADDRESSES = ("uri", "url", "id", "query")


def cited_blocks(message: DraftMessage, content: Any, at: Pointer) -> list[Cited]:
    """Return the citations of a Converse message: its blocks of cited text name their sources themselves."""
    parts = {part.pieces[0].pointer: part for part in message.parts if part.pieces}
    found: list[Cited] = []
    for index, block in objects(content):
        where = (*at, index, "citationsContent")
        held = mapping(block.get("citationsContent"))
        part = next(
            (
                one
                for number, _ in objects(held.get("content"))
                if (one := parts.get((*where, "content", number, "text")))
            ),
            None,
        )
        if part is not None:
            found += [(part, one, (*where, "citations", number)) for number, one in objects(held.get("citations"))]
    return found


def read_citations(draft: Draft, message: DraftMessage, cited: Sequence[Cited]) -> None:
    """Read the citations of a Converse answer: a title, the source's words, and the place of the document in the request."""
    if not cited:
        return
    returned = ReturnedSources(draft, message)
    documents = CitedDocuments(draft, returned)
    for part, held, at in cited:
        location = mapping(held.get("location"))
        place = next((mapping(one) for one in location.values() if isinstance(one, dict)), {})
        about = Document(title=text_of(held.get("title")), url=text_of(held.get("source")) or text_of(place.get("url")))
        quote = "".join(text for _, one in objects(held.get("sourceContent")) if (text := text_of(one.get("text"))))
        found, missing = documents.find(about, quote, count_of(place.get("documentIndex")), at, "sourceContent")
        returned.cite(part, (0, len(part.text)), found, at, missing, quote)


def add_references(returned: ReturnedSources, references: Any, at: Pointer) -> list[int]:
    """Return the numbers of `retrievedReferences`: passages of a knowledge base, each with where it is from."""
    found = []
    for index, held in objects(references):
        content = mapping(held.get("content"))
        found.append(
            returned.add(
                _about(held), (*at, index), content.get("text"), (*at, index, "content", "text"), "knowledge_base"
            )
        )
    return found


def read_attribution(draft: Draft, message: DraftMessage, citations: Any, at: Pointer) -> None:
    """Read the `citations` of an agent's chunk or of RetrieveAndGenerate: a stretch of the answer with its references."""
    returned = ReturnedSources(draft, message)
    part = spoken(message)
    for index, held in objects(citations):
        where = (*at, index)
        found = add_references(returned, held.get("retrievedReferences"), (*where, "retrievedReferences"))
        told = mapping(mapping(held.get("generatedResponsePart")).get("textResponsePart"))
        if part is not None and isinstance(told.get("text"), str) and told["text"].strip() in part.text:
            draft.left_out.append((*where, "generatedResponsePart"))  # it repeats a stretch of the answer
        if part is not None and found:
            place = mapping(told.get("span"))
            end = count_of(place.get("end"))
            span = span_of(part.text, told.get("text"), count_of(place.get("start")), None if end is None else end + 1)
            returned.cite(part, span, found, where)


def references_of(traces: Iterable[tuple[Mapping[str, Any], Pointer]]) -> list[tuple[list[Any], Pointer]]:
    """Return the passages that an agent's look-ups in its knowledge bases returned, by its trace."""
    found = []
    for trace, at in traces:
        output = mapping(mapping(trace.get("observation")).get("knowledgeBaseLookupOutput"))
        held = items(output.get("retrievedReferences"))
        if held:
            found.append((held, (*at, "observation", "knowledgeBaseLookupOutput", "retrievedReferences")))
    return found


def _about(held: Mapping[str, Any]) -> Document:
    """What a reference says of its file: an address under one key for each kind of store, and what the user stored with it."""
    location, stored = mapping(held.get("location")), mapping(held.get("metadata"))
    places = [mapping(one) for one in location.values() if isinstance(one, dict)]
    address = next((text_of(place.get(key)) for place in places for key in _ADDRESSES if text_of(place.get(key))), None)
    address = address or text_of(stored.get("x-amz-bedrock-kb-source-uri"))
    title = text_of(stored.get("title")) or (address.rstrip("/").rsplit("/", 1)[-1] if address else None)
    return Document(id=text_of(stored.get("x-amz-bedrock-kb-chunk-id")), title=title, url=address)

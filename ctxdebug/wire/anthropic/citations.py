"""Citations of the Messages API: which words of which document a block of the answer stands on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from ctxdebug.exchange import Draft, DraftMessage
from ctxdebug.model import Document, Pointer
from ctxdebug.wire.shape import count_of, objects, text_of
from ctxdebug.wire.shapes.anthropic_answer import Cited
from ctxdebug.wire.shapes.cited_documents import CitedDocuments
from ctxdebug.wire.shapes.returned_sources import ReturnedSources


def cited_blocks(message: DraftMessage, content: Any, at: Pointer) -> Iterator[Cited]:
    """Yield the citations of a message that was not streamed."""
    parts = {part.pieces[0].pointer: part for part in message.parts if part.pieces}
    for index, block in objects(content):
        part = parts.get((*at, index, "text"))
        for number, held in objects(block.get("citations")) if part is not None else ():
            if part is not None:
                yield part, held, (*at, index, "citations", number)


def read_citations(draft: Draft, message: DraftMessage, cited: Sequence[Cited]) -> None:
    """Read the citations of an answer; a document is named by its place among those of the request, and its title."""
    if not cited:
        return
    returned = ReturnedSources(draft, message)
    documents = CitedDocuments(draft, returned)
    for part, held, at in cited:
        about = Document(
            title=text_of(held.get("document_title")) or text_of(held.get("title")),
            url=text_of(held.get("url")) or text_of(held.get("source")),
        )
        quote = text_of(held.get("cited_text")) or ""
        found, missing = documents.find(about, quote, count_of(held.get("document_index")), at, "cited_text")
        returned.cite(part, (0, len(part.text)), found, at, missing, quote)

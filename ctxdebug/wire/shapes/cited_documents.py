"""Citations that name a document of the request by its place, its title and its words, as Anthropic and Bedrock write them."""

from __future__ import annotations

from collections.abc import Sequence

from ctxdebug.exchange import Draft, Part
from ctxdebug.model import Document, Kind, Pointer, Role
from ctxdebug.wire.shapes.returned_sources import ReturnedSources

_KINDS = frozenset({Kind.DOCUMENT, Kind.MEDIA, Kind.OPAQUE})


class CitedDocuments:
    """The documents that a request and its server-side tools hold, a group of parts each, in the order of the prompt."""

    def __init__(self, draft: Draft, returned: ReturnedSources) -> None:
        self.returned = returned
        self.groups: list[list[Part]] = []
        for message in (*draft.messages, *draft.answer):
            for part in message.parts:
                if part.document is None or part.kind not in _KINDS:
                    continue
                if self.groups and self.groups[-1][-1].document is part.document:
                    self.groups[-1].append(part)
                else:
                    self.groups.append([part])
        self.asked = any(message.role is Role.USER for message in draft.messages)

    def find(
        self, about: Document, quote: str, index: int | None, at: Pointer, quote_key: str
    ) -> tuple[tuple[int, ...], str]:
        """Return the numbers of the cited source, and what is missing where the request has no such document.

        The title or address decides, then the words, then the place; of a source that only the server can read, the words
        that it repeats are the text.
        """
        named = [
            group for group in self.groups
            if (held := group[0].document) is not None
            and ((about.title and held.title == about.title) or (about.url and held.url == about.url))
        ]  # fmt: skip
        placed = self.groups[index : index + 1] if index is not None and 0 <= index < len(self.groups) else []
        for group in (*named, *placed):
            part = _with(group, quote)
            if part is not None and part.document is not None:
                return (self.returned.given(part.document, at, part),), ""
        chosen = next(iter(named or placed), None)
        if chosen is not None and chosen[0].kind is Kind.DOCUMENT and chosen[0].document is not None:
            return tuple(self.returned.given(chosen[0].document, at, part) for part in chosen), ""
        if chosen is None and index is not None and self.asked and self.groups:
            return (), about.title or about.url or f"document {index}"
        if quote:
            rendered = quote_key != "cited_text"
            return (self.returned.add(about, at, quote, (*at, quote_key), excerpt=True, rendered=rendered),), ""
        return (self.returned.add(about, at, excerpt=True),), ""


def _with(group: Sequence[Part], quote: str) -> Part | None:
    """Return the part with the quoted words; none where there are no words to look for."""
    held = quote.strip()
    return next((part for part in group if held and part.kind is Kind.DOCUMENT and held in part.text), None)

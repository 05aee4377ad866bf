"""What a provider returns of its sources, with the segments that its parts became."""

from __future__ import annotations

from collections.abc import Sequence

from ctxdebug.exchange import Draft, DraftMessage
from ctxdebug.model import Message, ReturnedCitation, ReturnedSource, Segment


def named_sources(
    draft: Draft, messages: Sequence[Message], answer: Sequence[Message]
) -> tuple[tuple[ReturnedSource, ...], tuple[ReturnedCitation, ...]]:
    """Return the sources and the citations of a draft; a citation of words that became no segment is left out."""
    places = {**_places(draft.messages, messages), **_places(draft.answer, answer)}
    returned = tuple(
        ReturnedSource(
            source.document,
            source.pointer,
            tuple(one.id for one in places.get(id(source.part), ())) if source.part else (),
            source.excerpt,
        )
        for source in draft.returned
    )
    citations = []
    for cited in draft.citations:
        spoken = places.get(id(cited.part), ())
        if len(spoken) == 1:
            citations.append(
                ReturnedCitation(
                    spoken[0].id, cited.start, cited.end, cited.sources, cited.pointer, cited.missing, cited.quote
                )
            )
    return returned, tuple(citations)


def _places(drafts: Sequence[DraftMessage], messages: Sequence[Message]) -> dict[int, tuple[Segment, ...]]:
    """Return the segments of each part, by the part's identity; a part's segments stand in a row and have its length together."""
    found: dict[int, tuple[Segment, ...]] = {}
    for draft, message in zip(drafts, messages, strict=True):
        at = 0
        for part in draft.parts:
            begin, left = at, len(part.text)
            at += 1
            left -= len(message.segments[begin].text)
            while left > 0:
                left -= len(message.segments[at].text)
                at += 1
            found[id(part)] = message.segments[begin:at]
    return found

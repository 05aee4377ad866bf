"""What the provider cites beside its answer, as plain values: the words, the sources by name, and what was found of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ctxdebug.analysis.sources.sourced import Sourced
    from ctxdebug.model import Document


def cited(sourced: Sourced) -> list[dict[str, Any]]:
    """Return the provider's citations; `start` and `end` count characters of the answer."""
    answer, returned = sourced.analysis.answer, sourced.analysis.snapshot.returned
    return [
        {
            "text": answer[one.start : one.end],
            "start": one.start,
            "end": one.end,
            "sources": [_name(returned[number].document) for number in one.captured.sources if number < len(returned)],
            "missing": one.captured.missing or None,
            "quote": one.captured.quote or None,
            "verdict": "missing" if one.captured.missing else "altered quote" if one.altered else "another source says it"
            if one.misplaced else "source text known" if one.sources else "source text not returned",
        }
        for one in sourced.citations_returned
    ]  # fmt: skip


def _name(document: Document) -> str:
    return document.title or document.url or document.id or "a source without a name"

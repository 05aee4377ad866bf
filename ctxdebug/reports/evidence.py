"""Evidence as a person reads it: where it is, by a name that can be typed, and the words around what matters."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ctxdebug.segmentation.block_names import block_names, document_name
from ctxdebug.text.printable import clean_line, excerpt, window

if TYPE_CHECKING:
    from ctxdebug.engine.report import Examined
    from ctxdebug.model import Exhibit, Finding, Segment

_LONGEST_VALUE = 60


def values(finding: Finding) -> list[str]:
    """Return the short texts among a finding's facts: the values that its evidence turns on."""
    return list(dict.fromkeys(text for fact in finding.facts.values() for text in _texts(fact)))


def _texts(fact: Any) -> Iterator[str]:
    if isinstance(fact, str) and 2 <= len(fact) <= _LONGEST_VALUE:
        yield fact
    elif isinstance(fact, list | tuple):
        for one in fact:
            yield from _texts(one)


def spotted(text: str, marked: list[str]) -> tuple[int, int] | None:
    """Return the first of the values that stands in a text; None when none does."""
    for value in marked:
        at = text.find(value)
        if at >= 0:
            return at, at + len(value)
    return None


def quoted(exhibit: Exhibit, marked: list[str], limit: int) -> tuple[str, str, str]:
    """Return an exhibit's words before, in and after the value that matters, cut to one line around it."""
    spot = spotted(exhibit.text, marked)
    if spot is None:
        return excerpt(exhibit.text, limit), "", ""
    return window(exhibit.text, *spot, limit)


def segment_of(examined: Examined, identity: str | None) -> Segment | None:
    """Return the segment with an id, of the prompt or of the answer."""
    snapshot = examined.snapshot
    parts = (*examined.analysis.segments, *snapshot.answer_segments())
    return next((part for part in parts if part.id == identity), None)


def place_name(exhibit: Exhibit, examined: Examined) -> str:
    """Return what a person calls the place of an exhibit: a document's id or title, a tool, a message of the request."""
    segment = segment_of(examined, exhibit.segment)
    if segment is None:
        return clean_line(exhibit.pointer) or "the request"
    if (name := document_name(segment)) is not None:
        return excerpt(name, 28)
    if segment.tool:
        return excerpt(segment.tool, 28)
    name = block_name(examined, segment.id)
    return name if name in {"the answer", segment.role.value} else f"{segment.role.value}, {name}"


def block_name(examined: Examined, identity: str | None) -> str:
    """Return the name of a segment that a person can type: `messages[3]`, a document's id, `the answer`."""
    return block_names(examined.snapshot).get(identity or "", "the request")


def dated(exhibit: Exhibit, examined: Examined) -> str:
    """Return the date that the exhibit's document shows, or nothing."""
    segment = segment_of(examined, exhibit.segment)
    document = segment.document if segment is not None else None
    return excerpt(document.date, 20) if document is not None and document.date else ""

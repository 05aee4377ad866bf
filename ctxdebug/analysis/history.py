"""What became of the last turn's context: kept, cut, dropped, or replaced by a summary."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ctxdebug.analysis.differences import Change, compare, normalised
from ctxdebug.model import Kind, Provenance, Role, Segment

if TYPE_CHECKING:
    from ctxdebug.analysis import Analysis

_SHORTEST = 24
"""Characters. Shorter segments (a closing tag, `ok`) are no loss."""
_SUMMARY = re.compile(
    r"\b(?:summary|summari[sz]ed|recap|condensed|compacted|compaction)\b[^\n]{0,80}|\b(?:previous|earlier|prior) (?:conversation|messages|turns|context)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class History:
    """The turn before against this one. `summary` is the new segment that stands for what is gone, if there is one."""

    before: Analysis
    kept: tuple[Segment, ...]
    dropped: tuple[Segment, ...]
    cut: tuple[tuple[Segment, Segment], ...]
    summary: Segment | None


def history(analysis: Analysis) -> History | None:
    """The fate of the last turn's context; None without an earlier turn, or when this is another conversation."""
    if not analysis.earlier:
        return None
    before = analysis.earlier[-1]
    old = [segment for segment in (*before.segments, *before.snapshot.answer_segments()) if _counts(segment)]
    new = [segment for segment in analysis.segments if _counts(segment)]
    differences = compare(old, new)
    kept = tuple(item.before for item in differences if item.before and item.change in {Change.SAME, Change.MOVED})
    if not any(segment.role in {Role.USER, Role.ASSISTANT, Role.TOOL, Role.SYSTEM} for segment in kept):
        return None
    text = normalised("\n".join(segment.text for segment in new))
    dropped = tuple(
        item.before
        for item in differences
        if item.change is Change.DROPPED and item.before is not None and normalised(item.before.text) not in text
    )
    cut = tuple((item.before, item.after) for item in differences if item.change is Change.CUT and item.before and item.after)
    added = [item.after for item in differences if item.change is Change.ADDED and item.after is not None]
    return History(before, kept, dropped, cut, _summary(added))


def _counts(segment: Segment) -> bool:
    """Reasoning is meant to be dropped, and what is tiny or unreadable is no loss."""
    return (
        segment.kind in {Kind.TEXT, Kind.DOCUMENT, Kind.TOOL_RESULT}
        and len(segment.text.strip()) >= _SHORTEST
        and segment.kind is not Kind.THINKING
    )


def _summary(added: list[Segment]) -> Segment | None:
    """The added segment that reads as a summary of what was said before."""
    for segment in added:
        if segment.provenance is Provenance.MEMORY:
            return segment
        marked = _SUMMARY.search(segment.text[:600])
        if marked is not None and len(segment.text) > 80 and segment.role is not Role.TOOL:
            return segment
    return None

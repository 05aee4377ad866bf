"""What became of the last turn's context: kept, cut, dropped, rewound, or replaced by a summary.

Forgetting is told from everything that only looks like it: a person who goes back and asks again, a request of
another agent under the same session, an answer that was broken off and rightly not kept, a log read out of order.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from ctxdebug.analysis.turns.differences import Change, Difference, compare, normalised
from ctxdebug.model import Authority, FinishReason, Kind, Provenance, Role, Segment, Snapshot
from ctxdebug.records import record
from ctxdebug.text.patterns import lazy

if TYPE_CHECKING:
    from ctxdebug.analysis import Analysis

_SHORTEST = 24
"""Characters. Shorter segments (a closing tag, `ok`) are no loss."""
_SUMMARY = lazy(
    r"\b(?:summary|summari[sz]ed|recap|condensed|compacted|compaction)\b[^\n]{0,80}"
    r"|\b(?:previous|earlier|prior) (?:conversation|messages|turns|context)\b",
    re.IGNORECASE,
)
_ASKED = lazy(
    r"\b(?:please|can you|could you|write|give|make|create|provide|draft|produce|generate|need|want)\b[^\n]{0,40}\b(?:summary|recap)\b",
    re.IGNORECASE,
)
"""Somebody wants a summary, and does not give one."""
_NOT_KEPT = frozenset({FinishReason.ABORTED, FinishReason.ERROR, FinishReason.FILTER, FinishReason.LENGTH})
"""Endings after which an answer is rightly left out of the next request."""
_THOUGHT = lazy(r"\A\s*<(think|thinking|reasoning)>.*?</\1>", re.DOTALL)
_THERE = frozenset({Change.SAME, Change.MOVED, Change.CHANGED, Change.CUT})
_RULES = frozenset({Role.SYSTEM, Role.DEVELOPER})


@record(frozen=True, slots=True)
class History:
    """The turn before against this one. `summary` is the new segment that stands for what is gone, if there is one.

    `unbroken` says that all of the turn before is the beginning of this one, as in nearly every turn.
    """

    before: Analysis
    kept: tuple[Segment, ...]
    dropped: tuple[Segment, ...]
    cut: tuple[tuple[Segment, Segment], ...]
    summary: Segment | None
    unbroken: bool = False


def history(analysis: Analysis) -> History | None:
    """Return the fate of the last turn's context; None without an earlier turn, or when this one does not go on from it."""
    if not analysis.earlier:
        return None
    before = analysis.earlier[-1]
    old, new = _remembered(before.snapshot), [segment for segment in opening(analysis) if _counts(segment)]
    if _begins(old, new):
        return History(before, tuple(old), (), (), None, unbroken=_begins(before.segments, analysis.segments))
    return _compared(analysis, before, old, new)


def opening(analysis: Analysis) -> tuple[Segment, ...]:
    """Return what the first call after a recorded compaction read: what precedes its first answer; without one, the whole request."""
    if "began" not in analysis.snapshot.labels:
        return analysis.segments
    first = next((m.index for m in analysis.snapshot.messages if m.role is Role.ASSISTANT), None)
    return tuple(s for m in analysis.snapshot.messages[:first] for s in m.segments)


def _begins(old: Sequence[Segment], new: Sequence[Segment]) -> bool:
    return len(old) <= len(new) and all(was.text == now.text for was, now in zip(old, new, strict=False))


def _compared(analysis: Analysis, before: Analysis, old: list[Segment], new: list[Segment]) -> History | None:
    differences = compare(old, new)
    kept = tuple(item.before for item in differences if item.before and item.change in {Change.SAME, Change.MOVED})
    added = [item.after for item in differences if item.change is Change.ADDED and item.after is not None]
    spoken = [segment for segment in kept if segment.role not in _RULES]
    summary = _summary(_new(differences))
    if not (spoken or summary) or not (added or summary or _goes_on(analysis, before)) or _another_agent(differences):
        return None
    if summary is None and (_parted(differences) or _other_calls(before.snapshot, analysis.snapshot)):
        return None
    if summary is not None:
        gone = [item.before for item in differences if item.change is Change.DROPPED and item.before is not None]
    else:
        gone = _gone(old, differences)
    if not gone and _answer_left_out(analysis, before, differences):
        gone = [segment for segment in before.snapshot.answer_segments() if _counts(segment)]
    held = opening(analysis)
    text = normalised("\n".join(segment.text for segment in held)) if gone else ""
    results = {segment.call_id for segment in held if segment.call_id is not None}
    dropped = tuple(
        segment for segment in gone if segment.call_id not in results and normalised(segment.text) not in text
    )
    cut = tuple(
        (item.before, item.after)
        for item in differences
        if item.change is Change.CUT and item.before and item.after and not _thought_only(item.before, item.after)
    )
    return History(before, kept, dropped, cut, summary)


def _goes_on(analysis: Analysis, before: Analysis) -> bool:
    """Whether the user says something new at the end, however short."""
    last = next((one for one in reversed(analysis.segments) if one.text.strip()), None)
    return last is not None and last.role is Role.USER and all(one.text != last.text for one in before.segments)


def _remembered(snapshot: Snapshot) -> list[Segment]:
    """Return what the next turn may be expected to hold: the request, and the answer if it was finished."""
    finished = snapshot.error is None and not (snapshot.finish is not None and snapshot.finish.reason in _NOT_KEPT)
    answer = snapshot.answer_segments() if finished else ()
    return [segment for segment in (*snapshot.segments(), *answer) if _counts(segment)]


def _another_agent(differences: Sequence[Difference]) -> bool:
    """Both turns have rules and share none: two agents, or two jobs, under one session's name."""
    had = any(item.before is not None and item.before.role in _RULES for item in differences)
    has = any(item.after is not None and item.after.role in _RULES for item in differences)
    shared = any(item.change in _THERE and item.segment.role in _RULES for item in differences)
    return had and has and not shared


def _parted(differences: Sequence[Difference]) -> bool:
    """Whether the model did something else in this turn before what both share: two runs of one task, side by side."""
    waiting = False
    for item in differences:
        if item.change in {Change.ADDED, Change.CHANGED} and item.segment.role in {Role.ASSISTANT, Role.TOOL}:
            waiting = True
        elif waiting and item.change is Change.SAME and item.segment.role not in _RULES:
            return True
    return False


def _other_calls(before: Snapshot, after: Snapshot) -> bool:
    """Whether this turn has calls, and the newest of the turn before is not among them: eviction takes the oldest first."""
    old, new = _calls(before.segments()), _calls(after.segments())
    return bool(old and new) and old[-1] not in new


def _calls(segments: Iterable[Segment]) -> list[tuple[str, str]]:
    return [(segment.call.name, segment.call.arguments) for segment in segments if segment.call is not None]


def _thought_only(before: Segment, after: Segment) -> bool:
    """Whether only the reasoning that stood in the text is gone, as its vendors ask for."""
    return normalised(_THOUGHT.sub("", before.text)) == normalised(after.text)


def _gone(old: Sequence[Segment], differences: Sequence[Difference]) -> list[Segment]:
    """Return what is missing in front of something that is still there, with nothing of its kind in its place.

    What is missing at the end was taken back; what has another text in its place was said anew (a retry, a branch).
    """
    gone: list[Segment] = []
    waiting: list[Segment] = []
    places: set[tuple[Role, Kind]] = set()
    for item in differences:
        if item.change is Change.DROPPED and item.before is not None:
            waiting.append(item.before)
        elif item.change is Change.ADDED and item.after is not None:
            places.add((item.after.role, item.after.kind))
        elif item.change is not Change.MOVED:
            gone += [segment for segment in waiting if (segment.role, segment.kind) not in places]
            waiting, places = [], set()
    order = {id(segment): index for index, segment in enumerate(old)}
    return sorted(gone, key=lambda segment: order[id(segment)])


def _answer_left_out(analysis: Analysis, before: Analysis, differences: Sequence[Difference]) -> bool:
    """Return the whole last request is there, and the user speaks next: the program forgot to keep what the model said."""
    request = [segment for segment in before.segments if _counts(segment)]
    same = {id(item.before): item.after for item in differences if item.change is Change.SAME}
    if not request or any(id(segment) not in same for segment in request) or request[-1].role is not Role.USER:
        return False
    last = same[id(request[-1])]
    following = [segment for segment in analysis.segments if segment.text.strip()]
    at = next(index for index, segment in enumerate(following) if segment is last)
    return at + 1 < len(following) and all(
        segment.authority is Authority.USER and segment.kind is Kind.TEXT for segment in following[at + 1 :]
    ) and following[at + 1].id.partition(".")[0] != request[-1].id.partition(".")[0]  # fmt: skip


def _counts(segment: Segment) -> bool:
    """Reasoning is meant to be dropped, a server's own results are its own, and what is tiny or unreadable is no loss."""
    if segment.kind is Kind.TOOL_RESULT and segment.role is Role.ASSISTANT:
        return False
    return segment.kind in {Kind.TEXT, Kind.DOCUMENT, Kind.TOOL_RESULT} and len(segment.text.strip()) >= _SHORTEST


def _new(differences: Iterable[Difference]) -> list[Segment]:
    """Segments that were not there before, or not in these words: a good summary has many words of what it replaces."""
    return [item.after for item in differences if item.after and item.change in {Change.ADDED, Change.CHANGED}]


def _summary(added: list[Segment]) -> Segment | None:
    """Return the added segment that reads as a summary of what was said before."""
    for segment in added:
        if segment.provenance is Provenance.MEMORY:
            return segment
        opening = segment.text[:600]
        if (
            len(segment.text) > 80
            and segment.role is not Role.TOOL
            and _SUMMARY.search(opening)
            and not _ASKED.search(opening)
        ):
            return segment
    return None

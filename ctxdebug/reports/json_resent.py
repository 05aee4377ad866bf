"""Which segments of an exchange an earlier turn of its session has shown already: a report lists them once.

A turn sends again what the turns before it sent, so a report that lists all segments of all turns grows with the square of
a session's length. What is remembered of a session's last turn is a few words and a hash for each segment, never its text.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import Any, TypeAlias

from ctxdebug.engine.report import Examined
from ctxdebug.model import Segment
from ctxdebug.records import record
from ctxdebug.tokens.count import Count

Mark: TypeAlias = tuple[Any, ...]

_KEPT = 256
"""Sessions of which the last turn is remembered."""


@record(frozen=True, slots=True)
class Resent:
    """How many segments an exchange has in common with an earlier one, from the first; `number` counts a report's exchanges."""

    number: int
    segments: int


class ResentSegments:
    """Tells of each exchange what an earlier one of its session, the one before it, has shown; in the order of the report."""

    def __init__(self) -> None:
        self._number = 0
        self._turns: OrderedDict[str, tuple[int, list[Mark]]] = OrderedDict()

    def of(self, examined: Examined) -> Resent | None:
        """Take the next exchange; None where nothing of it was shown."""
        number, self._number = self._number, self._number + 1
        session = examined.snapshot.session
        if session is None:
            return None
        counts = examined.analysis.prompt.segments
        marks = [_mark(segment, counts[segment.id]) for segment in examined.snapshot.segments()]
        before = self._turns.pop(session, None)
        self._turns[session] = number, marks
        if len(self._turns) > _KEPT:
            self._turns.popitem(last=False)
        if before is None:
            return None
        same = next((at for at, (one, other) in enumerate(zip(marks, before[1], strict=False)) if one != other), None)
        same = min(len(marks), len(before[1])) if same is None else same
        return Resent(before[0], same) if same else None


def _mark(segment: Segment, count: Count) -> Mark:
    """Return what a report says of a segment and what it is, in few words; its place and share of the prompt aside."""
    call = segment.call
    return (
        segment.id,
        segment.role,
        segment.kind,
        segment.authority,
        segment.trust,
        segment.provenance,
        count.value,
        count.exact,
        len(segment.text),
        hash(segment.text),
        segment.document,
        segment.media,
        segment.tool,
        None if call is None else (call.id, call.name),
    )

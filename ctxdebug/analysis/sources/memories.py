"""Dated memories in a prompt of which a newer one says otherwise than an older one, and the answer took the older."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

from ctxdebug.analysis.claims.opposition import THRESHOLD, Opposition, oppose
from ctxdebug.analysis.claims.statement import Statement, statement
from ctxdebug.analysis.sources.restated import restated
from ctxdebug.model import Kind, Role, Segment
from ctxdebug.records import record
from ctxdebug.text.patterns import lazy

_LINE = lazy(
    r"""
    ^[ \t]*(?:[-*•]|\d{1,3}[.)])?[ \t]*                                     # a list mark
    [\[(]?(?P<date>\d{4}-\d{2}-\d{2})(?:[T ]\d{2}:\d{2}[\d:.]{0,12}Z?)?[\])]?  # a date, perhaps with a time
    [ \t]?[:–—-]?[ \t]+(?P<text>\S[^\n]{6,300})$
    """,
    re.VERBOSE,
)
_MOST = 60
"""Dated lines of one prompt that are compared."""
_LONGEST_LINE = 400


@record(frozen=True, slots=True)
class Memory:
    """A dated line of a prompt: its date as written, and its words with their place in the segment."""

    segment: Segment
    date: str
    start: int
    said: Statement


@record(frozen=True, slots=True)
class SupersededMemory:
    """Two memories that differ in one point, and the answer followed the older one."""

    older: Memory
    newer: Memory
    kind: str
    older_value: str
    newer_value: str


def memories(segments: Iterable[Segment]) -> tuple[Memory, ...]:
    """Return the dated lines of what the application and the user wrote, the first sixty."""
    found: list[Memory] = []
    for segment in segments:
        if segment.role not in {Role.SYSTEM, Role.DEVELOPER, Role.USER} or segment.kind not in {
            Kind.TEXT,
            Kind.DOCUMENT,
        }:
            continue
        at = 0
        for line in segment.text.splitlines(keepends=True):
            match = _LINE.match(line.rstrip("\r\n")) if len(line) <= _LONGEST_LINE else None
            if match and len(found) < _MOST:
                found.append(Memory(segment, match["date"], at + match.start("text"), statement(match["text"])))
            at += len(line)
    return tuple(found)


def superseded(found: Sequence[Memory], answered: Sequence[Statement]) -> Iterator[SupersededMemory]:
    """Yield the pairs of memories of which the answer took the older side."""
    for a, b in combinations(found, 2):
        if a.date == b.date:
            continue
        older, newer = (a, b) if a.date < b.date else (b, a)
        opposed = restated(older.said, newer.said) or _opposed(older.said, newer.said)
        if opposed and any(_took(one, older.said, opposed) for one in answered):
            yield SupersededMemory(older, newer, opposed.kind, opposed.left_text, opposed.right_text)


def _opposed(a: Statement, b: Statement) -> Opposition | None:
    found = oppose(a, b)
    return found if found and found.score >= THRESHOLD and found.kind != "negation" else None


def _took(one: Statement, older: Statement, opposed: Opposition) -> bool:
    """Whether a sentence has the older point, not the newer one, and is about the same thing."""
    low = one.text.lower()
    has = opposed.left_text.lower() in low and opposed.right_text.lower() not in low
    return has and (len(one.stems & older.stems) >= 2 or len(one.stems) <= 2)

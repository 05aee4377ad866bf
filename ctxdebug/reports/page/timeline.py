"""A conversation over its turns: what each prompt was made of, and what came, went, moved and changed in between."""

from __future__ import annotations

from collections.abc import Sequence

from ctxdebug.analysis.turns.differences import Change, compare
from ctxdebug.engine.report import Examined
from ctxdebug.model import Segment
from ctxdebug.records import record
from ctxdebug.reports.page.blocks import role_of
from ctxdebug.reports.verdict_marks import CHANGE_SIGNS
from ctxdebug.text.printable import excerpt

MOST_TURNS = 60
_MOST_ROWS = 40
_WORDS = {
    Change.ADDED: "added",
    Change.DROPPED: "evicted",
    Change.CHANGED: "changed",
    Change.MOVED: "moved",
    Change.CUT: "cut",
}
_UNREAD = frozenset({"MEM101", "MEM102", "MEM105"})
ORDER = ("system", "developer", "user", "assistant", "tool", "document", "other")


@record(frozen=True, slots=True)
class Bar:
    """Part of a turn's column, in percent of the largest turn, from below."""

    role: str
    bottom: float
    height: float
    tokens: int


@record(frozen=True, slots=True)
class Fate:
    """What became of one block between two turns."""

    sign: str
    word: str
    who: str
    text: str


@record(frozen=True, slots=True)
class Turn:
    """One turn. `fates` are against the turn before."""

    number: int
    tokens: str
    bars: tuple[Bar, ...]
    counts: tuple[tuple[str, str, int], ...]
    """(sign, word, how many), without what stayed."""
    fates: tuple[Fate, ...]
    more: int
    current: bool
    findings: int


def turns(session: Sequence[Examined], chosen: Examined) -> list[Turn]:
    """Return the turns of a session, the last `MOST_TURNS` of them; empty for a single one."""
    if len(session) < 2:
        return []
    first = max(0, len(session) - MOST_TURNS)
    largest = max(max(1, examined.analysis.prompt.total.value) for examined in session[first:])
    return [
        _turn(
            number + 1,
            session[number],
            session[number - 1] if number else None,
            largest,
            session[number].snapshot is chosen.snapshot,
        )
        for number in range(first, len(session))
    ]


def _turn(number: int, examined: Examined, before: Examined | None, largest: int, current: bool) -> Turn:
    total = examined.analysis.prompt.total
    differences = [] if before is None else _differences(before, examined)
    fates = [
        Fate(CHANGE_SIGNS[change], _WORDS[change], segment.role.value, excerpt(segment.text, 100))
        for change, segment in differences
    ]
    counts = tuple(
        (CHANGE_SIGNS[change], word, seen)
        for change, word in _WORDS.items()
        if (seen := sum(found is change for found, _ in differences))
    )
    counts += _marks(examined)
    return Turn(
        number, f"{'' if total.exact else '~'}{total.value:,}", _bars(examined, largest), counts, tuple(fates[:_MOST_ROWS]),
        max(0, len(fates) - _MOST_ROWS), current, len(examined.findings),
    )  # fmt: skip


def _marks(examined: Examined) -> tuple[tuple[str, str, int], ...]:
    """Return what else happened to this turn's prompt: a summary in place of what is gone, a part that was never read."""
    history = examined.analysis.history
    marks = [("Σ", "summarised", 1)] if history is not None and history.summary is not None else []
    unread = sum(finding.code in _UNREAD for finding in examined.findings)
    return (*marks, *([("✂", "truncated", unread)] if unread else []))


def _differences(before: Examined, after: Examined) -> list[tuple[Change, Segment]]:
    old = [*before.snapshot.segments(), *before.snapshot.answer_segments()]
    found = [
        (difference.change, difference.segment)
        for difference in compare(old, list(after.snapshot.segments()))
        if difference.change is not Change.SAME and difference.segment.text.strip()
    ]
    order = list(_WORDS)
    return sorted(found, key=lambda item: order.index(item[0]) if item[0] is not Change.DROPPED else -1)


def _bars(examined: Examined, largest: int) -> tuple[Bar, ...]:
    prompt, sums = examined.analysis.prompt, dict.fromkeys(ORDER, 0)
    for segment in examined.snapshot.segments():
        sums[role_of(segment)] += prompt.segments[segment.id].value
    sums["other"] += prompt.tools.value
    bars, bottom = [], 0.0
    for role, tokens in sums.items():
        if tokens:
            height = tokens * 100 / largest
            bars.append(Bar(role, bottom, height, tokens))
            bottom += height
    return tuple(bars)

"""Over many sessions: how often turns fail, and how often something is found, by fill, turn, model and project."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import PurePath
from typing import TYPE_CHECKING

from ctxdebug.analysis.runs.tool_calls import tool_uses
from ctxdebug.engine.intervals import Interval, wilson
from ctxdebug.model import Severity
from ctxdebug.records import record

if TYPE_CHECKING:
    from ctxdebug.engine.session.assembly import Session
    from ctxdebug.engine.session.turn import Turn

_WIDEST = 0.2
"""Width of a 95 % interval from which a rate says too little; about 90 turns at a rate of a tenth."""
_FILLS = ((0.25, "under 25%"), (0.5, "25–50%"), (0.75, "50–75%"), (0.9, "75–90%"), (float("inf"), "over 90%"))
_TURNS = ((10, "1–10"), (50, "11–50"), (200, "51–200"), (float("inf"), "over 200"))


@record(frozen=True, slots=True)
class Rate:
    """`hits` of `turns`, with the 95 % interval."""

    hits: int
    turns: int

    @property
    def interval(self) -> Interval:
        """What the count proves."""
        return wilson(self.hits, self.turns)

    @property
    def enough(self) -> bool:
        """Whether it says anything."""
        return self.turns > 0 and self.interval.high - self.interval.low <= _WIDEST


@record(frozen=True, slots=True)
class Row:
    """One value of what is looked at: how many of its turns failed, and at how many something was found."""

    name: str
    failed: Rate
    found: Rate


@record(frozen=True, slots=True)
class Table:
    """The turns of all sessions, parted by one thing."""

    by: str
    rows: tuple[Row, ...]


@record(frozen=True, slots=True)
class _Seen:
    turn: Turn
    position: int
    """In its lane, from 1."""
    failed: bool
    found: bool


def rates(sessions: Sequence[Session]) -> list[Table]:
    """Return the tables; a turn failed where a tool call of it failed or the provider answered with an error."""
    turns = [seen for session in sessions for seen in _seen(session)]
    by: tuple[tuple[str, Callable[[_Seen], str], Sequence[str]], ...] = (
        ("fill", _fill, [name for _, name in _FILLS]),
        ("turn", lambda seen: _bin(seen.position, _TURNS), [name for _, name in _TURNS]),
        ("model", lambda seen: seen.turn.model_name or "not named", ()),
        ("project", _project, ()),
    )
    return [_table(name, turns, key, order) for name, key, order in by]


def _table(by: str, turns: Sequence[_Seen], key: Callable[[_Seen], str], order: Sequence[str]) -> Table:
    groups: dict[str, list[_Seen]] = {name: [] for name in order}
    for seen in turns:
        groups.setdefault(key(seen), []).append(seen)
    rows = [
        Row(name, Rate(sum(s.failed for s in held), len(held)), Rate(sum(s.found for s in held), len(held)))
        for name, held in groups.items()
        if held
    ]
    return Table(by, tuple(rows if order else sorted(rows, key=lambda row: -row.failed.turns)))


def _seen(session: Session) -> list[_Seen]:
    failed = failed_turns(session)
    count: dict[str, int] = {}
    found = []
    for turn in session.turns:
        count[turn.lane] = count.get(turn.lane, 0) + 1
        loud = any(finding.severity >= Severity.WARNING for finding in turn.findings)
        found.append(_Seen(turn, count[turn.lane], turn.number in failed, loud))
    return found


def failed_turns(session: Session) -> set[int]:
    """Return the numbers of the turns of which a tool call failed, or which the provider answered with an error."""
    failed: set[int] = set()
    for stretch in session.stretches:
        if not stretch.turns:
            continue
        uses = [use for use in tool_uses(stretch.turns[-1].examined.snapshot.messages) if use.failed]
        ids = {use.call.id for use in uses if use.call.id}
        places = {use.message for use in uses if not use.call.id}
        for turn in stretch.turns:
            answer = turn.call.answer
            calls = {s.call.id for s in answer.segments if s.call is not None} if answer is not None else set()
            broken = turn.call.last and turn.examined.snapshot.error is not None
            if broken or calls & ids or (answer is not None and not turn.call.last and answer.index in places):
                failed.add(turn.number)
    return failed


def _bin(value: float, bins: Sequence[tuple[float, str]]) -> str:
    return next(name for most, name in bins if value <= most)


def _fill(seen: _Seen) -> str:
    return "window not known" if seen.turn.fill is None else _bin(seen.turn.fill, _FILLS)


def _project(seen: _Seen) -> str:
    named = seen.turn.examined.snapshot.labels.get("project")
    return PurePath(named).name or named if isinstance(named, str) and named else "not named"

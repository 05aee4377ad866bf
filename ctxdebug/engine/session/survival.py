"""The fate of every standing instruction and of the facts: how long it was there, what a summary made of it, where it was broken."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from ctxdebug.analysis import Analysis
from ctxdebug.analysis.constraints import Outcome, Scope
from ctxdebug.analysis.constraints.compliance import answer_of, verdict_on
from ctxdebug.analysis.constraints.entry import Status
from ctxdebug.analysis.turns.compaction import HELD, Held
from ctxdebug.analysis.turns.history import opening
from ctxdebug.engine.session.turn import Began
from ctxdebug.model import Authority, Kind, Role
from ctxdebug.records import record, replace
from ctxdebug.text.words import words

if TYPE_CHECKING:
    from ctxdebug.analysis.constraints.entry import Entry
    from ctxdebug.engine.session.assembly import Session
    from ctxdebug.engine.session.turn import Stretch, Turn

_MOST = 200
"""Instructions that are followed through a session; a context with more is a rule book, and is said to be."""
_MOST_CHECKED = 40
"""Of them, those whose keeping is checked turn by turn."""


class Fate(StrEnum):
    """What a compaction made of an instruction."""

    WORD_FOR_WORD = "kept word for word"
    KEPT = "kept in other words"
    WEAKENED = "weakened"
    LOST = "lost"


@record(slots=True)
class Survivor:
    """A standing instruction on its way through a lane."""

    text: str
    entry: Entry
    entered: Turn
    last: Turn
    """The last turn whose context holds it, in its words or in others."""
    fate: Fate | None = None
    """What the last compaction that it met made of it; None where it met none."""
    at: Turn | None = None
    """The first turn after that compaction."""
    broken: Turn | None = None
    """The first turn that broke it."""
    checked: int = 0
    """Answers that were held against it."""
    why: str = ""
    """Why none was."""


@record(frozen=True, slots=True)
class LostValue:
    """A value that a compaction lost: a fact of the user's, or of a result that the model had used."""

    what: str
    text: str
    at: Turn
    """The first turn after the compaction."""
    used: Turn | None
    """The first later turn that speaks of it again."""


@record(frozen=True, slots=True)
class Survival:
    """Everything that was followed. `complete` is False where there were too many instructions."""

    instructions: tuple[Survivor, ...]
    values: tuple[LostValue, ...]
    complete: bool = True

    @property
    def lost(self) -> list[Survivor]:
        """The instructions that a compaction lost."""
        return [one for one in self.instructions if one.fate is Fate.LOST]


def survival(session: Session) -> Survival:
    """Follow the instructions and facts of every lane."""
    instructions: list[Survivor] = []
    values: list[LostValue] = []
    complete = True
    for lane in session.lanes:
        stretches = [stretch for stretch in session.stretches if stretch.lane == lane and stretch.turns]
        followed: dict[str, Survivor] = {}
        for number, stretch in enumerate(stretches):
            if number and stretch.began is Began.COMPACTION:
                _pass(followed, stretch)
                values += _values(stretch)
            elif number:
                instructions += followed.values()
                followed = {}
            complete &= _enter(followed, stretch)
            for one in followed.values():
                if one.fate is not Fate.LOST or _said(one.text, stretch):
                    one.last = stretch.turns[-1]
        instructions += followed.values()
    for one in instructions:
        one.checked, one.why = 0, one.entry.constraint.unchecked or ""
    for one in [one for one in instructions if not one.why][:_MOST_CHECKED]:
        _hold(one, session.lane(one.entered.lane))
    return Survival(tuple(instructions), tuple(values), complete)


def _enter(followed: dict[str, Survivor], stretch: Stretch) -> bool:
    """Add the standing instructions that a stretch brings; whether there was room for all."""
    examined = list({id(turn.examined): turn.examined for turn in (stretch.turns[0], stretch.turns[-1])}.values())
    for context in examined:
        for entry in context.analysis.constraints.entries:
            if entry.status is not Status.ACTIVE or entry.constraint.scope is not Scope.CONVERSATION:
                continue
            if entry.authority < Authority.USER or entry.segment.kind is not Kind.TEXT:
                continue
            text = " ".join(entry.constraint.text.split())
            if text in followed:
                continue
            if len(followed) >= _MOST:
                return False
            entered = next(
                (turn for turn in stretch.turns if turn.examined is context and entry.message < turn.call.read),
                stretch.turns[-1],
            )
            followed[text] = Survivor(text, entry, entered, entered)
    return True


def _said(text: str, stretch: Stretch) -> bool:
    return any(text in " ".join(m.text.split()) for m in stretch.turns[-1].context())


def _pass(followed: dict[str, Survivor], stretch: Stretch) -> None:
    """Hold the instructions against what the first call after a compaction read."""
    first = stretch.turns[0]
    segments = opening(first.examined.analysis)
    text = " ".join(" ".join(segment.text.split()) for segment in segments)
    held = Held(segment.text for segment in segments)
    for one in followed.values():
        if one.fate is Fate.LOST:
            continue
        one.at = first
        if one.text in text:
            one.fate = Fate.WORD_FOR_WORD
            continue
        share, sentences = held.nearest(one.text)
        one.fate = Fate.LOST if share < HELD else Fate.WEAKENED if _weaker(one.entry, sentences) else Fate.KEPT


@cache
def _weakening() -> dict[str, frozenset[str]]:
    rows = json.loads(Path(__file__).with_name("weakening.json").read_text("utf-8"))
    return {name: frozenset(rows[name]) for name in ("negation", "hedge")}


def _weaker(entry: Entry, sentences: str) -> bool:
    """Whether a summary's sentences hedge an instruction, or leave out that it forbids."""
    lowered = sentences.lower()
    found = frozenset(words(lowered))
    if any(hedge in lowered and hedge not in entry.constraint.text.lower() for hedge in _weakening()["hedge"]):
        return True
    return entry.constraint.negative and not (found & _weakening()["negation"] or "n't" in lowered)


def _values(stretch: Stretch) -> Iterator[LostValue]:
    """Yield the facts that a compaction lost, and where they were needed again."""
    first = stretch.turns[0]
    found = first.examined.analysis.compaction
    for lost in (found.lost if found is not None else ())[:_MOST]:
        if lost.what != "rule":
            yield LostValue(lost.what, lost.text, first, _again(lost.text, stretch.turns))


def _again(text: str, turns: Sequence[Turn]) -> Turn | None:
    for turn in turns:
        written = turn.call.answer.text if turn.call.answer is not None else ""
        if text in written or any(text in m.text for m in turn.entered() if m.role is not Role.ASSISTANT):
            return turn
    return None


def _hold(one: Survivor, turns: Sequence[Turn]) -> None:
    """Check the answers of a lane after an instruction entered, up to the first that breaks it."""
    entry = replace(one.entry, message=-1, status=Status.ACTIVE)
    for turn in turns:
        if turn.number < one.entered.number or turn.call.answer is None:
            continue
        analysis = _alone(turn)
        answer = answer_of(analysis)
        outcome = verdict_on(analysis, entry, answer).outcome if answer is not None else Outcome.UNCHECKED
        one.checked += outcome in {Outcome.PASS, Outcome.FAIL}
        if outcome is Outcome.FAIL:
            one.broken = turn
            return


def _alone(turn: Turn) -> Analysis:
    """One answer with the question that it answers, as an exchange of its own."""
    held = turn.examined.snapshot
    if turn.call.last:
        finish, error, answer = held.finish, held.error, held.answer
    else:
        finish, error, answer = None, None, (turn.call.answer,) if turn.call.answer is not None else ()
    asked = [m for m in held.messages[: turn.call.read] if m.role is Role.USER][-1:]
    snapshot = replace(held, messages=tuple(asked), answer=answer, finish=finish, error=error, has_response=True)
    return Analysis(snapshot, turn.examined.analysis.options)

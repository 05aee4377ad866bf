"""The constraint instruction_register: every instruction of a context, where it stands, whose it is, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ctxdebug.analysis.constraints import (
    Constraint,
    Outcome,
    Scope,
    Target,
    conflicting,
    extract,
    infeasible,
)
from ctxdebug.analysis.constraints.compliance import answer_of, verdict_on
from ctxdebug.analysis.constraints.entry import Entry, Examination, Status
from ctxdebug.model import Authority, Kind, Provenance, Role
from ctxdebug.text.languages import languages

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ctxdebug.analysis import Analysis
    from ctxdebug.analysis.constraints import Infeasible
    from ctxdebug.model import Segment

_MANY = 400
"""Constraints that are compared pair by pair; a context with more is not compared at all."""
_LISTED = frozenset({"untyped", "style", "persona", "topic", "secrecy", "safety"})


@dataclass(frozen=True, slots=True)
class Clash:
    """Two entries that cannot both be kept, and who wins: by authority (None between equals) and by position."""

    first: Entry
    second: Entry
    rule: str
    reason: str

    @property
    def earlier(self) -> bool:
        """Whether it stood in an earlier turn of the conversation, and no longer binds."""
        return Status.PAST in {self.first.status, self.second.status}

    @property
    def authority_winner(self) -> Entry | None:
        """The entry of higher authority."""
        if self.first.authority == self.second.authority:
            return None
        return max(self.first, self.second, key=lambda entry: entry.authority)

    @property
    def position_winner(self) -> Entry:
        """The entry nearer to the end, which models tend to follow."""
        return min(self.first, self.second, key=lambda entry: entry.to_end)


@dataclass(frozen=True, slots=True)
class Unread:
    """A text with authority whose instructions were not read, because of its `language` (ISO 639-1)."""

    segment: Segment
    language: str

    @property
    def why(self) -> str:
        """The reason, in a few words."""
        return f"written in another language ({self.language}), and instructions are read in English only"


@dataclass(frozen=True, slots=True)
class Register:
    """Every entry in order of place, the clashes among them, and those that there is no room for.

    What was examined: `kept`, `broken` and `not_checkable` part the binding entries, and `unread` names the texts that were not
    read at all. An answer keeps its instructions only where the last two are empty.
    """

    entries: tuple[Entry, ...]
    clashes: tuple[Clash, ...] = ()
    impossible: tuple[tuple[Entry, Infeasible], ...] = ()
    delegations: tuple[Entry, ...] = ()
    compared: bool = True
    """False when there are too many constraints to compare."""
    unread: tuple[Unread, ...] = ()

    @property
    def kept(self) -> tuple[Entry, ...]:
        """The binding entries that the answer keeps."""
        return tuple(entry for entry in self.binding if entry.examination is Examination.KEPT)

    @property
    def broken(self) -> tuple[Entry, ...]:
        """The binding entries that the answer breaks."""
        return tuple(entry for entry in self.binding if entry.examination is Examination.BROKEN)

    @property
    def not_checkable(self) -> tuple[Entry, ...]:
        """The binding entries that could not be held against the answer; `Entry.why` has the reason."""
        return tuple(entry for entry in self.binding if entry.examination is Examination.NOT_CHECKABLE)

    def of(self, *types: str) -> tuple[Entry, ...]:
        """The binding entries of some types."""
        return tuple(entry for entry in self.entries if entry.binding and entry.constraint.type in types)

    @property
    def binding(self) -> tuple[Entry, ...]:
        """The entries that the answer had to keep."""
        return tuple(entry for entry in self.entries if entry.binding)


def instruction_register(analysis: Analysis) -> Register:
    """Read the constraints of a context, rank them, and check the answer against those that bind it."""
    entries = [entry for segment in analysis.segments if _speaks(segment) for entry in _entries(analysis, segment)]
    entries = _of_this_turn(analysis, entries)
    compared = len(entries) <= _MANY
    clashes = _clashes(analysis, entries) if compared else ()
    entries = _ranked(entries, clashes)
    delegations = tuple(e for e in entries if e.constraint.type == "meta.delegation" and not e.constraint.negative)
    entries = [_delegated(entry, delegations) for entry in entries]
    answer = answer_of(analysis)
    if answer is not None:
        entries = [replace(entry, verdict=verdict_on(analysis, entry, answer)) for entry in entries]
    entries += _dropped(analysis, entries)
    known = {entry.id: entry for entry in entries}
    clashes = tuple(replace(clash, first=known[clash.first.id], second=known[clash.second.id]) for clash in clashes)
    active = [entry for entry in entries if entry.binding or entry.status is Status.MISALIGNED]
    limits = infeasible([entry.constraint for entry in active], analysis.snapshot.settings.max_output)
    impossible = tuple((_entry_of(active, limit.constraint), limit) for limit in limits)
    return Register(tuple(entries), clashes, impossible, delegations, compared, _unread(analysis))


def _unread(analysis: Analysis) -> tuple[Unread, ...]:
    """The texts with authority that are not in English."""
    found = []
    for segment in analysis.segments:
        if segment.authority < Authority.USER or segment.kind is not Kind.TEXT:
            continue
        spoken = languages(segment.text)
        if spoken and "en" not in spoken:
            found.append(Unread(segment, spoken[0]))
    return tuple(found)


def _speaks(segment: Segment) -> bool:
    """Whether a segment's words are read for instructions: those with authority, and those that look like somebody's rules."""
    if segment.authority >= Authority.USER:
        return segment.kind is Kind.TEXT
    return segment.kind is Kind.TEXT and (segment.quoted or segment.provenance is Provenance.MEMORY)


def _entries(analysis: Analysis, segment: Segment) -> list[Entry]:
    prompt = analysis.prompt
    start, tokens = prompt.starts[segment.id], prompt.segments[segment.id].value
    total = max(1, prompt.total.value)
    ranked = segment.authority >= Authority.USER
    standing = segment.role in {Role.SYSTEM, Role.DEVELOPER}
    message = int(segment.id[1:].partition(".")[0])
    found = []
    for number, constraint in enumerate(extract(segment.text, standing=standing)):
        at = start + round(tokens * constraint.start / max(1, len(segment.text)))
        found.append(
            Entry(
                f"{segment.id}.c{number}",
                constraint,
                segment,
                message,
                segment.authority,
                at,
                max(0, total - at),
                min(1.0, at / total),
                Status.ACTIVE if ranked else Status.WITHOUT_AUTHORITY,
            )
        )
    return found


def _of_this_turn(analysis: Analysis, entries: list[Entry]) -> list[Entry]:
    """Mark what a user asked of an earlier answer only."""
    answered = [m.index for m in analysis.snapshot.messages if m.role is Role.ASSISTANT and _replies(m.segments)]
    last = answered[-1] if answered else -1
    return [
        replace(entry, status=Status.PAST)
        if entry.status is Status.ACTIVE and entry.message < last and entry.constraint.scope is Scope.TURN
        else entry
        for entry in entries
    ]


def _replies(segments: Iterable[Segment]) -> bool:
    """Whether an assistant message is an answer, and not only a step on the way (a call with a few words)."""
    parts = list(segments)
    return any(p.kind is Kind.TEXT and p.text.strip() for p in parts) and all(
        p.kind is not Kind.TOOL_CALL for p in parts
    )


def _clashes(analysis: Analysis, entries: Sequence[Entry]) -> tuple[Clash, ...]:
    known = bool(analysis.earlier)  # an earlier turn's conflicts were found on its own exchange
    typed = [
        e
        for e in entries
        if (e.binding or (e.status is Status.PAST and not known))
        and (e.constraint.type not in _LISTED or e.constraint.params)
        and e.constraint.condition is None
    ]
    if len(typed) < 2:
        return ()
    asked = languages(analysis.question.text) if analysis.question else ()
    language = asked[0] if len(asked) == 1 else None
    found = []
    for number, first in enumerate(typed):
        for second in typed[number + 1 :]:
            if first.segment is second.segment and first.constraint.sentence == second.constraint.sentence:
                continue
            if not _together(first, second):
                continue
            reason = conflicting(first.constraint, second.constraint, user_language=language)
            if reason and not _chosen(first, second):
                found.append(Clash(first, second, *reason))
    return tuple(found)


def _together(first: Entry, second: Entry) -> bool:
    """Whether two entries held at the same time: what was asked of an earlier answer held beside the rules above it only."""
    if first.binding and second.binding:
        return True
    if first.authority == second.authority:
        return first.message == second.message and first.status is second.status
    return max(first, second, key=lambda entry: entry.authority).binding


def _chosen(first: Entry, second: Entry) -> bool:
    """Whether a user only names the language that `the user's language` leaves to them."""
    if not first.constraint.type == second.constraint.type == "language" or first.authority == second.authority:
        return False
    higher = max(first, second, key=lambda entry: entry.authority)
    return bool(higher.constraint.params["language"] == "user")


def _ranked(entries: list[Entry], clashes: Iterable[Clash]) -> list[Entry]:
    """Mark who loses each clash: the lower one, or the earlier of two messages of one level."""
    losers: dict[str, tuple[Status, str]] = {}
    for clash in clashes:
        if clash.earlier:
            continue
        winner = clash.authority_winner
        if winner is not None:
            loser = clash.second if winner is clash.first else clash.first
            losers[loser.id] = (Status.MISALIGNED, winner.id)
        elif clash.first.message != clash.second.message:
            losers.setdefault(clash.first.id, (Status.SUPERSEDED, clash.second.id))
    return [replace(e, status=losers[e.id][0], by=losers[e.id][1]) if e.id in losers else e for e in entries]


def _delegated(entry: Entry, delegations: Sequence[Entry]) -> Entry:
    if entry.status is not Status.WITHOUT_AUTHORITY or not delegations:
        return entry
    return replace(entry, by=delegations[-1].id)


def _dropped(analysis: Analysis, entries: Sequence[Entry]) -> list[Entry]:
    """The standing constraints of the last turn that no words of this turn's context hold any more."""
    history = analysis.history
    if history is None or history.unbroken:
        return []
    text = " ".join(" ".join(segment.text.split()) for segment in analysis.segments)
    held = [entry.constraint for entry in entries]
    gone = []
    for entry in history.before.constraints.entries:
        c = entry.constraint
        if entry.status is not Status.ACTIVE or c.scope is not Scope.CONVERSATION or c.type == "untyped":
            continue
        if " ".join(c.text.split()) in text or any(_same_matter(c, other) for other in held):
            continue
        gone.append(replace(entry, id=f"before.{entry.id}", status=Status.DROPPED, verdict=None))
    return gone


def _same_matter(one: Constraint, other: Constraint) -> bool:
    """Whether a constraint says something of what another was about, be it the same or not."""
    return one.type == other.type and one.target is other.target


def _entry_of(entries: Iterable[Entry], constraint: Constraint) -> Entry:
    return next(entry for entry in entries if entry.constraint is constraint)


def typed(entries: Iterable[Entry]) -> list[Entry]:
    """Entries whose kind is known and which are about the response, without condition."""
    return [
        entry
        for entry in entries
        if entry.constraint.type not in _LISTED
        and entry.constraint.condition is None
        and entry.constraint.qualifier is None
        and entry.constraint.target is Target.RESPONSE
    ]


@dataclass(frozen=True, slots=True)
class Drift:
    """One bound given twice with different numbers, which both can be kept, and so was not meant twice."""

    first: Entry
    second: Entry


def drifts(instruction_register: Register) -> list[Drift]:
    """Bounds on one thing, on one side, that differ between two instructions of equal authority."""
    found = []
    seen: dict[tuple[object, ...], Entry] = {}
    clashing = {clash.first.id for clash in instruction_register.clashes} | {
        clash.second.id for clash in instruction_register.clashes
    }
    for entry in typed(instruction_register.binding):
        params = entry.constraint.params
        lo, hi = params.get("lo"), params.get("hi")
        if entry.id in clashing or (lo is None) == (hi is None) or params.get("approx"):
            continue
        thing = (
            entry.constraint.type,
            params.get("word"),
            params.get("char"),
            params.get("each"),
            lo is None,
            entry.authority,
        )
        before = seen.setdefault(thing, entry)
        same = before.segment is entry.segment and before.constraint.sentence == entry.constraint.sentence
        if (
            before is not entry
            and not same
            and (before.constraint.params["lo"], before.constraint.params["hi"]) != (lo, hi)
        ):
            found.append(Drift(before, entry))
    return found


def violations(instruction_register: Register) -> list[Entry]:
    """The binding entries that the answer breaks; one that is said twice counts once, where it stands last."""
    broken: dict[tuple[str, str, bool], Entry] = {}
    for entry in instruction_register.entries:
        if entry.verdict is not None and entry.verdict.outcome is Outcome.FAIL:
            broken[
                entry.constraint.type, repr(sorted(entry.constraint.params.items(), key=str)), entry.constraint.negative
            ] = entry
    return list(broken.values())

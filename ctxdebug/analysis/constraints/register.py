"""The instruction register: every instruction of a context, where it stands, whose it is, and what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ctxdebug.analysis.constraints import (
    Constraint,
    Outcome,
    Scope,
    extract,
    infeasible,
)
from ctxdebug.analysis.constraints.clashes import LISTED, Clash, clashes_among, ranked
from ctxdebug.analysis.constraints.compliance import answer_of, verdict_on
from ctxdebug.analysis.constraints.constraint import CHECKED_TYPES
from ctxdebug.analysis.constraints.entry import Entry, Examination, Status
from ctxdebug.analysis.constraints.other_languages import language_of
from ctxdebug.model import Authority, Kind, Provenance, Role
from ctxdebug.records import record, replace
from ctxdebug.text.languages import languages
from ctxdebug.text.wordings import wording

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ctxdebug.analysis import Analysis
    from ctxdebug.analysis.constraints import Infeasible
    from ctxdebug.model import Segment

MOST_COMPARED = 400
"""Constraints that are compared pair by pair; a context with more is not compared at all, which is told."""


@record(frozen=True, slots=True)
class Unread:
    """A text with authority whose instructions were not read, because of its `language` (ISO 639-1)."""

    segment: Segment
    language: str

    @property
    def why(self) -> str:
        """The reason, in a few words."""
        return f"written in another language ({self.language}), in which instructions are not read"


@record(frozen=True, slots=True)
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
        """Return the binding entries of some types."""
        return tuple(entry for entry in self.entries if entry.binding and entry.constraint.type in types)

    @property
    def binding(self) -> tuple[Entry, ...]:
        """The entries that the answer had to keep."""
        return tuple(entry for entry in self.entries if entry.binding)


def instruction_register(analysis: Analysis) -> Register:
    """Read the constraints of a context, rank them, and check the answer against those that bind it."""
    entries = [entry for segment in analysis.segments if _speaks(segment) for entry in _entries(analysis, segment)]
    entries = _without_material(analysis, _of_this_turn(analysis, entries))
    lifts = _lifts(entries)
    entries = [_lifted(entry, lifts) for entry in entries]
    compared = sum(e.constraint.type not in LISTED or bool(e.constraint.params) for e in entries) <= MOST_COMPARED
    clashes = clashes_among(analysis, entries) if compared else ()
    entries = ranked(entries, clashes)
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
    """Return the texts with authority that are in a language whose instructions are not read."""
    found = []
    for segment in analysis.segments:
        if segment.authority < Authority.USER or segment.kind is not Kind.TEXT:
            continue
        spoken = languages(segment.text)
        if spoken and "en" not in spoken and language_of(segment.text) is None:
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


_MATERIAL = wording("constraint_meta", "material")


def _without_material(analysis: Analysis, entries: list[Entry]) -> list[Entry]:
    """Take the authority from what a user's message asks of the answer where the task is done to that message: `Translate what the user sends`."""
    if not any(_MATERIAL.search(s.text) for s in analysis.segments if s.authority > Authority.USER):
        return entries
    return [
        replace(entry, status=Status.WITHOUT_AUTHORITY)
        if entry.segment.authority is Authority.USER and entry.constraint.type in CHECKED_TYPES
        else entry
        for entry in entries
    ]


def _replies(segments: Iterable[Segment]) -> bool:
    """Whether an assistant message is an answer, and not only a step on the way (a call with a few words)."""
    parts = list(segments)
    return any(p.kind is Kind.TEXT and p.text.strip() for p in parts) and all(
        p.kind is not Kind.TOOL_CALL for p in parts
    )


_LIFTS = (
    ("word", "length.words"), ("sentence", "length.sentences"), ("paragraph", "length.paragraphs"), ("character", "length.chars"),
    ("length", "length."),
    ("cap", "case."), ("lowercase", "case."), ("bullet", "format.bullets"), ("json", "format.json"), ("emoji", "emoji"), ("language", "language"),
    ("format", "format."), ("limit", "length."),
)  # fmt: skip
"""What a user calls a rule that is to hold no longer, and the types that are meant; other names mean every rule."""


def _lifts(entries: Sequence[Entry]) -> list[tuple[str, Entry]]:
    """Return what takes rules back, with the types that are meant; the first of those that take back the same."""
    found: dict[tuple[str, int, Authority], Entry] = {}
    for entry in entries:
        if entry.constraint.type == "meta.lift" and entry.binding:
            what = str(entry.constraint.params["what"])
            prefix = next((prefix for name, prefix in _LIFTS if name in what), "")
            found.setdefault((prefix, entry.message, entry.authority), entry)
    return [(prefix, lift) for (prefix, _, _), lift in found.items()]


def _lifted(entry: Entry, lifts: Sequence[tuple[str, Entry]]) -> Entry:
    """Mark what a later message of no lower authority takes back, as `Forget the word limit now` does."""
    if not entry.binding or entry.constraint.type == "meta.lift":
        return entry
    for prefix, lift in lifts:
        if (
            entry.message < lift.message
            and entry.authority <= lift.authority
            and entry.constraint.type.startswith(prefix)
        ):
            return replace(entry, status=Status.SUPERSEDED, by=lift.id)
    return entry


def _delegated(entry: Entry, delegations: Sequence[Entry]) -> Entry:
    if entry.status is not Status.WITHOUT_AUTHORITY or not delegations:
        return entry
    return replace(entry, by=delegations[-1].id)


def _dropped(analysis: Analysis, entries: Sequence[Entry]) -> list[Entry]:
    """Return the standing constraints of the last turn that no words of this turn's context hold any more."""
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
    return one.type == other.type and one.target is other.target and one.parts == other.parts


def _entry_of(entries: Iterable[Entry], constraint: Constraint) -> Entry:
    return next(entry for entry in entries if entry.constraint is constraint)


def violations(instruction_register: Register) -> list[Entry]:
    """Return the binding entries that the answer breaks; one that is said twice counts once, where it stands last."""
    broken: dict[tuple[str, str, bool], Entry] = {}
    for entry in instruction_register.entries:
        if entry.verdict is not None and entry.verdict.outcome is Outcome.FAIL:
            broken[
                entry.constraint.type,
                f"{sorted(entry.constraint.params.items(), key=str)} {entry.constraint.parts}",
                entry.constraint.negative,
            ] = entry
    return list(broken.values())

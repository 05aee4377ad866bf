"""Instructions of one context that cannot both be kept, and who wins."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from ctxdebug.analysis.constraints.conflicting import conflicting, form_of, opposable
from ctxdebug.analysis.constraints.entry import Entry, Status
from ctxdebug.records import record, replace
from ctxdebug.text.languages import languages

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ctxdebug.analysis import Analysis

LISTED = frozenset({"untyped", "style", "persona", "topic", "secrecy", "safety"})
"""Kinds of constraints that are listed, and compared only where they name what they ask for."""
_MANY = 8
"""Conflicts of one instruction beyond which another of them says nothing new: 400 instructions have up to 80,000 pairs."""


@record(frozen=True, slots=True)
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


def clashes_among(analysis: Analysis, entries: Sequence[Entry]) -> tuple[Clash, ...]:
    """Compare the entries pair by pair; the time is quadratic in their number, which the caller bounds.

    Two of one message that each conflict with many others already are not told against each other too.
    """
    known = bool(analysis.earlier)  # an earlier turn's conflicts were found on its own exchange
    typed = [
        e
        for e in entries
        if (e.binding or (e.status is Status.PAST and not known))
        and (e.constraint.type not in LISTED or e.constraint.params)
        and e.constraint.condition is None
    ]
    if len(typed) < 2:
        return ()
    asked = languages(analysis.question.text) if analysis.question else ()
    language = asked[0] if len(asked) == 1 else None
    found = []
    told = Counter[str]()
    forms = [form_of(entry.constraint) for entry in typed]
    against = {form: frozenset(other for other in set(forms) if opposable(form, other)) for form in set(forms)}
    for number, first in enumerate(typed):
        rivals = against[forms[number]]
        for second in (typed[at] for at in range(number + 1, len(typed)) if forms[at] in rivals):
            if first.segment is second.segment and first.constraint.sentence == second.constraint.sentence:
                continue
            if not _together(first, second):
                continue
            if min(told[first.id], told[second.id]) >= _MANY and first.message == second.message:
                continue
            reason = conflicting(first.constraint, second.constraint, user_language=language)
            if reason and not _chosen(first, second):
                found.append(Clash(first, second, *reason))
                told.update((first.id, second.id))
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


def ranked(entries: list[Entry], clashes: Iterable[Clash]) -> list[Entry]:
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

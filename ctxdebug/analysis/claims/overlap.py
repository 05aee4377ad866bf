"""What two statements share, what each has alone, and whether these leftovers make them speak of different things."""

from __future__ import annotations

import re
from itertools import pairwise

from ctxdebug.analysis.claims.statement import Statement
from ctxdebug.analysis.claims.values import ValueKind
from ctxdebug.analysis.claims.words import OPPOSITES, STEM, WEIGHT, lexicon, likes, weight_of
from ctxdebug.records import record
from ctxdebug.text.patterns import lazy

_QUALIFIERS = frozenset(STEM[word] or word for word in str(lexicon()["qualifiers"]).split())
_PLACED = lazy(r"\b(?:in|for|at|to|on|from|inside|outside|within)\s+(?:the\s+)?$", re.IGNORECASE)
_TELLING_WEIGHT = 0.3
"""Words that weigh no more say nothing of what two statements are about."""
_CODED = frozenset({ValueKind.IDENTIFIER, ValueKind.URL, ValueKind.EMAIL})


@record(frozen=True, slots=True)
class Overlap:
    """What two statements share, synonyms counted as shared, and what each has alone."""

    shared: float
    only_left: frozenset[str]
    only_right: frozenset[str]
    containment: float


def overlap(a: Statement, b: Statement) -> Overlap:
    """Compare subjects: shared weight, leftovers of both sides, containment in the smaller."""
    common = a.subject & b.subject
    left, right = set(a.subject - common), set(b.subject - common)
    shared = weight_of(common)
    for stem in sorted(left):
        partner = min(likes(stem) & right, default=None)
        if partner is not None:
            shared += min(WEIGHT[stem], WEIGHT[partner])
            left.discard(stem)
            right.discard(partner)
    lone = min(weight_of(left), weight_of(right))
    return Overlap(shared, frozenset(left), frozenset(right), shared / (shared + lone) if shared else 0.0)


def qualifier_gate(a: Statement, b: Statement, lap: Overlap) -> float:
    """Return the qualifier gate on words and names."""
    gate = 1.0
    names_a, names_b = lone_names(a, b), lone_names(b, a)
    if names_a and names_b:
        gate *= 0.35
    elif any(
        _PLACED.search(s.text[max(0, s.names[n][0] - 14) : s.names[n][0]])
        for s, names in ((a, names_a), (b, names_b))
        for n in names
    ):
        gate *= 0.45
    if alternatives(a, b, lap):
        gate *= 0.4
    elif (lap.only_left & _QUALIFIERS) or (lap.only_right & _QUALIFIERS):
        gate *= 0.45
    return gate


def lone_names(a: Statement, b: Statement) -> set[str]:
    """Names that only one side has; an id or address is a value, and gates as one."""
    coded = [(value.start, value.end) for value in a.values if value.kind in _CODED]
    return {
        name
        for name, (start, _) in a.names.items()
        if STEM[name] not in b.stems
        and name not in b.text.lower()
        and not any(begin <= start < stop for begin, stop in coded)
    }


def alternatives(a: Statement, b: Statement, lap: Overlap) -> list[tuple[str, str]]:
    """Words that stand in the same place of both statements and are not the same: `standard` / `express` shipping."""
    if not lap.only_left or not lap.only_right:
        return []
    before_a, after_a = _neighbours(a)
    before_b, after_b = _neighbours(b)
    none: set[str] = set()
    theirs = [
        (y, before_b.get(y, none), after_b.get(y, none)) for y in sorted(lap.only_right) if WEIGHT[y] > _TELLING_WEIGHT
    ]
    found = []
    for x in sorted(lap.only_left) if theirs else ():
        if WEIGHT[x] <= _TELLING_WEIGHT:
            continue
        before, after, opposite = before_a.get(x, none), after_a.get(x, none), OPPOSITES[x]
        for y, before_y, after_y in theirs:
            if not before.isdisjoint(before_y) or not after.isdisjoint(after_y) or y in opposite:
                found.append((x, y))
    return found


def _neighbours(a: Statement) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    before: dict[str, set[str]] = {}
    after: dict[str, set[str]] = {}
    for left, right in pairwise(a.order):
        after.setdefault(left, set()).add(right)
        before.setdefault(right, set()).add(left)
    return before, after

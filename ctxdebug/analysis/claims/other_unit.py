"""The same figure in another unit: `15 dl`, where the sentence says 15 ml."""

from __future__ import annotations

from collections.abc import Iterator

from ctxdebug.analysis.claims.alignment import Alignment
from ctxdebug.analysis.claims.comparison import Relation, compare
from ctxdebug.analysis.claims.values import Value, ValueKind
from ctxdebug.text.patterns import lazy

_COVERED = 0.5
"""Share of the rest of the claim that the sentence must have."""
_SURE = 0.86
_MOST = 16
"""Values of a claim that are looked at."""
_FIGURE = lazy(r"\d[\d.,]*")
_MEASURED = frozenset({ValueKind.QUANTITY, ValueKind.DURATION, ValueKind.MONEY})


def slips(one: Alignment) -> Iterator[tuple[float, Value, Value]]:
    """Yield how sure it is, and both values: a figure that both sides have, each in a unit of its own, and that no other value of either explains."""
    for mine in one.claim.values[:_MOST]:
        if mine.kind not in _MEASURED or _said(mine, one.source.values):
            continue
        theirs = [other for other in one.source.values if _slipped(mine, other) and not _said(other, one.claim.values)]
        covered = one.covered() if len(theirs) == 1 else 0.0
        if len(theirs) == 1 and any(_said(other, one.source.values) for other in one.claim.values if other is not mine):
            covered = max(covered, _COVERED)  # `per 10 litres` of both
        if covered >= _COVERED:
            yield max(covered, _SURE), mine, theirs[0]


def _said(value: Value, others: tuple[Value, ...]) -> bool:
    return any(compare(value, other).relation is not Relation.CONFLICT and value.kind is other.kind for other in others)


def _slipped(mine: Value, other: Value) -> bool:
    """Whether two values have one figure and another unit of one kind: millilitres and decilitres, days and weeks, euros and dollars."""
    if mine.kind is not other.kind or (mine.unit == other.unit and mine.low == other.low):
        return False
    if mine.kind is ValueKind.QUANTITY and mine.unit != other.unit:
        return False
    here, there = _FIGURE.search(mine.text), _FIGURE.search(other.text)
    return here is not None and there is not None and here[0] == there[0]

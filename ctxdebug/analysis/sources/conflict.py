"""A conflict between two sources, and the side of it that an answer took."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from ctxdebug.analysis.claims.comparison import Relation, compare
from ctxdebug.analysis.claims.statement import Statement
from ctxdebug.analysis.claims.values import Value
from ctxdebug.analysis.sources.corpus import folded
from ctxdebug.analysis.sources.source import Passage
from ctxdebug.records import record, replace


class Basis(StrEnum):
    """What a conflict stands on."""

    TYPED = "same subject, two values"
    QUESTION = "two answers to the question"
    WORDING = "near-duplicates, reworded"


class Side(StrEnum):
    """Which side an answer took."""

    LEFT = "left"
    RIGHT = "right"
    BOTH = "both"
    NEITHER = "neither"


@record(frozen=True, slots=True)
class Conflict:
    """Two passages of different sources that say different things: the spans, the two values, and how sure (0 to 1)."""

    kind: str
    basis: Basis
    left: Passage
    right: Passage
    left_value: str
    right_value: str
    left_spot: Passage
    right_spot: Passage
    score: float
    relevance: float
    """How much of the question both statements cover, 0 to 1; 0 without a question."""
    used: Side | None = None
    """Which side the answer took; None without an answer."""
    anchored: bool = True
    """False where neither statement names its subject and the sources may speak of different things of one name."""
    times: int = 1
    """How many pairs of sources show it."""
    pair: tuple[Statement, Statement] | None = None
    values: tuple[Value | None, Value | None] = (None, None)

    @property
    def sure(self) -> bool:
        """Whether it is one subject with two values, and not only two wordings or two things of one name."""
        return self.basis is Basis.TYPED and self.anchored


def taken(conflict: Conflict, answer: Sequence[Statement]) -> Conflict:
    """Return the conflict with the side that the answer took."""
    left = right = False
    for statement in answer:
        left = left or _holds(statement, conflict, 0)
        right = right or _holds(statement, conflict, 1)
    side = Side.BOTH if left and right else Side.LEFT if left else Side.RIGHT if right else Side.NEITHER
    return replace(conflict, used=side)


def _says(value: Value, mine: Value) -> bool:
    """Equal, or the same amount with another bound: `up to 5 days` and `5 days`."""
    same = value.kind is mine.kind and value.unit == mine.unit and not value.key
    return compare(value, mine).relation is Relation.EQUAL or (
        same and (value.low, value.high) == (mine.low, mine.high)
    )


def _holds(statement: Statement, conflict: Conflict, side: int) -> bool:
    """Whether an answer's sentence says one side's value, of that side's subject."""
    assert conflict.pair is not None
    source = conflict.pair[side]
    value = conflict.values[side]
    common = len(statement.stems & source.stems)
    if value is not None:
        other = conflict.values[1 - side]
        return (common >= 2 or len(statement.stems) <= 3) and any(
            _says(value, mine) and not (other and _says(other, mine)) for mine in statement.values
        )
    words = folded((conflict.left_value, conflict.right_value)[side])
    if conflict.kind in {"negation", "wording"}:
        return (
            common >= 2
            and common >= 0.5 * len(source.stems)
            and len(statement.negations) % 2 == len(source.negations) % 2
        )
    return bool(words) and words in folded(statement.text)

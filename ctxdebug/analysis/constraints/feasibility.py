"""Which constraints cannot be kept within the output limit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ctxdebug.analysis.constraints.constraint import Strength, Target
from ctxdebug.analysis.constraints.direct import said
from ctxdebug.records import record

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ctxdebug.analysis.constraints.constraint import Constraint


@record(frozen=True, slots=True)
class Infeasible:
    """A constraint that cannot be kept in the room there is. `tokens` is the least it needs."""

    constraint: Constraint
    reason: str
    tokens: int | None = None


_LEAST_TOKENS = {
    "length.words": 1.0, "length.sentences": 3.0, "length.paragraphs": 4.0, "length.lines": 2.0, "length.chars": 0.15, "length.tokens": 1.0,
    "format.bullets": 4.0, "format.sections": 4.0, "format.placeholders": 3.0, "format.highlights": 3.0, "case.capwords": 1.0,
    "keywords.freq": 1.0, "emoji": 1.0,
}  # fmt: skip
"""The fewest output tokens that one unit can take, with room to spare: a word is one token at least."""


def infeasible(constraints: Sequence[Constraint], max_output_tokens: int | None = None) -> list[Infeasible]:
    """Constraints that the output limit leaves no room for; bounds against each other are conflicts."""
    wanted = [
        c
        for c in constraints
        if c.type in _LEAST_TOKENS
        and c.target is Target.RESPONSE
        and not c.condition
        and not c.qualifier
        and c.strength is not Strength.MAY
    ]
    found = []
    for constraint in wanted:
        least = constraint.params.get("lo")
        if least is None or constraint.partial:
            continue
        tokens = round(least * _LEAST_TOKENS[constraint.type] * (0.75 if constraint.params.get("approx") else 1))
        if max_output_tokens is not None and tokens > max_output_tokens:
            found.append(
                Infeasible(
                    constraint,
                    f"{said(constraint)} need {tokens} tokens or more, the output limit is {max_output_tokens}",
                    tokens,
                )
            )
    return found

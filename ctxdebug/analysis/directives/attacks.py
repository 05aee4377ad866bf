"""One finding an attack: directives that belong together, with the one that leads.

An attack is rarely one sentence. Its frame, its instruction, its hidden twin and the tag that closes it stand side by side,
and one text may reach the model twice. Whoever reads the findings wants to see it once.
"""

from __future__ import annotations

from collections.abc import Iterable

from ctxdebug.analysis.directives.directive import Directive, Found, Grade
from ctxdebug.records import record

NEAR = 240
"""Characters between two directives of one attack."""
_GRADES = (Grade.FRAMED, Grade.BARE, Grade.DOWNGRADED)
_KINDS = (Found.HIDDEN, Found.ENCODED, Found.BREAKOUT, Found.LURE, Found.READING, Found.GUARD)


@record(frozen=True, slots=True)
class Attack:
    """The directive that is reported, and the others of the same attack, copies in other segments included."""

    lead: Directive
    others: tuple[Directive, ...]


def attacks(found: Iterable[Directive]) -> tuple[Attack, ...]:
    """Return directives grouped into attacks, in order of place."""
    clusters: list[list[Directive]] = []
    for one in sorted(found, key=lambda directive: directive.passage.start):
        cluster = next((row for row in clusters if _near(row, one)), None)
        if cluster is None:
            clusters.append([one])
        else:
            cluster.append(one)
    groups: dict[str, list[Directive]] = {}
    for cluster in clusters:
        lead = _lead(cluster)
        groups.setdefault(f"{lead.passage.found}|{lead.plain}", []).extend(
            [lead, *(d for d in cluster if d is not lead)]
        )
    order = {id(one): place for place, one in enumerate(found)}
    made = [Attack(row[0], tuple(row[1:])) for row in groups.values()]
    return tuple(sorted(made, key=lambda attack: order[id(attack.lead)]))


def _near(row: list[Directive], one: Directive) -> bool:
    if row[0].segment is not one.segment:
        return False
    if _is_grave(row[0]) != _is_grave(one) and not any(_overlap(other, one) for other in row):
        return False
    return any(one.passage.start - other.passage.end <= NEAR for other in row)


def _is_grave(one: Directive) -> bool:
    return one.grade is Grade.FRAMED


def _overlap(one: Directive, other: Directive) -> bool:
    return one.passage.start < other.passage.end and other.passage.start < one.passage.end


def _lead(row: list[Directive]) -> Directive:
    """Return the directive that says most: framed before bare, hidden before read, certain before likely."""
    return min(row, key=_rank)


def _rank(one: Directive) -> tuple[int, int, int]:
    doubtful = one.passage.found is Found.BREAKOUT and not one.passage.certain
    return _GRADES.index(one.grade), 5 if doubtful else _KINDS.index(one.passage.found), one.passage.start

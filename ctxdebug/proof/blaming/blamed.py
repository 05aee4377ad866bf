"""What a blame came to: every edit with its verdict, and what the failure is, as a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ctxdebug.proof.attribution.attribution import Attribution
from ctxdebug.proof.blaming.verdicts import Blame, Judged
from ctxdebug.proof.doses import DoseResponse
from ctxdebug.proof.sequential import Counts
from ctxdebug.records import record, replace

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ctxdebug.evals.endpoint import NoAnswerError

_AS_WELL = 0.5
"""How much more it must fail with text about nothing in the place of a part than without it, for the amount to matter."""


@record(frozen=True, slots=True)
class Blamed:
    """What was found. Rows are in the order in which they were tested; `ranked` puts causes first."""

    whole: Counts
    suspects: tuple[Judged, ...] = ()
    """One a suspect, then one a group of the other parts, or one of these."""
    places: tuple[Judged, ...] = ()
    """The text that the answer should come from, moved."""
    pairs: tuple[Judged, ...] = ()
    """Two suspects taken out at once, where each alone changes too little; or put back at once, where each alone is not enough."""
    doses: DoseResponse | None = None
    """The context with fewer and fewer of its parts, where no part alone is the cause."""
    attribution: Attribution | None = None
    """What log-probabilities said of the parts, where they were asked for; replay has the last word."""
    fact: str = ""
    """The text that the answer should come from, where there is one."""
    conclusion: str = ""
    reproduced: bool = True
    notes: tuple[str, ...] = ()
    error: NoAnswerError | None = None
    interrupted: bool = False
    """Whether Ctrl-C ended it."""

    @property
    def ranked(self) -> tuple[Judged, ...]:
        """Every edit: causes, what contributes, undecided, innocent, not tested; the strongest effect first."""
        order = {blame: number for number, blame in enumerate(_ORDER)}
        edits = (*self.suspects, *self.places, *self.pairs)
        return tuple(sorted(edits, key=lambda one: (order[one.blame], -(one.effect.difference if one.effect else 0))))


_ORDER = (Blame.CAUSE, Blame.CONTRIBUTES, Blame.UNDECIDED, Blame.INNOCENT, Blame.NOT_TESTED)


def is_amount(one: Judged) -> bool:
    """Whether text about nothing in the place of what was taken out fails as well."""
    return one.replaced is not None and one.replaced.rate > one.counts.rate + _AS_WELL


def by_amount(one: Judged) -> Judged:
    """Return an edit of one part whose text matters only by its amount told so."""
    if one.parts == 1 and one.blame is Blame.CAUSE and is_amount(one):
        reason = "by its length: with as much text about nothing in its place it fails as well"
        return replace(one, blame=Blame.CONTRIBUTES, reason=reason)
    return one


def conclusion(
    suspects: Sequence[Judged],
    places: Sequence[Judged],
    pairs: Sequence[Judged],
    doses: DoseResponse | None,
    wrong: float,
) -> str:
    """Return what the failure is, as a sentence; empty where it is not settled. `wrong` bounds the p of a trend."""
    causes = [one for one in suspects if one.blame is Blame.CAUSE]
    alone = [one for one in causes if one.parts == 1]
    single = [one for one in alone if not any(_contains(one, other) for other in alone)]
    by_place = [one for one in places if one.blame is Blame.CAUSE]
    if len(single) > 1:
        return f"it takes {len(single)} parts together, and without any one of them it ends: {' · '.join(one.label for one in single)}"
    if single:
        moved_too = (
            " (moving the right text ends it too)" if by_place else ", wherever the right text stands" if places else ""
        )
        return f"the answer follows what was taken out: {single[0].label}{moved_too}"
    if by_place:
        return "it is a matter of position: with the right text elsewhere, the same context is answered from it"
    if both := [one for one in pairs if one.blame is Blame.CAUSE]:
        return f"two parts cause it, each enough alone, and it ends only where both are taken out: {both[0].label}"
    if any(is_amount(one) for one in suspects):
        return "it is a matter of amount, not of what the text says: with as much text about nothing in its place it fails as well"
    if doses is not None and doses.p <= wrong and doses.is_gradual:
        parts = doses.doses[0].parts
        return f"it is gradual: the rate of failure falls with each of {parts} parts that is taken out, and none of them is the cause alone"
    if causes:
        return "several parts cause it, each enough alone: it ends only where they are taken out together"
    return ""


def _contains(outer: Judged, inner: Judged) -> bool:
    """Whether one suspect is a stretch of another: both are then one cause, and the shorter names it."""
    if outer.cuts == inner.cuts or len(outer.cuts) != 1 or len(inner.cuts) != 1:
        return False
    around, within = outer.cuts[0], inner.cuts[0]
    if around.path != within.path or around.span is None or within.span is None:
        return False
    return around.span[0] <= within.span[0] and within.span[1] <= around.span[1]

"""What the answers without a part say of it, against the answers to the whole context."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from ctxdebug.evals.statistics import holm
from ctxdebug.proof.sequential import Counts, Effect, effect, effect_without_sampling, more_to_tell
from ctxdebug.proof.units import Cut
from ctxdebug.records import field, record, replace

LOOKS = (5, 10, 20)
"""Answers after which a part may be judged; its p-value is multiplied by their number."""
_MARGIN = 0.3
"""A part whose taking out changes the rate of failures by less than this, surely, is innocent."""
_ENDS = 0.25
"""Share of the failures that may be left where a part is the cause, and not one of several."""


ASKING_ENDED = "the asking ended before"
"""Why a suspect was not tested that would have come later."""


class Blame(StrEnum):
    """What a part has to do with the failure."""

    CAUSE = "cause"
    CONTRIBUTES = "contributes"
    INNOCENT = "innocent"
    UNDECIDED = "undecided"
    NOT_TESTED = "not tested"


@record(frozen=True, slots=True)
class Judged:
    """One edit: how often the request fails with it, and how that differs from the whole context."""

    label: str
    """What was taken out, or moved."""
    codes: tuple[str, ...] = ()
    findings: tuple[str, ...] = ()
    """The fingerprints of the findings that name it."""
    counts: Counts = field(default_factory=Counts)
    effect: Effect | None = None
    p: float = 1.0
    """Corrected for the looks at it and for the number of edits (Holm)."""
    blame: Blame = Blame.NOT_TESTED
    reason: str = ""
    more: int | None = None
    """About how many more answers would decide it."""
    parts: int = 1
    replaced: Counts | None = None
    """With text about nothing in its place."""
    cuts: tuple[Cut, ...] = ()
    """Where a suspect is."""
    sampled: bool = True
    """False where all answers came without sampling and were alike, so that no interval is needed."""
    alone: Counts | None = None
    """Put back alone, where every other suspect is left out."""

    @property
    def is_clear(self) -> bool:
        """Whether it fails less without it, as far as one interval tells."""
        return self.effect is not None and self.effect.low > 0

    @property
    def is_small(self) -> bool:
        """Whether it surely fails about as often without it."""
        return self.effect is not None and self.effect.high < _MARGIN


def looked(
    label: str, whole: Counts, counts: Counts, confidence: float, codes: tuple[str, ...] = (), parts: int = 1
) -> Judged:
    """Return an edit with its effect; the p-value counts the looks at it."""
    seen = effect(whole, counts, confidence)
    return Judged(label, codes, (), counts, seen, min(1.0, seen.p * len(LOOKS)), parts=parts)


def looked_without_sampling(
    label: str, whole: Counts, counts: Counts, codes: tuple[str, ...] = (), parts: int = 1
) -> Judged:
    """Return an edit whose answers, and those to the whole request, are alike."""
    exact = effect_without_sampling(whole, counts)
    return Judged(label, codes, (), counts, exact, exact.p, parts=parts, sampled=False)


def is_settled(one: Judged, edits: int, confidence: float) -> bool:
    """Whether a look is enough: the difference is clear whatever the other edits show, or surely small."""
    return one.is_small or (one.is_clear and one.p * edits <= 1 - confidence)


def judged(edits: Sequence[Judged], whole: Counts, confidence: float) -> list[Judged]:
    """Return the edits with corrected p-values and verdicts, in the order given."""
    tested = [one for one in edits if one.effect is not None]
    adjusted = iter(holm([one.p for one in tested]))
    return [
        _judged(replace(one, p=next(adjusted)), whole, confidence) if one.effect is not None else one for one in edits
    ]


def _judged(one: Judged, whole: Counts, confidence: float) -> Judged:
    assert one.effect is not None
    if one.effect.low > 0 and one.p <= 1 - confidence:
        ends = one.counts.rate <= _ENDS * whole.rate
        return replace(one, blame=Blame.CAUSE if ends else Blame.CONTRIBUTES)
    if one.effect.high < _MARGIN:
        return replace(one, blame=Blame.INNOCENT)
    return replace(one, blame=Blame.UNDECIDED, more=more_to_tell(whole, one.counts, confidence))

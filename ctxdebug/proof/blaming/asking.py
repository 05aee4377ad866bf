"""Ask for edits of a request in looks, until each is settled; without sampling, answers that repeat themselves are enough."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ctxdebug.proof.blaming.verdicts import LOOKS, Judged, is_settled, looked, looked_without_sampling
from ctxdebug.proof.sequential import Counts
from ctxdebug.proof.trial import RefusedError
from ctxdebug.records import field, record

if TYPE_CHECKING:
    from ctxdebug.proof.request import Request
    from ctxdebug.proof.trial import Experiment

_STILL_WHOLE, _STILL = 3, 2
"""Answers to the whole request, and to an edit, without sampling and while they are alike."""


@record(slots=True)
class Asking:
    """Asks for the whole request first, then for edits of it."""

    experiment: Experiment
    confidence: float
    edits: int = 1
    """About how many edits will be looked at: the p-values are corrected for them."""
    whole: Counts = field(default_factory=Counts)
    still: bool = False
    """Whether answers to the same request were alike, without sampling, until now."""

    def begin(self) -> Counts:
        """Ask the whole request, and return how often it fails."""
        original = self.experiment.original
        if self.experiment.deterministic:
            self.whole = self.experiment.counts(original, _STILL_WHOLE)
            self.still = self.whole.are_alike
        if not self.still:
            self.whole = self.experiment.counts(original, LOOKS[-1])
        return self.whole

    def edit(self, label: str, request: Request, codes: tuple[str, ...] = (), parts: int = 1) -> Judged:
        """Ask in looks until the effect is settled; an edit that may not be sent says why."""
        one = Judged(label, codes, parts=parts)
        try:
            if self.still:
                counts = self.experiment.counts(request, _STILL)
                if counts.runs and counts.are_alike:
                    return looked_without_sampling(label, self.whole, counts, codes, parts)
                self._moving()
            for look in LOOKS:
                one = looked(label, self.whole, self.experiment.counts(request, look), self.confidence, codes, parts)
                if is_settled(one, self.edits, self.confidence):
                    break
        except RefusedError as refused:
            return Judged(label, codes, reason=str(refused), parts=parts)
        return one

    def counts(self, request: Request, runs: int = LOOKS[1]) -> Counts | None:
        """Return how often a request fails; None where it may not be sent."""
        try:
            return self.experiment.counts(request, _STILL if self.still else runs)
        except RefusedError:
            return None

    def _moving(self) -> None:
        """The same request was answered in two ways: from now on answers are counted as with sampling."""
        self.still = False
        self.whole = self.experiment.counts(self.experiment.original, LOOKS[-1])

"""Pair the same cases on two models, versions or prompts, and say what got worse."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ctxdebug.evals.statistics import fisher, holm, mcnemar, sign_flip
from ctxdebug.records import record

if TYPE_CHECKING:
    from ctxdebug.evals.trials import CaseResult, Evaluation

LEVEL = 0.05
"""Significance at which a canary fails."""


@record(frozen=True, slots=True)
class Change:
    """One case on both sides. `p` is adjusted for the number of cases (Holm); one-sided, worse."""

    case: str
    before: tuple[int, int]
    after: tuple[int, int]
    p: float

    @property
    def difference(self) -> float:
        """Rate after minus rate before."""
        return self.after[0] / self.after[1] - self.before[0] / self.before[1]


@record(frozen=True, slots=True)
class Comparison:
    """A candidate against a baseline. `p` is two-sided, over all paired cases."""

    baseline: str
    candidate: str
    changes: tuple[Change, ...]
    unpaired: tuple[str, ...]
    better: int
    worse: int
    p: float
    method: str

    @property
    def mean(self) -> float:
        """The mean difference of the rates, each case counting once."""
        return sum(change.difference for change in self.changes) / len(self.changes) if self.changes else 0.0

    @property
    def regressions(self) -> tuple[Change, ...]:
        """The cases that got worse, the worst first."""
        worse = [change for change in self.changes if change.difference < 0]
        return tuple(sorted(worse, key=lambda change: (change.p, change.difference, change.case)))

    @property
    def fires(self) -> bool:
        """Whether the canary fails: significantly worse over all, or one case by itself."""
        overall = self.p <= LEVEL and self.mean < 0
        return overall or any(change.p <= LEVEL for change in self.regressions)

    @property
    def undecided(self) -> bool:
        """Whether something got worse that the runs do not suffice to call a regression."""
        return not self.fires and bool(self.regressions)

    def exit_code(self) -> int:
        """1 a regression, 4 worse but undecided, else 0."""
        return 1 if self.fires else 4 if self.undecided else 0


def compare(baseline: Evaluation, candidate: Evaluation) -> Comparison:
    """Pair the cases that both sides judged, and test the difference."""
    before = {result.case: result for result in baseline.results if result.runs}
    after = {result.case: result for result in candidate.results if result.runs}
    shared = [case for case in before if case in after]
    raw = [_worse(before[case], after[case]) for case in shared]
    adjusted = holm(raw)
    changes = tuple(
        Change(case, (before[case].passes, before[case].runs), (after[case].passes, after[case].runs), p)
        for case, p in zip(shared, adjusted, strict=True)
    )
    better = sum(change.difference > 0 for change in changes)
    worse = sum(change.difference < 0 for change in changes)
    single = all(before[case].runs == after[case].runs == 1 for case in shared)
    p = mcnemar(better, worse).p if single else sign_flip([change.difference for change in changes])
    method = "exact McNemar" if single else "sign flips, one value per case"
    unpaired = tuple(sorted(before.keys() ^ after.keys()))
    return Comparison(_name(baseline), _name(candidate), changes, unpaired, better, worse, p, method)


def _worse(before: CaseResult, after: CaseResult) -> float:
    return fisher(before.passes, before.runs, after.passes, after.runs)


def _name(side: Evaluation) -> str:
    return side.model or side.run or side.mode

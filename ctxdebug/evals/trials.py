"""What runs of a case showed, and what that proves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ctxdebug.engine.intervals import Interval, wilson
from ctxdebug.evals.statistics import (
    Decision,
    SequentialTest,
    lower_bound,
    pass_all,
    pass_at,
    upper_bound,
    verdict,
)
from ctxdebug.records import field, record

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ctxdebug.cases.observation import Outcome

MARGIN = 0.2
"""How far below the target the sequential test puts the rate that it must refute."""


@record(frozen=True, slots=True)
class Trial:
    """One answer of one case, judged. `draw` names the draw: equal draws are one piece of evidence."""

    case: str
    index: int
    outcome: Outcome
    answer: str
    draw: str = ""
    seconds: float = 0.0
    cost: float | None = None
    """USD, where the model's prices are known."""
    prompt_tokens: int | None = None
    output_tokens: int | None = None
    fresh: bool = False
    """Asked now, and not read from a record."""


@record(frozen=True, slots=True)
class Target:
    """What the runs of a case must prove."""

    rate: float = 0.9
    confidence: float = 0.95
    cap: int = 60

    def sequential(self) -> SequentialTest:
        """Return the test that stops as soon as the answer is clear."""
        high = min(self.rate, 0.99)
        return SequentialTest(max(high - MARGIN, high / 2), high, 1 - self.confidence, 1 - self.confidence, self.cap)


@record(frozen=True, slots=True)
class CaseResult:
    """The runs of one case. With `sequential`, they were stopped as soon as the answer was clear."""

    case: str
    title: str
    target: Target
    trials: tuple[Trial, ...] = ()
    sequential: bool = False
    fault: str = ""
    """Why no answer came, where one did not."""
    partial: bool = False
    """Interrupted, or out of budget, before all planned runs were made."""
    flaws: tuple[str, ...] = ()
    """Recorded runs only: why the case proves nothing any more."""
    recorded: bool = False

    @property
    def evidence(self) -> tuple[Trial, ...]:
        """The trials that count: judged, and each draw once."""
        return independent(self.trials)

    @property
    def runs(self) -> int:
        """How many trials count."""
        return len(self.evidence)

    @property
    def passes(self) -> int:
        """How many of them passed."""
        return sum(trial.outcome.passed is True for trial in self.evidence)

    @property
    def interval(self) -> Interval:
        """Wilson's interval of the rate."""
        return wilson(self.passes, self.runs, self.target.confidence)

    @property
    def bound(self) -> float:
        """The rate is at least this (Clopper-Pearson, one-sided)."""
        return lower_bound(self.passes, self.runs, self.target.confidence) if self.runs else 0.0

    @property
    def verdict(self) -> Decision:
        """PASS, FAIL, or UNDECIDED when the runs do not suffice."""
        if self.recorded:
            undecided = any(trial.outcome.passed is None for trial in self.trials)
            return Decision.FAIL if self.flaws else Decision.UNDECIDED if undecided else Decision.PASS
        if self.target.rate >= 1 and self.passes < self.runs:
            return Decision.FAIL
        if self.sequential:
            decided = sequential_verdict(self.evidence, self.target)
            if decided is not None and decided is not Decision.UNDECIDED:
                return decided
        return verdict(self.passes, self.runs, self.target.rate, self.target.confidence)

    @property
    def reason(self) -> str:
        """The first failure's reason, or what the passes prove."""
        if self.flaws:
            return self.flaws[0]
        if self.verdict is Decision.PASS:
            return self.proves
        for wanted in (False, None):
            for trial in self.trials:
                if trial.outcome.passed is wanted:
                    return trial.outcome.reason
        return self.fault or self.proves

    @property
    def proves(self) -> str:
        """What the runs prove, in words."""
        if self.recorded:
            return "tells the bad answer from the good one"
        if not self.runs:
            return "no answer was judged"
        level = _percent(self.target.confidence)
        if self.verdict is Decision.FAIL:
            ceiling = upper_bound(self.passes, self.runs, self.target.confidence)
            return f"{self.passes} of {self.runs} proves less than {_percent(ceiling)} (at {level})"
        early = ""
        if self.sequential and self.runs < self.target.cap and self.verdict is Decision.PASS:
            early = f", stopped early: a rate of {_percent(self.target.sequential().low)} is refuted"
        return f"{self.passes} of {self.runs} proves more than {_percent(self.bound)} (at {level}{early})"

    def pass_at(self, k: int) -> float | None:
        """Return the chance that one of k runs passes, unbiased."""
        return pass_at(k, self.passes, self.runs)

    def pass_all(self, k: int) -> float | None:
        """Return the chance that all of k runs pass, unbiased."""
        return pass_all(k, self.passes, self.runs)


@record(frozen=True, slots=True)
class Evaluation:
    """All results of one run."""

    results: tuple[CaseResult, ...]
    mode: str
    """`recorded`, `live` or `replayed`."""
    model: str = ""
    endpoint: str = ""
    run: str = ""
    """The name under which the answers were recorded."""
    calls: int = 0
    seconds: float = 0.0
    cost: float | None = None
    interrupted: bool = False
    stopped: str = ""
    """Why the run ended early, where it did."""
    unreadable: tuple[str, ...] = ()
    notes: tuple[str, ...] = field(default=())

    def count(self, wanted: Decision) -> int:
        """How many cases have this verdict."""
        return sum(result.verdict is wanted for result in self.results)

    @property
    def faults(self) -> tuple[CaseResult, ...]:
        """The cases for which some answer never came."""
        return tuple(result for result in self.results if result.fault)

    def exit_code(self) -> int:
        """130 interrupted, 2 a case was not read, 1 a case fails, 3 an answer never came, 4 undecided, else 0."""
        if self.interrupted:
            return 130
        if self.unreadable:
            return 2
        if self.count(Decision.FAIL):
            return 1
        if self.faults:
            return 3
        return 4 if self.count(Decision.UNDECIDED) else 0


def independent(trials: Iterable[Trial]) -> tuple[Trial, ...]:
    """Return the judged trials, each draw once: a cached answer is the same evidence again."""
    seen: set[str] = set()
    kept = []
    for trial in trials:
        if trial.outcome.passed is None or (trial.draw and trial.draw in seen):
            continue
        seen.add(trial.draw)
        kept.append(trial)
    return tuple(kept)


def repeats_in_a_row(trials: Sequence[Trial]) -> int:
    """Return how many of the last trials are draws that an earlier one had already."""
    seen: set[str] = set()
    row = 0
    for trial in trials:
        row = row + 1 if trial.draw and trial.draw in seen else 0
        seen.add(trial.draw)
    return row


def sequential_verdict(trials: Sequence[Trial], target: Target) -> Decision | None:
    """Return the first decision of the sequential test along the trials, in their order; None to go on."""
    test = target.sequential()
    passes = 0
    for runs, trial in enumerate(trials, 1):
        passes += trial.outcome.passed is True
        decision = test.decide(passes, runs)
        if decision is not None:
            return decision
    return None


def _percent(rate: float) -> str:
    return f"{rate * 100:.0f} %" if rate < 0.995 else f"{rate * 100:.1f} %"

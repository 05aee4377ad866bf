"""What k passes in n runs prove, in the standard library alone.

Intervals follow Clopper and Pearson (1934), and Wilson in `engine/intervals.py`; the sequential test is Wald's, with
the thresholds 1/alpha and beta, which bound both errors exactly instead of approximately.
"""

from __future__ import annotations

import math
import random
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING

from ctxdebug.records import record

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


class Decision(StrEnum):
    """What the runs of a case prove against its target rate."""

    PASS = "PASS"  # noqa: S105  (a verdict, not a password)
    FAIL = "FAIL"
    UNDECIDED = "UNDECIDED"


@lru_cache(maxsize=4096)
def lower_bound(passes: int, runs: int, confidence: float = 0.95) -> float:
    """Return the one-sided Clopper-Pearson bound: the rate is at least this, at this confidence."""
    _check(passes, runs)
    if passes == 0:
        return 0.0
    if passes == runs:
        return float((1 - confidence) ** (1 / runs))
    return _bisect(lambda rate: at_least(passes, runs, rate) - (1 - confidence))


def upper_bound(passes: int, runs: int, confidence: float = 0.95) -> float:
    """Return the one-sided Clopper-Pearson bound: the rate is at most this, at this confidence."""
    return 1 - lower_bound(runs - passes, runs, confidence)


def at_least(passes: int, runs: int, rate: float) -> float:
    """Return the probability of `passes` or more in `runs` independent runs at `rate`."""
    if passes <= 0:
        return 1.0
    if passes > runs or rate <= 0:
        return 0.0
    if rate >= 1:
        return 1.0
    if passes > runs / 2:
        return math.fsum(_binomial(count, runs, rate) for count in range(passes, runs + 1))
    return 1 - math.fsum(_binomial(count, runs, rate) for count in range(passes))


def runs_needed(rate: float, failures: int = 0, confidence: float = 0.95, limit: int = 100_000) -> int | None:
    """Return the fewest runs whose bound reaches `rate` with so many failures; None above `limit`.

    59 runs without a failure prove 95 %; at a rate of 1 no number of runs does.
    """
    if rate <= 0:
        return failures + 1
    if rate >= 1:
        return None
    low, high = failures, failures + 1
    while high <= limit and lower_bound(high - failures, high, confidence) < rate:
        low, high = high, high * 2
    if high > limit and lower_bound(limit - failures, limit, confidence) < rate:
        return None
    high = min(high, limit)
    while high - low > 1:
        middle = (low + high) // 2
        if lower_bound(middle - failures, middle, confidence) >= rate:
            high = middle
        else:
            low = middle
    return high


def verdict(passes: int, runs: int, target: float, confidence: float = 0.95) -> Decision:
    """Return PASS when the bound reaches `target`, FAIL when no rate that high is left, else UNDECIDED.

    A target of 1 means "never fails": one failure refutes it, and runs without failure leave it undecided.
    """
    if runs and lower_bound(passes, runs, confidence) >= target:
        return Decision.PASS
    if runs and (upper_bound(passes, runs, confidence) < target or (target >= 1 and passes < runs)):
        return Decision.FAIL
    return Decision.UNDECIDED


def pass_at(k: int, passes: int, runs: int) -> float | None:
    """Return the unbiased chance that at least one of `k` runs passes; None with fewer than `k` runs."""
    _check(passes, runs)
    if not 1 <= k <= runs:
        return None
    return 1 - math.comb(runs - passes, k) / math.comb(runs, k)


def pass_all(k: int, passes: int, runs: int) -> float | None:
    """Return the unbiased chance that all of `k` runs pass (pass^k); None with fewer than `k` runs."""
    _check(passes, runs)
    if not 1 <= k <= runs:
        return None
    return math.comb(passes, k) / math.comb(runs, k)


@record(frozen=True, slots=True)
class SequentialTest:
    """Wald's test of "the rate is at most `low`" against "it is at least `high`", stopped at `cap` runs.

    `alpha` bounds the chance of PASS at a rate of `low` or less, `beta` that of FAIL at `high` or
    more; both hold whatever the cap, because the likelihood ratio is a martingale.
    """

    low: float
    high: float
    alpha: float = 0.05
    beta: float = 0.05
    cap: int = 60

    def __post_init__(self) -> None:
        if not 0 < self.low < self.high < 1:
            raise ValueError("a sequential test needs 0 < low < high < 1")

    def evidence(self, passes: int, runs: int) -> float:
        """Return the log of the likelihood ratio; above 0 speaks for `high`."""
        gain = passes * math.log(self.high / self.low)
        return gain + (runs - passes) * math.log((1 - self.high) / (1 - self.low))

    def decide(self, passes: int, runs: int) -> Decision | None:
        """Return the verdict after `runs` runs, or None to go on."""
        evidence = self.evidence(passes, runs)
        if evidence >= -math.log(self.alpha):
            return Decision.PASS
        if evidence <= math.log(self.beta):
            return Decision.FAIL
        return Decision.UNDECIDED if runs >= self.cap else None

    def outcomes(self, rate: float) -> dict[Decision, float]:
        """Return the exact chance of each verdict at a true `rate`, by walking every path."""
        chances = dict.fromkeys(Decision, 0.0)
        alive = {0: 1.0}
        for runs in range(1, self.cap + 1):
            following: dict[int, float] = {}
            for passes, chance in alive.items():
                following[passes] = following.get(passes, 0.0) + chance * (1 - rate)
                following[passes + 1] = following.get(passes + 1, 0.0) + chance * rate
            alive = {}
            for passes, chance in following.items():
                decision = self.decide(passes, runs)
                if decision is None:
                    alive[passes] = chance
                else:
                    chances[decision] += chance
        return chances


@record(frozen=True, slots=True)
class Discordance:
    """Exact McNemar over pairs: `better` and `worse` are the pairs that changed; p is two-sided."""

    better: int
    worse: int
    p: float
    mid_p: float


def mcnemar(better: int, worse: int) -> Discordance:
    """Return the exact test that a change made as many pairs better as worse."""
    changed = better + worse
    if changed == 0:
        return Discordance(0, 0, 1.0, 1.0)
    fewer = min(better, worse)
    tail = 1 - at_least(fewer + 1, changed, 0.5) if fewer < changed else 1.0
    point = _binomial(fewer, changed, 0.5)
    exact = min(1.0, 2 * tail)
    mid = 1.0 if better == worse else min(1.0, 2 * (tail - point / 2))
    return Discordance(better, worse, exact, mid)


def fisher(passes_a: int, runs_a: int, passes_b: int, runs_b: int) -> float:
    """Return the one-sided exact p that B passes as rarely as seen, if A and B pass alike."""
    _check(passes_a, runs_a)
    _check(passes_b, runs_b)
    passes = passes_a + passes_b
    total = math.comb(runs_a + runs_b, passes)
    ways = sum(
        math.comb(runs_b, count) * math.comb(runs_a, passes - count)
        for count in range(max(0, passes - runs_a), min(passes_b, passes) + 1)
    )
    return ways / total


def sign_flip(differences: Sequence[float], draws: int = 20_000, seed: int = 20) -> float:
    """Return the two-sided p of a mean difference of 0, each case one cluster.

    One value per case (rate B - rate A). Exact for up to 16 cases that differ; above, `draws`
    seeded random flips, counted with the observed one so that p is never 0.
    """
    changed = [difference for difference in differences if difference]
    if not changed:
        return 1.0
    observed = abs(math.fsum(changed)) - 1e-12
    if len(changed) <= 16:
        sums = [0.0]
        for difference in changed:
            sums = [value + sign * difference for value in sums for sign in (1, -1)]
        return sum(abs(value) >= observed for value in sums) / len(sums)
    generator = random.Random(seed)  # noqa: S311  (a test statistic, not a secret)
    width = len(changed)
    total = math.fsum(changed)
    hits = 1
    for _ in range(draws):
        bits = generator.getrandbits(width)
        flipped = math.fsum(value for index, value in enumerate(changed) if bits >> index & 1)
        hits += abs(total - 2 * flipped) >= observed
    return hits / (draws + 1)


def holm(p_values: Sequence[float]) -> list[float]:
    """Return the p-values adjusted for their number by Holm's steps, in the order given."""
    adjusted = [0.0] * len(p_values)
    highest = 0.0
    for rank, index in enumerate(sorted(range(len(p_values)), key=lambda place: p_values[place])):
        highest = max(highest, min(1.0, (len(p_values) - rank) * p_values[index]))
        adjusted[index] = highest
    return adjusted


def _binomial(count: int, runs: int, rate: float) -> float:
    if runs <= 900:
        return math.comb(runs, count) * rate**count * (1 - rate) ** (runs - count)
    ways = math.lgamma(runs + 1) - math.lgamma(count + 1) - math.lgamma(runs - count + 1)
    return math.exp(ways + count * math.log(rate) + (runs - count) * math.log1p(-rate))


def _bisect(rising: Callable[[float], float]) -> float:
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        if rising(middle) < 0:
            low = middle
        else:
            high = middle
    return low


def _check(passes: int, runs: int) -> None:
    if not 0 <= passes <= runs:
        raise ValueError(f"{passes} passes in {runs} runs")

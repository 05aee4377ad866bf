"""Sequential tests of failures, and the difference between two requests: decided as early as the stated confidence allows."""

from __future__ import annotations

import math
from enum import StrEnum

from ctxdebug.evals.statistics import Decision, SequentialTest, fisher, lower_bound, upper_bound
from ctxdebug.records import record

_MOST_MORE = 10_000
"""Above it, "more calls" is said to be out of reach."""


class FailureProof(StrEnum):
    """What the answers to one request prove."""

    FAILS = "still fails"
    PASSES = "passes"
    UNDECIDED = "undecided"


@record(frozen=True, slots=True)
class Counts:
    """How many of the judged answers to one request fail."""

    fails: int = 0
    runs: int = 0

    @property
    def rate(self) -> float:
        """The share that fails; 0 without answers."""
        return self.fails / self.runs if self.runs else 0.0

    def interval(self, confidence: float = 0.95) -> tuple[float, float]:
        """Return the exact two-sided interval of the rate (Clopper and Pearson); 0 to 1 without answers."""
        if not self.runs:
            return 0.0, 1.0
        level = (1 + confidence) / 2
        return lower_bound(self.fails, self.runs, level), upper_bound(self.fails, self.runs, level)

    @property
    def are_alike(self) -> bool:
        """Whether all answers fail, or none does."""
        return self.fails in (0, self.runs)

    def __str__(self) -> str:
        return f"{self.fails} of {self.runs}"


@record(frozen=True, slots=True)
class FailureTest:
    """Wald's test of "it fails at most at the rate `low`" against "it fails at least at the rate `high`".

    `wrong_fails` bounds the chance of FAILS at a rate of `low` or less, `wrong_passes` that of PASSES at `high` or more,
    whenever the asking stops.
    """

    low: float
    high: float
    wrong_fails: float = 0.05
    wrong_passes: float = 0.05
    cap: int = 60
    """Answers after which it is left undecided."""

    def _test(self) -> SequentialTest:
        return SequentialTest(self.low, self.high, self.wrong_fails, self.wrong_passes, self.cap)

    def verdict(self, counts: Counts) -> FailureProof | None:
        """Return what the answers prove; None to go on asking."""
        decided = self._test().decide(counts.fails, counts.runs)
        return None if decided is None else _VERDICTS[decided]

    def least(self, counts: Counts) -> int:
        """Return the fewest further answers after which it can be decided: so many may be asked for at once."""
        test = self._test()
        evidence = test.evidence(counts.fails, counts.runs)
        up = (-math.log(self.wrong_fails) - evidence) / test.evidence(1, 1)
        down = (math.log(self.wrong_passes) - evidence) / test.evidence(0, 1)
        return max(1, min(math.ceil(min(up, down) - 1e-9), self.cap - counts.runs))

    def more(self, counts: Counts) -> int | None:
        """Return about how many further answers would decide, if they come as those until now; None where none would."""
        test = self._test()
        rate = (counts.fails + 0.5) / (counts.runs + 1)
        drift = rate * test.evidence(1, 1) + (1 - rate) * test.evidence(0, 1)
        goal = -math.log(self.wrong_fails) if drift > 0 else math.log(self.wrong_passes)
        if abs(drift) < 1e-6:
            return None
        needed = math.ceil((goal - test.evidence(counts.fails, counts.runs)) / drift)
        return None if needed > _MOST_MORE else max(1, needed)


_VERDICTS = {
    Decision.PASS: FailureProof.FAILS,
    Decision.FAIL: FailureProof.PASSES,
    Decision.UNDECIDED: FailureProof.UNDECIDED,
}


@record(frozen=True, slots=True)
class Effect:
    """How much more a request fails than another: the difference of the rates, its exact interval, and Fisher's p, two-sided."""

    difference: float
    low: float
    high: float
    p: float

    @property
    def clear(self) -> bool:
        """Whether the interval leaves out 0."""
        return self.low > 0 or self.high < 0


def effect(with_it: Counts, without: Counts, confidence: float = 0.95) -> Effect:
    """Return how much more `with_it` fails than `without`.

    The interval joins the exact intervals of both rates, each at the square root of the confidence, so it covers at
    least as often as it says.
    """
    each = math.sqrt(confidence)
    first, second = with_it.interval(each), without.interval(each)
    passing = (with_it.runs - with_it.fails, with_it.runs), (without.runs - without.fails, without.runs)
    one_way, other_way = fisher(*passing[0], *passing[1]), fisher(*passing[1], *passing[0])
    return Effect(
        with_it.rate - without.rate, first[0] - second[1], first[1] - second[0], min(1.0, 2 * min(one_way, other_way))
    )


def effect_without_sampling(with_it: Counts, without: Counts) -> Effect:
    """Return the effect where the answers to each request are alike: one answer tells, as far as the endpoint repeats itself."""
    difference = with_it.rate - without.rate
    return Effect(difference, difference, difference, 0.0 if difference else 1.0)


def more_to_tell(with_it: Counts, without: Counts, confidence: float = 0.95, most: int = 400) -> int | None:
    """Return how many more answers on each side would make the effect clear, if the rates stay; None above `most`."""
    runs = max(with_it.runs, without.runs, 1)
    if abs(with_it.rate - without.rate) < 1e-9:
        return None
    low, high = runs, runs
    while not _clear(with_it, without, high, confidence):
        low, high = high, high * 2
        if low > runs + most:
            return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if _clear(with_it, without, middle, confidence) else (middle, high)
    return max(0, high - runs) if high - runs <= most else None


def _clear(with_it: Counts, without: Counts, runs: int, confidence: float) -> bool:
    first, second = (Counts(round(counts.rate * runs), runs) for counts in (with_it, without))
    return effect(first, second, confidence).clear

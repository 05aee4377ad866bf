"""The statistics against enumeration and simulation, at length: `python -m tests.bench.statistics`."""

from __future__ import annotations

import math
import random
import time

from ctxdebug.engine.intervals import wilson
from ctxdebug.evals.statistics import Decision, SequentialTest, lower_bound, mcnemar, sign_flip


def coverage() -> None:
    """Print the coverage of the intervals, exactly enumerated over rates .001 … .999."""
    for runs in (1, 3, 5, 10, 20, 50, 100, 200):
        two_sided, one_sided = [], []
        intervals = [wilson(k, runs) for k in range(runs + 1)]
        bounds = [lower_bound(k, runs) for k in range(runs + 1)]
        for step in range(1, 1000):
            rate = step / 1000
            chances = [math.comb(runs, k) * rate**k * (1 - rate) ** (runs - k) for k in range(runs + 1)]
            two_sided.append(
                sum(chance for chance, held in zip(chances, intervals, strict=True) if held.low <= rate <= held.high)
            )
            one_sided.append(sum(chance for chance, bound in zip(chances, bounds, strict=True) if bound <= rate))
        print(
            f"n = {runs:<4} Wilson 95 %: min {min(two_sided):.3f} mean {sum(two_sided) / 999:.3f}    "
            f"Clopper-Pearson one-sided 95 %: min {min(one_sided):.4f} mean {sum(one_sided) / 999:.3f}"
        )


def sequential() -> None:
    """Print exact error rates and mean sample sizes of the sequential test, next to a simulation."""
    generator = random.Random(1)
    print(
        "\nH0    H1    cap   PASS at H0 exact/simulated   FAIL at H1 exact/simulated   undecided   mean runs at H0, H1, always failing"
    )
    for low, high, cap in (
        (0.7, 0.9, 60),
        (0.5, 0.9, 39),
        (0.7, 0.95, 72),
        (0.8, 0.95, 132),
        (0.1, 0.5, 39),
        (0.79, 0.99, 200),
    ):
        test = SequentialTest(low, high, cap=cap)
        at_low, at_high = test.outcomes(low), test.outcomes(high)
        simulated = [_simulate(test, rate, generator) for rate in (low, high)]
        print(
            f"{low:.2f}  {high:.2f}  {cap:<4}  {at_low[Decision.PASS]:.4f} / {simulated[0][Decision.PASS] / 4000:.4f}            "
            f"{at_high[Decision.FAIL]:.4f} / {simulated[1][Decision.FAIL] / 4000:.4f}            "
            f"{at_high[Decision.UNDECIDED]:.3f}       {_mean(test, low, generator):.1f}, {_mean(test, high, generator):.1f}, {_mean(test, 0.0, generator):.1f}"
        )


def _simulate(test: SequentialTest, rate: float, generator: random.Random) -> dict[Decision, int]:
    counts = dict.fromkeys(Decision, 0)
    for _ in range(4000):
        counts[_one(test, rate, generator)[0]] += 1
    return counts


def _one(test: SequentialTest, rate: float, generator: random.Random) -> tuple[Decision, int]:
    passes = runs = 0
    while True:
        runs += 1
        passes += generator.random() < rate
        decision = test.decide(passes, runs)
        if decision is not None:
            return decision, runs


def _mean(test: SequentialTest, rate: float, generator: random.Random) -> float:
    return sum(_one(test, rate, generator)[1] for _ in range(1000)) / 1000


def paired() -> None:
    """Print how often the paired tests fire without any change, and with one."""
    generator = random.Random(2)
    print("\ncases  repeats  rate → rate     sign flips fire   McNemar fires (single runs)")
    for cases, repeats, before, after in (
        (20, 5, 0.8, 0.8),
        (50, 5, 0.8, 0.8),
        (50, 5, 0.8, 0.7),
        (100, 3, 0.9, 0.8),
        (12, 10, 0.9, 0.6),
    ):
        fired = single = 0
        for _ in range(300):
            difficulty = [generator.betavariate(4, 1) for _ in range(cases)]
            old = [_rate(min(1.0, hard * before / 0.8), repeats, generator) for hard in difficulty]
            new = [_rate(min(1.0, hard * after / 0.8), repeats, generator) for hard in difficulty]
            fired += sign_flip([b - a for a, b in zip(old, new, strict=True)], draws=2000) <= 0.05
            ones = [
                (_rate(min(1.0, hard * before / 0.8), 1, generator), _rate(min(1.0, hard * after / 0.8), 1, generator))
                for hard in difficulty
            ]
            single += mcnemar(sum(b > a for a, b in ones), sum(b < a for a, b in ones)).p <= 0.05
        print(
            f"{cases:<6} {repeats:<8} {before:.1f} → {after:.1f}        {fired / 300:.3f}             {single / 300:.3f}"
        )


def _rate(rate: float, runs: int, generator: random.Random) -> float:
    return sum(generator.random() < rate for _ in range(runs)) / runs


if __name__ == "__main__":
    started = time.process_time()
    coverage()
    sequential()
    paired()
    print(f"\n{time.process_time() - started:.0f} CPU s")

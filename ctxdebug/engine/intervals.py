"""What a count proves of a rate: Wilson's score interval (1927), in the standard library alone."""

from __future__ import annotations

import math
from statistics import NormalDist

from ctxdebug.records import record


@record(frozen=True, slots=True)
class Interval:
    """Bounds of a rate, both in 0..1."""

    low: float
    high: float


def wilson(passes: int, runs: int, confidence: float = 0.95) -> Interval:
    """Return the two-sided score interval of a rate; 0..1 without runs. Raises `ValueError` where `passes` is no part of `runs`."""
    if not 0 <= passes <= runs:
        raise ValueError(f"{passes} passes in {runs} runs")
    if runs == 0:
        return Interval(0.0, 1.0)
    z = NormalDist().inv_cdf(0.5 + confidence / 2)
    rate = passes / runs
    middle = rate + z * z / (2 * runs)
    spread = z * math.sqrt(rate * (1 - rate) / runs + z * z / (4 * runs * runs))
    scale = 1 + z * z / runs
    low = 0.0 if passes == 0 else max(0.0, (middle - spread) / scale)
    high = 1.0 if passes == runs else min(1.0, (middle + spread) / scale)
    return Interval(low, high)

"""Dose and response: how often a request fails with fewer and fewer of its parts.

A cause may be gradual: each of many parts raises the rate of failure a little, and none of them is the cause alone. Then
the rate falls with the number of parts, which a test of trend shows with fewer answers than a comparison of any two.
"""

from __future__ import annotations

import math
from collections import defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from ctxdebug.proof.sequential import Counts
from ctxdebug.records import record

if TYPE_CHECKING:
    from collections.abc import Sequence


@record(frozen=True, slots=True)
class Dose:
    """A request with so many of its parts, and the answers to it."""

    parts: int
    counts: Counts


@record(frozen=True, slots=True)
class DoseResponse:
    """The same request with fewer and fewer parts, from all to the fewest."""

    doses: tuple[Dose, ...]

    @property
    def p(self) -> float:
        """The one-sided p of the exact test of trend (Cochran and Armitage) against "the number of parts makes no difference"."""
        return trend(tuple(dose.counts for dose in self.doses))

    @property
    def is_gradual(self) -> bool:
        """Whether a rate that falls evenly explains the answers better than one that falls at once (by Schwarz's criterion).

        A fall at once has one parameter more: the number of parts at which it comes.
        """
        if len(self.doses) < 3:
            return False
        answers = sum(dose.counts.runs for dose in self.doses)
        return _even(self.doses) + math.log(max(1, answers)) / 2 > _at_once(self.doses)

    def __str__(self) -> str:
        told = " · ".join(f"{dose.parts}: {dose.counts} fail" for dose in self.doses)
        return f"{told} (trend p {'< 0.0001' if self.p < 0.0001 else f'= {self.p:.4f}'})"

    def values(self) -> dict[str, Any]:
        """Return it as JSON values."""
        doses = [
            {"parts": dose.parts, "fails": dose.counts.fails, "runs": dose.counts.runs}
            | {"interval": [round(bound, 4) for bound in dose.counts.interval()]}
            for dose in self.doses
        ]
        return {"doses": doses, "trend_p": round(self.p, 6), "gradual": self.is_gradual}


@lru_cache(maxsize=64)
def trend(counts: tuple[Counts, ...]) -> float:
    """Return the chance that failures, dealt out at random among the answers, come at least as early as they did.

    Exact: every way to deal them out is counted, by how many failures are dealt and the sum of the steps at which they came.
    """
    fails = sum(one.fails for one in counts)
    scores = range(len(counts) - 1, -1, -1)
    seen = sum(one.fails * score for one, score in zip(counts, scores, strict=True))
    ways: dict[tuple[int, int], int] = {(0, 0): 1}
    for one, score in zip(counts, scores, strict=True):
        nexts: dict[tuple[int, int], int] = defaultdict(int)
        for (dealt, total), number in ways.items():
            for here in range(min(one.runs, fails - dealt) + 1):
                nexts[dealt + here, total + here * score] += number * math.comb(one.runs, here)
        ways = nexts
    every = {total: number for (dealt, total), number in ways.items() if dealt == fails}
    return sum(number for total, number in every.items() if total >= seen) / max(1, sum(every.values()))


def _at_once(doses: Sequence[Dose]) -> float:
    """Return the log-likelihood of the best two rates with one fall between them."""
    return max(_alike(doses[:cut]) + _alike(doses[cut:]) for cut in range(1, len(doses)))


def _even(doses: Sequence[Dose]) -> float:
    """Return the log-likelihood of the best rate that changes evenly from the fewest parts to the most."""
    most, fewest = max(dose.parts for dose in doses), min(dose.parts for dose in doses)
    steps = [number / 20 for number in range(21)]
    shares = [(dose.parts - fewest) / max(1, most - fewest) for dose in doses]
    return max(
        math.fsum(
            _likelihood(dose.counts, low + (high - low) * share) for dose, share in zip(doses, shares, strict=True)
        )
        for low in steps
        for high in steps
    )


def _alike(doses: Sequence[Dose]) -> float:
    fails, runs = sum(dose.counts.fails for dose in doses), sum(dose.counts.runs for dose in doses)
    rate = fails / runs if runs else 0.0
    return math.fsum(_likelihood(dose.counts, rate) for dose in doses)


def _likelihood(counts: Counts, rate: float) -> float:
    bounded = min(0.99, max(0.01, rate))
    return counts.fails * math.log(bounded) + (counts.runs - counts.fails) * math.log(1 - bounded)

"""How well a noisy reduction finds planted causes: `python -m tests.bench.shrinking [RUNS]` prints the table.

A context of 32 units fails at a rate where all its causes are in it, and at a lower one, the noise, where one is missing.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import mean, median, quantiles

from ctxdebug.proof.reduction import Reduction
from ctxdebug.proof.sequential import Counts, FailureProof

UNITS = 32
State = frozenset[str]


@dataclass
class Planted:
    """A context with planted causes; its answers are drawn once and remembered, as a record does."""

    causes: frozenset[str]
    rate: float
    noise: float
    draw: random.Random
    units_: tuple[str, ...] = tuple(f"{number:02d}" for number in range(UNITS))
    levels: int = 1
    calls: int = 0
    answers: dict[State, list[bool]] = field(default_factory=dict)

    def units(self, state: State, level: int) -> Sequence[str]:  # noqa: ARG002  (the one level that there is)
        return sorted(state)

    def without(self, state: State, level: int, units: frozenset[str]) -> State:  # noqa: ARG002 - the signature is the search's
        return state - units

    def key(self, state: State) -> State:
        return state

    def ask(self, state: State, runs: int) -> Counts:
        held = self.answers.setdefault(state, [])
        while len(held) < runs:
            held.append(self.draw.random() < (self.rate if self.causes <= state else self.noise))
            self.calls += 1
        return Counts(sum(held[:runs]), runs)


@dataclass(frozen=True)
class Figures:
    """What many reductions came to."""

    kept: float
    """How often all causes were kept, of the contexts that were reproduced."""
    exact: float
    """How often nothing else was."""
    extra: float
    median: float
    most: float
    """Calls that 95 % of the reductions stay within."""
    lost: float
    """How often a context that fails was held to be one that does not."""


def measured(causes: int, rate: float, noise: float, confidence: float, runs: int, seed: int = 23) -> Figures:
    """Return the figures of `runs` reductions."""
    draw = random.Random(f"{seed} {causes} {rate} {noise} {confidence}")
    kept, exact, extra, calls, lost = [], [], [], [], 0
    for _ in range(runs):
        whole = frozenset(f"{number:02d}" for number in range(UNITS))
        planted = Planted(frozenset(draw.sample(sorted(whole), causes)), rate, noise, draw)
        reduction: Reduction[State] = Reduction(planted, whole, confidence)
        if reduction.reproduced() is not FailureProof.FAILS:
            lost += 1
            continue
        found = reduction.reduce().state
        kept.append(planted.causes <= found)
        exact.append(found == planted.causes)
        extra.append(len(found - planted.causes))
        calls.append(planted.calls)
    return Figures(mean(kept), mean(exact), mean(extra), median(calls), quantiles(calls, n=20)[-1], lost / runs)


def main(runs: int) -> None:
    """Print the table."""
    sys.stdout.write(f"{UNITS} units, {runs} reductions a line\n")
    sys.stdout.write("confidence causes  rate noise   kept  exact  extra  median calls  95 % within  not reproduced\n")
    for confidence in (0.95, 0.99):
        for causes in (1, 2, 3):
            for rate in (0.5, 0.8, 0.95):
                for noise in (0.0, 0.05, 0.1):
                    found = measured(causes, rate, noise, confidence, runs)
                    sys.stdout.write(
                        f"{confidence:>10} {causes:>6} {rate:>5} {noise:>5}  {found.kept:.3f}  {found.exact:.3f}  {found.extra:>5.2f}"
                        f"  {found.median:>12.0f}  {found.most:>11.0f}  {found.lost:>14.3f}\n"
                    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 400)

"""A seeded campaign: fixture after fixture, one mutation each, and every kind of fault with its first example."""

from __future__ import annotations

import random
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tests.fuzz.mutations import mutated
from tests.fuzz.oracle import FALSE_CLEAN, RULE_BROKE, TRACEBACK, Fault, Whole, faults, whole

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
_LARGE = 12_000
"""Bytes from which a fixture is mutated once where a smaller one is mutated eight times: it costs that much more."""


@dataclass(slots=True)
class Met:
    """A kind of fault, how often it was met, and the mutation that showed it first."""

    fault: Fault
    first: str
    times: int = 0


@dataclass(slots=True)
class Result:
    """What a campaign did and met."""

    mutations: int
    files: int
    met: dict[tuple[str, str], Met] = field(default_factory=dict)
    slowest: tuple[float, str] = (0.0, "")
    """CPU seconds of the costliest mutation, and which it was."""

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of fault that the oracle knows."""
        return TRACEBACK, RULE_BROKE, FALSE_CLEAN

    def count(self, kind: str) -> int:
        """Return how many faults of a kind were met."""
        return sum(met.times for met in self.met.values() if met.fault.kind == kind)


def campaign(
    mutations: int,
    seed: int,
    keep: Path | None = None,
    *,
    first: int = 0,
    watch: Callable[[int, Result], None] | None = None,
) -> Result:
    """Run mutations that the seed settles, from number `first` on; each has a random state of its own, so any can be repeated alone.

    `keep` receives the first file of each fault; `watch` hears of every mutation done.
    """
    paths = sorted(path for path in FIXTURES.rglob("*") if path.is_file() and not path.name.startswith("."))
    result = Result(mutations, len(paths))
    known: dict[Path, Whole] = {}
    with tempfile.TemporaryDirectory() as folder:
        for number in range(first, first + mutations):
            path = _chosen(paths, seed, number)
            rng = random.Random(f"{seed} {number}")
            name, data = mutated(path.read_bytes(), rng)
            if path not in known:
                known[path] = whole(path)
            target = Path(folder) / path.name
            target.write_bytes(data)
            told = f"number {number}, {path.relative_to(FIXTURES)}, {name}"
            begun = time.process_time()
            for fault in faults(target, known[path], case=FIXTURES / "cases" in path.parents):
                met = result.met.setdefault((fault.kind, fault.where), Met(fault, told))
                met.times += 1
                if keep is not None and met.times == 1:
                    keep.mkdir(parents=True, exist_ok=True)
                    (keep / f"{number}-{path.name}").write_bytes(data)
            result.slowest = max(result.slowest, (time.process_time() - begun, told))
            target.unlink()
            if watch is not None:
                watch(number - first + 1, result)
    return result


def _chosen(paths: list[Path], seed: int, number: int) -> Path:
    """Return the file of a mutation: all files in turn, in another order each time, the large ones in every eighth turn only."""
    turn, place = divmod(number, len(paths))
    order = random.Random(f"{seed} order {turn}").sample(paths, len(paths))
    path = order[place]
    if path.stat().st_size <= _LARGE or turn % 8 == 0:
        return path
    small = [other for other in order if other.stat().st_size <= _LARGE]
    return small[place % len(small)]

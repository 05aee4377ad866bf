"""A seeded campaign: fixture after fixture, one mutation each, and every kind of fault with its first example."""

from __future__ import annotations

import random
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from tests.fuzz.mutations import mutated
from tests.fuzz.oracle import FALSE_CLEAN, RULE_BROKE, TRACEBACK, Fault, faults, long_texts

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"


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

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of fault that the oracle knows."""
        return TRACEBACK, RULE_BROKE, FALSE_CLEAN

    def count(self, kind: str) -> int:
        """Return how many faults of a kind were met."""
        return sum(met.times for met in self.met.values() if met.fault.kind == kind)


def campaign(mutations: int, seed: int, keep: Path | None = None) -> Result:
    """Run a number of mutations, in an order and of kinds that the seed settles; `keep` receives the first file of each fault."""
    paths = sorted(path for path in FIXTURES.rglob("*") if path.is_file() and not path.name.startswith("."))
    rng = random.Random(seed)
    result = Result(mutations, len(paths))
    texts: dict[Path, frozenset[str]] = {}
    with tempfile.TemporaryDirectory() as folder:
        order: list[Path] = []
        for number in range(mutations):
            if not order:
                order = rng.sample(paths, len(paths))
            path = order.pop()
            name, data = mutated(path.read_bytes(), rng)
            if path not in texts:
                texts[path] = long_texts(path)
            target = Path(folder) / path.name
            target.write_bytes(data)
            first = f"number {number}, {path.relative_to(FIXTURES)}, {name}"
            for fault in faults(target, texts[path], case=FIXTURES / "cases" in path.parents):
                met = result.met.setdefault((fault.kind, fault.where), Met(fault, first))
                met.times += 1
                if keep is not None and met.times == 1:
                    keep.mkdir(parents=True, exist_ok=True)
                    (keep / f"{number}-{path.name}").write_bytes(data)
            target.unlink()
    return result

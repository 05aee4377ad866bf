"""Run mutations for as long as asked: `python -m tests.fuzz --mutations 20000 --seed 1 [--first 5000] [--keep FOLDER]`.

Exits 1 where a mutated file gave a traceback, a broken rule or a false clean; `--keep` writes the first file of every kind.
A number in the report repeats one mutation alone: `--first NUMBER --mutations 1` with the same seed.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from tests.fuzz.campaign import Result, campaign

_EVERY = 10.0
"""Seconds between two lines of progress."""


class _Progress:
    """A line on standard error every few seconds: how far it is, at what cost, and what was met."""

    def __init__(self, mutations: int) -> None:
        self._mutations, self._told = mutations, time.monotonic()

    def __call__(self, done: int, result: Result) -> None:
        if time.monotonic() - self._told >= _EVERY:
            self._told = time.monotonic()
            met = ", ".join(f"{kind}: {result.count(kind)}" for kind in result.kinds)
            sys.stderr.write(f"{done:,} of {self._mutations:,}, {time.process_time():.0f} CPU s; {met}\n")


def main() -> int:
    """Run the campaign and print the counts and one example of every kind of fault."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mutations", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0, help="the number of the first mutation")
    parser.add_argument("--keep", type=Path, help="write the first file of every kind of fault into this folder")
    chosen = parser.parse_args()
    begun = time.process_time()
    result = campaign(chosen.mutations, chosen.seed, chosen.keep, first=chosen.first, watch=_Progress(chosen.mutations))
    spent = time.process_time() - begun
    print(f"{result.mutations:,} mutations of {result.files} files, seed {chosen.seed}, {spent:.0f} CPU s")
    print(f"costliest: {result.slowest[0]:.2f} CPU s, {result.slowest[1]}")
    print(", ".join(f"{kind}: {result.count(kind):,}" for kind in result.kinds))
    for met in result.met.values():
        print(
            f"\n{met.times} × {met.fault.kind}: {met.fault.where}\n  first: {met.first}\n  {met.fault.detail.strip()}"
        )
    return 1 if result.met else 0


if __name__ == "__main__":
    raise SystemExit(main())

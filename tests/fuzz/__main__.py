"""Run mutations for as long as asked: `python -m tests.fuzz --mutations 20000 --seed 1 [--keep FOLDER]`.

Exits 1 where a mutated file gave a traceback, a broken rule or a false clean; `--keep` writes the first file of every kind.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from tests.fuzz.campaign import campaign


def main() -> int:
    """Run the campaign and print the counts and one example of every kind of fault."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mutations", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="write the first file of every kind of fault into this folder")
    chosen = parser.parse_args()
    begun = time.process_time()
    result = campaign(chosen.mutations, chosen.seed, chosen.keep)
    print(
        f"{result.mutations:,} mutations of {result.files} files, seed {chosen.seed}, {time.process_time() - begun:.0f} CPU s"
    )
    print(", ".join(f"{kind}: {result.count(kind):,}" for kind in result.kinds))
    for met in result.met.values():
        print(
            f"\n{met.times} × {met.fault.kind}: {met.fault.where}\n  first: {met.first}\n  {met.fault.detail.strip()}"
        )
    return 1 if result.met else 0


if __name__ == "__main__":
    raise SystemExit(main())

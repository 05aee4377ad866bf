"""What a scan costs, engine by engine: CPU, wall, memory of a worker, and whether all leave the same bytes.

    python -m tests.bench.scale --megabytes 20 [--engines local,ray,spark]

CPU is that of all processes. `core` is `check_batch` alone in this process: what an engine takes beyond it is its overhead.
"""

from __future__ import annotations

import argparse
import hashlib
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from ctxdebug.lake.check_batch import check_batch
from ctxdebug.lake.columns import Columns
from ctxdebug.lake.locations import Located, locate
from ctxdebug.lake.merge import beside
from ctxdebug.lake.parcels import bucket_of, joined, parcels
from tests.bench.traffic import make

_BUCKETS = 8


@dataclass(frozen=True, slots=True)
class Cost:
    """What a run took."""

    cpu: float
    wall: float
    memory: int
    """Megabytes of the largest process."""


def core(folder: Path) -> float:
    """Return the CPU seconds of examining all rows of a folder, without reading and writing files."""
    files = [file for file in locate([str(folder)]) if isinstance(file, Located)]
    held: dict[int, list[object]] = {}
    for bucket, batch in parcels(files, Columns(), _BUCKETS):
        held.setdefault(bucket, []).append(batch)
    assert bucket_of("x", 1) == 0
    begun = time.process_time()
    for batches in held.values():
        check_batch(joined(batches))
    return time.process_time() - begun


def run(folder: Path, output: Path, engine: str, workers: int) -> Cost:
    """Scan in a process of its own; returns what it and its children took."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begun = time.monotonic()
    command = [
        sys.executable,
        "-m",
        "ctxdebug",
        "scan",
        str(folder),
        "-o",
        str(output),
        "--engine",
        engine,
        "-j",
        str(workers),
    ]
    subprocess.run([*command, "--fail-on", "never", "-q"], check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(cpu, time.monotonic() - begun, after.ru_maxrss // 1024)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=float, default=20)
    parser.add_argument("--engines", default="local,ray,spark")
    given = parser.parse_args()
    work = Path(tempfile.mkdtemp())
    try:
        size = make(work / "lake", given.megabytes)
        alone = core(work / "lake")
        print(
            f"core: {alone:.0f} s of CPU for {size / 1e6:.1f} MB of rows: {size / 1e6 / alone:.2f} MB/s a core",
            flush=True,
        )
        digests = {}
        for engine in given.engines.split(","):
            for workers in (1, 2):
                output = work / f"{engine}-{workers}.parquet"
                cost = run(work / "lake", output, engine, workers)
                digests[f"{engine}-{workers}"] = [
                    hashlib.sha256(path.read_bytes()).hexdigest() for path in beside(output).values()
                ]
                print(
                    f"{engine} × {workers}: {cost.cpu:.0f} s of CPU ({(cost.cpu - alone) / cost.cpu:.0%} beyond the core), {cost.wall:.0f} s, "
                    f"largest process {cost.memory} MB", flush=True,
                )  # fmt: skip
        print("same bytes" if len({tuple(one) for one in digests.values()}) == 1 else f"DIFFERENT bytes: {digests}")
    finally:
        shutil.rmtree(work)


if __name__ == "__main__":
    main()

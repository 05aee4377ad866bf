"""Whether a scan finds what `check` finds: every capture of a folder as a Parquet file, and both asked.

    python -m tests.bench.lake FOLDER [--most N]

A file with an exchange a line becomes a row a line, any other one row. Findings are compared by file, code, fingerprint
and message; a difference is printed.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
import time
from collections import Counter
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from ctxdebug.engine.run import RunOptions, run
from ctxdebug.errors import UsageError
from ctxdebug.lake.columns import Columns
from ctxdebug.lake.job import Job
from ctxdebug.lake.locations import Located, locate
from ctxdebug.lake.recognition import lines_of_captures
from ctxdebug.lake.scan import scan


def as_parquet(file: Path, target: Path) -> None:
    """Write a capture as a table with one column, `raw`."""
    data = file.read_bytes()
    rows = data.splitlines() if lines_of_captures(str(file), data, Columns()) else [data]
    target.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.table({"raw": pa.array([row for row in rows if row.strip()], type=pa.large_binary())}), target)


def checked(path: str) -> Counter[tuple[str, str, str]]:
    """Return what `check` finds in one file."""
    try:
        report = run([path], RunOptions(steps=False))
    except UsageError:
        return Counter()
    return Counter((one.code, one.fingerprint, one.message) for one in report.findings)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--most", type=int, default=0, help="files; 0 for all")
    given = parser.parse_args()
    files = [found.place for found in locate([str(given.folder)]) if isinstance(found, Located)]
    step = max(1, len(files) // given.most) if given.most else 1
    files = files[::step]
    work = Path(tempfile.mkdtemp())
    try:
        names = {}
        for number, file in enumerate(files):
            target = work / "tables" / f"{number}.parquet"
            as_parquet(Path(file), target)
            names[str(target)] = file
        begun = time.process_time()
        scan([str(work / "tables")], work / "found.parquet", Job(), workers=0)
        scanned = time.process_time() - begun
        found: dict[str, Counter[tuple[str, str, str]]] = {}
        for row in pq.read_table(work / "found.parquet").to_pylist():
            key = row["code"], row["fingerprint"], row["message"]
            found.setdefault(names[row["source"]], Counter())[key] += 1
        problems = Counter(row["message"] for row in pq.read_table(work / "found.problems.parquet").to_pylist())
    finally:
        shutil.rmtree(work)
    begun = time.process_time()
    equal = findings = 0
    for file in files:
        expected, got = checked(file), found.get(file, Counter())
        findings += expected.total()
        equal += expected == got
        if expected != got:
            print(file, "only check:", dict(expected - got), "only scan:", dict(got - expected))
    print(
        f"{equal} of {len(files)} files with equal findings ({findings}); check {time.process_time() - begun:.0f} s, scan {scanned:.0f} s"
    )
    print(f"problems of the scan: {problems.most_common(10)}")


if __name__ == "__main__":
    main()

"""How often replay confirms the findings of each rule: precision, measured on behaviour.

    python -m tests.bench.proof CAPTURES --endpoint URL [--ask MODEL] [--most N]   blame every capture, then the table
    python -m tests.bench.proof FOLDER                                            the table of what is kept under a folder

Only findings that name a suspect are tested, and only on captures whose failure comes again. `refuted` says that a finding is
not the cause of this answer; it may be true all the same.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

from ctxdebug.engine.intervals import wilson
from ctxdebug.model import ProofVerdict
from tests.shell import ctxdebug

Table = Mapping[str, Counter[str]]


def tabulated(folder: Path) -> Table:
    """Return how many findings of each rule were confirmed, refuted or left undecided, from the proofs kept under a folder."""
    table: dict[str, Counter[str]] = defaultdict(Counter)
    for path in sorted(folder.rglob("proofs/findings/*.json")):
        for held in json.loads(path.read_text(encoding="utf-8"))["findings"].values():
            table[held["code"]][held["verdict"]] += 1
    return table


def lines(table: Table) -> Iterator[str]:
    """Yield the table, a line a rule: the share of the decided findings that were confirmed, with its 95 % interval."""
    yield f"{'rule':<8}{'confirmed':>10}{'refuted':>9}{'undecided':>11}   confirmed of decided"
    for code, counts in sorted(table.items()):
        confirmed, refuted, undecided = (counts[verdict.value] for verdict in ProofVerdict)
        decided = confirmed + refuted
        share = "-"
        if decided:
            interval = wilson(confirmed, decided)
            share = f"{confirmed / decided:.0%} ({interval.low:.0%} to {interval.high:.0%})"
        yield f"{code:<8}{confirmed:>10}{refuted:>9}{undecided:>11}   {share}"


def blamed(captures: Path, folder: Path, endpoint: str, model: str | None, most: int) -> Counter[int]:
    """Blame every capture under a folder, the proofs kept in `folder`; return the exit codes, each with how often it came."""
    codes: Counter[int] = Counter()
    paths = sorted(
        path for path in captures.rglob("*") if path.is_file() and path.suffix in {".json", ".jsonl", ".yaml"}
    )
    for path in paths[:most]:
        asked = ("--ask", model) if model else ()
        done = ctxdebug("blame", str(path.resolve()), "--endpoint", endpoint, "--quiet", *asked, cwd=folder)
        codes[done.returncode] += 1
        last = (done.stdout + done.stderr).strip().splitlines() or [""]
        print(
            f"{done.returncode} {path.name}: {next((line.strip() for line in last if 'result' in line), last[-1])[:140]}"
        )
    return codes


def main() -> None:
    """Blame, where an endpoint is given, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--endpoint")
    parser.add_argument("--ask")
    parser.add_argument("--most", type=int, default=50)
    given = parser.parse_args()
    if given.endpoint is None:
        print("\n".join(lines(tabulated(given.folder))))
        return
    with tempfile.TemporaryDirectory() as work:
        codes = blamed(given.folder, Path(work), given.endpoint, given.ask, given.most)
        print(
            "\nexit codes:",
            dict(sorted(codes.items())),
            "(0 a cause is proved, 4 none or not reproduced, 2 nothing to ask, 3 no answer)\n",
        )
        print("\n".join(lines(tabulated(Path(work)))))


if __name__ == "__main__":
    main()

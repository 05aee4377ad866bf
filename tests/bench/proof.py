"""How often replay confirms the findings of each rule: precision, measured on behaviour.

    python -m tests.bench.proof PROBES.json --endpoint URL [--ask MODEL] [--most N] [--keep FOLDER]   blame and fix every probe
    python -m tests.bench.proof CAPTURES --endpoint URL                    blame every capture of a folder, by its findings
    python -m tests.bench.proof FOLDER                                     the table of what is kept under a folder

`tests/bench/probes/proof.json` holds small requests (contradictions, distractors, positions, buried instructions, missing clauses)
with the answer that SmolLM2 (135 million parameters, temperature 0) gave to each, which is wrong. With `--keep` a run that was
stopped goes on.

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


def asked(name: str, command: str, path: Path, folder: Path, *options: str) -> int:
    """Run one proof, print a line of what it came to, and return the exit code."""
    done = ctxdebug(command, str(path), "--quiet", *options, cwd=folder)
    last = (done.stdout + done.stderr).strip().splitlines() or [""]
    result = next((line.strip() for line in last if line.strip().startswith("result")), last[-1])
    print(f"{done.returncode} {command:<5} {name}: {result[:140]}", flush=True)
    return done.returncode


def of_probes(probes: Path, folder: Path, most: int, *options: str) -> Counter[tuple[str, int]]:
    """Blame and fix every probe, the proofs kept in `folder`; return the exit codes of each command."""
    codes: Counter[tuple[str, int]] = Counter()
    for probe in json.loads(probes.read_text(encoding="utf-8"))[:most]:
        path = folder / f"{probe['name']}.json"
        body = {"model": "local", "temperature": probe["temperature"], "max_tokens": 24, "messages": probe["messages"]}
        answer = {"index": 0, "message": {"role": "assistant", "content": probe["answered"]}, "finish_reason": "stop"}
        path.write_text(json.dumps({"request": body, "response": {"choices": [answer]}}), encoding="utf-8")
        failure = [part for word in ("expect", "forbid") for one in probe[word] for part in (f"--{word}", one)]
        codes["blame", asked(probe["name"], "blame", path, folder, *failure, *options, "--budget", "150")] += 1
        runs = ("--runs", "10", "--budget", "150")
        codes["fix", asked(probe["name"], "fix", path, folder, *failure, *options, *runs)] += 1
    return codes


def of_captures(captures: Path, folder: Path, most: int, *options: str) -> Counter[tuple[str, int]]:
    """Blame every capture under a folder, the proofs kept in `folder`; return the exit codes."""
    paths = sorted(
        path for path in captures.rglob("*") if path.is_file() and path.suffix in {".json", ".jsonl", ".yaml"}
    )
    return Counter(("blame", asked(path.name, "blame", path.resolve(), folder, *options)) for path in paths[:most])


def main() -> None:
    """Blame, where an endpoint is given, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--endpoint")
    parser.add_argument("--ask")
    parser.add_argument("--most", type=int, default=50)
    parser.add_argument("--keep", type=Path)
    given = parser.parse_args()
    if given.endpoint is None:
        print("\n".join(lines(tabulated(given.folder))))
        return
    with tempfile.TemporaryDirectory() as temporary:
        work = given.keep or Path(temporary)
        work.mkdir(parents=True, exist_ok=True)
        options = ("--endpoint", given.endpoint, *(("--ask", given.ask) if given.ask else ()))
        run = of_probes if given.folder.is_file() else of_captures
        codes = run(given.folder, work, given.most, *options)
        for (command, code), count in sorted(codes.items()):
            print(f"{command}: exit {code} {count} times")
        print(
            "(blame: 0 a cause is proved, 4 none or not reproduced; fix: 0 a repair passes, 1 none does; 2 nothing to ask, 3 no answer)\n"
        )
        print("\n".join(lines(tabulated(work))))


if __name__ == "__main__":
    main()

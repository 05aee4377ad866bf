"""Measure earned verdicts on strict-label sets: `python tests/bench/instructions.py FOLDER [--held-out] [--misses] [--set NAME]`.

A row is a prompt with a response and a strict pass or fail. Every recognised instruction is *kept*, *broken* or *not checkable*;
the row is called kept only where each one is. A seeded third of the prompts is left for the end (`--held-out`).
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ctxdebug.analysis.constraints import Constraint, Outcome, extract, verify

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ctxdebug.analysis.constraints import Compliance

_SEED = "19"


@dataclass(frozen=True, slots=True)
class Row:
    """One response to one prompt; `passed` is the strict label of the whole row, `labels` those of its instructions."""

    source: str
    prompt: str
    response: str
    passed: bool
    labels: tuple[tuple[str, bool], ...]


def rows(folder: Path) -> Iterator[Row]:
    """Every row of the sets below `hierarchy` that have responses."""
    paths = [folder / "ifbench" / "ifbench_strict.jsonl", *sorted((folder / "mifeval_en_even").glob("*.jsonl"))]
    for path in paths:
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            if row.get("response") is None:
                continue
            labels = zip(row["instruction_id_list"], row["follow_instruction_list"], strict=True)
            yield Row(path.parent.name, row["prompt"], row["response"], row["follow_all_instructions"], tuple(labels))


def held_out(prompt: str) -> bool:
    """Whether a prompt is in the third that is read only at the end."""
    return int(hashlib.sha256((_SEED + prompt).encode()).hexdigest(), 16) % 3 == 0


def judged(row: Row) -> list[tuple[Constraint, Compliance]]:
    """Every instruction of the prompt with what came of checking it."""
    return [(c, verify(c, row.response, question=row.prompt)) for c in extract(row.prompt)]


def verdict(found: list[tuple[Constraint, Compliance]]) -> str:
    """What the row is called: `broken`, `kept`, `partly` (some not checkable) or `nothing` (none recognised)."""
    outcomes = [v.outcome for _, v in found]
    if Outcome.FAIL in outcomes:
        return "broken"
    if not outcomes:
        return "nothing"
    return "kept" if all(outcome is Outcome.PASS for outcome in outcomes) else "partly"


def main() -> None:
    """Print the verdicts by label, and the share of rows called wrongly."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--held-out", action="store_true")
    parser.add_argument("--misses", choices=("kept-fail", "broken-pass", "partly-pass", "nothing"))
    parser.add_argument("--set", dest="source")
    args = parser.parse_args()
    counts: dict[str, Counter[tuple[bool, str]]] = {}
    by_type: dict[str, Counter[tuple[bool, str]]] = {}
    for row in rows(args.folder):
        if held_out(row.prompt) is not args.held_out or (args.source and row.source != args.source):
            continue
        found = judged(row)
        called = verdict(found)
        counts.setdefault(row.source, Counter())[row.passed, called] += 1
        if len(row.labels) == 1:
            by_type.setdefault(row.labels[0][0], Counter())[row.passed, called] += 1
        wrong = {
            "kept-fail": called == "kept" and not row.passed,
            "broken-pass": called == "broken" and row.passed,
            "partly-pass": called == "partly" and row.passed,
            "nothing": called == "nothing",
        }
        if args.misses and wrong[args.misses] and not args.held_out:
            shown = [(c.type, dict(c.params), v.outcome.value, v.reason) for c, v in found]
            print(f"{[n for n, ok in row.labels if ok is row.passed or not ok]} {shown}\n    {row.prompt[-420:]!r}")
    for source, seen in counts.items():
        fails = sum(n for (passed, _), n in seen.items() if not passed)
        passes = sum(n for (passed, _), n in seen.items() if passed)
        broken = seen[False, "broken"] + seen[True, "broken"]
        print(
            f"{source}: kept on FAIL rows {seen[False, 'kept']}/{fails} · kept on PASS rows {seen[True, 'kept']}/{passes}"
            f" · broken: precision {seen[False, 'broken'] / max(1, broken):.3f}, recall {seen[False, 'broken'] / max(1, fails):.3f}"
            f" · {dict(sorted(seen.items()))}"
        )
    for name, seen in sorted(by_type.items()):
        print(f"    {name:44} " + " ".join(f"{'P' if p else 'F'}:{c}={n}" for (p, c), n in sorted(seen.items())))


if __name__ == "__main__":
    main()

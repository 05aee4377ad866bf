"""Measure the verdicts on claims: `python tests/bench/claims.py FOLDER [SECTION…]`, FOLDER with the development sets of sources.md.

A seeded third of each set (by document for SummEdits) is the part that thresholds were not set on: `--unseen` scores that part only,
and is run once, at the end. An alarm is a contradicted claim, or an unsupported one that MEM404 reports as a warning.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from ctxdebug.analysis.sources.claim import Claim, ClaimVerdict
from ctxdebug.analysis.sources.examination import Examination
from ctxdebug.analysis.sources.source import Source

_SURE = 0.5
_MOST = 600
"""Answers scored per set."""
Row = tuple[str, str, str, str]
"""Source, answer, label, kind of fault."""


def lines(path: Path) -> Iterator[dict[str, Any]]:
    """The rows of a JSON Lines file."""
    return map(json.loads, path.read_text("utf-8").splitlines())


def alarms(claim: Claim) -> bool:
    """Whether a rule reports the claim."""
    unsupported = claim.verdict is ClaimVerdict.UNSUPPORTED and claim.confidence >= _SURE
    return claim.verdict is ClaimVerdict.CONTRADICTED or unsupported


def parted(keys: list[str], *, unseen: bool) -> frozenset[str]:
    """Two thirds of the keys, or the last third."""
    order = sorted(set(keys))
    random.Random(11).shuffle(order)
    edge = len(order) * 2 // 3
    return frozenset(order[edge:] if unseen else order[:edge])


def summedits(folder: Path, *, unseen: bool) -> list[Row]:
    """Document and edited summary, split by document."""
    texts = {row["id"]: row["text"] for row in lines(folder / "summedits_docs.jsonl")}
    chosen = parted(list(texts), unseen=unseen)
    return [
        (texts[row["source_ref"]], row["response"], row["label"], row.get("conflict_type") or "-")
        for row in lines(folder / "summedits_grounding.jsonl")
        if row["source_ref"] in chosen
    ]


def wice(folder: Path, *, unseen: bool) -> list[Row]:
    """Web page and claim."""
    rows = list(lines(folder / "wice_dev.jsonl"))
    chosen = parted([row["id"] for row in rows], unseen=unseen)
    return [
        (row["sources"][0]["text"], row["response"], row["label"], row["label"]) for row in rows if row["id"] in chosen
    ]


SECTIONS: dict[str, Callable[..., list[Row]]] = {"summedits": summedits, "wice": wice}


def measure(name: str, rows: list[Row]) -> None:
    """Print for each kind of answer the share with an alarm, and the share of which every claim is supported (`ok`)."""
    random.Random(7).shuffle(rows)
    count: Counter[str] = Counter()
    for source, answer, label, kind in rows[:_MOST]:
        claims = [claim for claim in Examination([Source("source", source)], "", answer).claims if claim.asserts]
        found, fine = any(map(alarms, claims)), all(claim.verdict is ClaimVerdict.SUPPORTED for claim in claims)
        for key in {label, kind}:
            count[key] += 1
            count[f"{key} alarmed"] += found
            count[f"{key} ok"] += fine and bool(claims)
    keys = sorted(key for key in count if not key.endswith((" alarmed", " ok")))
    shown = "  ".join(
        f"{key} {count[f'{key} alarmed'] / count[key]:.3f} ok {count[f'{key} ok'] / count[key]:.3f} of {count[key]}"
        for key in keys
    )
    sys.stdout.write(f"{name:<12} {shown}\n")


def main() -> None:
    """Run the sections that are named, or all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("sections", nargs="*", default=list(SECTIONS))
    parser.add_argument("--unseen", action="store_true")
    asked = parser.parse_args()
    for name in asked.sections:
        measure(name, SECTIONS[name](asked.folder, unseen=asked.unseen))


if __name__ == "__main__":
    main()

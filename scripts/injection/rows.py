"""Labelled rows and the folds that keep a set, its templates and its carrier documents apart."""

from __future__ import annotations

import hashlib
import json
import random
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from scripts.injection.passages import Passage, docstrings, honest, planted

_PLACEHOLDER = re.compile(r"\{\w*injection\w*\}")
PARTS = 2
"""Documentation pages and the attacks spliced into them are held out in this many parts, by page."""
OWN = "own"
DATA_CHANNELS = ("tool_result", "retrieved_doc")


@dataclass(frozen=True, slots=True)
class Row:
    """One labelled text. `part` numbers the carrier page's part, -1 where there is none."""

    text: str
    dataset: str
    channel: str
    family: str
    spans: tuple[tuple[int, int], ...]
    part: int = -1

    @property
    def attack(self) -> bool:
        """Whether the text holds a directive that tries to steer the assistant."""
        return self.family != "none"


@dataclass(frozen=True, slots=True)
class Fold:
    """Rows to score (by index), and rows that the model which scores them may have seen."""

    name: str
    test: frozenset[int]
    train: frozenset[int]


def load(folder: Path) -> list[Row]:
    """Every row of a folder of JSON Lines files; unfilled placeholders are taken out and the spans moved."""
    rows = [
        _row(json.loads(line))
        for path in sorted(folder.glob("*.jsonl"))
        for line in path.read_text("utf-8").splitlines()
    ]
    return _with_parts(rows)


def own(seed: int = 7, honest_count: int = 4000, planted_count: int = 6000) -> list[Row]:
    """Our own texts: honest ones, planted ones, and the standard library's documentation."""
    rng = random.Random(seed)  # noqa: S311 - reproducible, not secret
    passages: list[Passage] = [*honest(honest_count, rng), *planted(planted_count, rng), *docstrings()]
    return [
        Row(
            p.text,
            f"{OWN}:{p.family.split(':')[0]}",
            "tool_result",
            p.family if p.span else "none",
            (p.span,) if p.span else (),
        )
        for p in passages
    ]


def honest_files(folders: Iterable[Path], most: int = 1200, size: int = 3000) -> list[Row]:
    """Pieces of the Markdown, reStructuredText and README files under some folders, as honest documents; every n-th, so that all folders count."""
    pieces: list[str] = []
    for path in sorted(
        path
        for folder in folders
        for path in folder.rglob("*")
        if path.suffix in (".md", ".rst") or path.name.startswith("README")
    ):
        if path.is_file() and 500 < path.stat().st_size < 300_000 and not path.name.endswith(".gz"):
            text = path.read_text("utf-8", errors="replace")
            pieces.extend(text[at : at + size] for at in range(0, min(len(text), 5 * size), size))
    step = max(1, len(pieces) // most)
    return [Row(piece, "own:files", "retrieved_doc", "none", ()) for piece in dict.fromkeys(pieces[::step])]


def folds(rows: list[Row]) -> Iterator[Fold]:
    """Leave one set out; documentation and what is spliced into it also by page."""
    every = frozenset(range(len(rows)))
    names = sorted({row.dataset for row in rows} - {"docs_dev", "tasktracker"})
    for name in names:
        test = frozenset(i for i in every if rows[i].dataset == name)
        yield Fold(name, test, every - test)
    for part in range(PARTS):
        docs = frozenset(i for i in every if rows[i].dataset == "docs_dev" and rows[i].part == part)
        spliced = frozenset(i for i in every if rows[i].dataset == "tasktracker" and rows[i].part == part)
        template = frozenset(i for i in every if rows[i].dataset == "tasktracker")
        if spliced:
            yield Fold(f"tasktracker/{part}", spliced, every - template - docs)
        if docs:
            yield Fold(f"docs_dev/{part}", docs, every - docs - spliced)


def _row(row: dict[str, object]) -> Row:
    text = str(row["text"])
    spans = [(int(a), int(b)) for a, b in row["spans"]]  # type: ignore[attr-defined]  # a row as JSON has it
    while match := _PLACEHOLDER.search(text):
        a, b = match.span()
        text = text[:a] + text[b:]
        spans = [(s - (b - a) * (s >= b), e - (b - a) * (e >= b)) for s, e in spans]
    return Row(
        text,
        str(row["dataset"]),
        str(row["channel"]),
        str(row["attack_family"]),
        tuple(_order(text, *span) for span in spans),
    )


def _order(text: str, start: int, end: int) -> tuple[int, int]:
    """The span of the order itself: the code block that it wants inserted reads like any other code."""
    fence = text.find("```", start, end)
    return start, fence if fence > start else end


def _with_parts(rows: list[Row]) -> list[Row]:
    part_of: dict[str, int] = {}
    for row in rows:
        if row.dataset == "docs_dev":
            part = int(hashlib.sha1(row.text[:200].encode(), usedforsecurity=False).hexdigest(), 16) % PARTS
            part_of[row.text.strip()[:60].strip()] = part_of[row.text.strip()[-60:].strip()] = part
    return [
        replace(row, part=_part(row, part_of)) if row.dataset in ("docs_dev", "tasktracker") else row for row in rows
    ]


def _part(row: Row, part_of: dict[str, int]) -> int:
    pieces = [row.text]
    if row.dataset == "tasktracker":
        start, end = row.spans[0]
        pieces = [row.text[:start], row.text[end:]]
    for piece in pieces:
        for key in (piece.strip()[:60].strip(), piece.strip()[-60:].strip()):
            if key in part_of:
                return part_of[key]
    return 0

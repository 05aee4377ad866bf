"""Small learned scores: a line and a few shallow trees over named features, kept as JSON in the package.

Trained by `scripts/train_sources.py`; what on, and under which licences, stands in MODEL_CARD.md.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from ctxdebug.records import record


@record(frozen=True, slots=True)
class Scorer:
    """Coefficients of one score: a line over standardised features plus trees `[feature, edge, low, high]`."""

    features: tuple[str, ...]
    mean: tuple[float, ...]
    scale: tuple[float, ...]
    line: tuple[float, ...]
    bias: float
    trees: tuple[Any, ...]
    slope: float
    shift: float

    def raw(self, row: Sequence[float]) -> float:
        """Return the uncalibrated score."""
        total = self.bias
        for number, mean, scale, weight in zip(row, self.mean, self.scale, self.line, strict=True):
            total += weight * (number - mean) / scale
        for tree in self.trees:
            while isinstance(tree, list):
                tree = tree[2] if row[tree[0]] <= tree[1] else tree[3]
            total += tree
        return total

    def probability(self, row: Sequence[float]) -> float:
        """Return the score as a probability, calibrated out of fold."""
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, self.slope * self.raw(row) + self.shift))))


@cache
def scorer(name: str) -> Scorer:
    """One of `revision`, `claim`, `rival`, `unsupported`, `contradicted`."""
    row = json.loads(Path(__file__).with_name("coefficients.json").read_text("utf-8"))[name]
    return Scorer(
        tuple(row["features"]),
        tuple(row["mean"]),
        tuple(row["scale"]),
        tuple(row["line"]),
        row["bias"],
        tuple(row["trees"]),
        row["slope"],
        row["shift"],
    )

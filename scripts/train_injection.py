"""Train the injection scorer: `python -m scripts.train_injection FOLDER`, FOLDER with the labelled sets.

Fixes each channel's threshold on models that have not seen the set, the template or the carrier page that they score,
then fits on everything and writes `ctxdebug/analysis/directives/model/`. Own texts come from `scripts/injection/`.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ctxdebug.analysis.directives.features import CLASSES, CUE_MARKS, glance
from ctxdebug.analysis.directives.scorer import FLOOR, STRUCTURE_SCALE, WORDS, candidates
from scripts.injection import learning
from scripts.injection.rows import DATA_CHANNELS, Row, folds, honest_files, load, own

TARGET = Path(__file__).parent.parent / "ctxdebug" / "analysis" / "directives" / "model"
ALARMS = {"data": 0.003, "user": 0.01}
"""The share of honest texts of unseen sets that may reach a channel's threshold."""
GATED = 0.01
"""The share of attack units above the threshold that the cheap looks may lose."""
HOPELESS = 0.002
"""The share of them that the first look, at the words one by one, may lose."""
CHANNELS = {"data": DATA_CHANNELS, "user": ("user",)}


class Bench:
    """Rows, own rows and their features, made once; fits and scores folds."""

    def __init__(self, folder: Path, channel: str, honest: Sequence[Path] = ()) -> None:
        self.channel = channel
        self.rows = load(folder)
        self.own = own() + honest_files(honest)
        self.units = learning.matrix(self.rows)
        self.own_units = learning.matrix(self.own)

    def wanted(self, row: Row) -> bool:
        """Whether a row belongs to the channel."""
        return row.channel in CHANNELS[self.channel]

    def fit(self, train: frozenset[int]) -> tuple[learning.Floats, float]:
        """A model from some rows of the channel and all of our own."""
        keep = np.array([i in train and self.wanted(row) for i, row in enumerate(self.rows)])
        units = self.units.only(keep[self.units.row])
        sample = learning.sample_weights(units, lambda r: self.rows[r].dataset)
        extra = learning.sample_weights(self.own_units, lambda r: self.own[r].dataset)
        return learning.fit(units.joined(self.own_units), np.concatenate([sample, extra * sample.sum() / extra.sum()]))

    def held_out(self) -> learning.Floats:
        """Each unit's score by a model that knows nothing of its set or page."""
        result: learning.Floats = np.full(len(self.units.row), FLOOR)
        for fold in folds(self.rows):
            test = np.array([i in fold.test and self.wanted(row) for i, row in enumerate(self.rows)])
            if test.any():
                mask = test[self.units.row]
                result[mask] = learning.logits(self.units.only(mask), *self.fit(fold.train))
        return learning.pooled(self.units, result)

    def honest_quantile(self, score: learning.Floats, share: float) -> float:
        """The score that `share` of the channel's honest rows reach."""
        best = learning.highest(self.units, score, len(self.rows))
        honest = [best[i] for i, row in enumerate(self.rows) if self.wanted(row) and not row.attack]
        return float(np.quantile(honest, 1 - share))


def _trained(bench: Bench, threshold: float | None, target: Path) -> dict[str, float]:
    point, bias = bench.fit(frozenset(range(len(bench.rows))))
    raw, word_scale, structure_scale = learning.quantised(point)
    (target / f"{bench.channel}.int8").write_bytes(raw)
    if threshold is None:
        threshold = bench.honest_quantile(bench.held_out(), ALARMS[bench.channel])
    wanted = (bench.units.label == 1) & (
        learning.pooled(bench.units, learning.logits(bench.units, point, bias)) > threshold
    )
    glance, gate = _gates(bench.units, point, bias, wanted)
    hope, density = _hopes(bench.rows, point, wanted)
    return {
        "word_scale": word_scale,
        "structure_scale": structure_scale,
        "bias": bias,
        "hope": hope,
        "density": density,
        "glance": glance,
        "gate": gate,
        "threshold": threshold,
    }


def _gates(
    units: learning.Matrix, point: learning.Floats, bias: float, wanted: NDArray[np.bool_]
) -> tuple[float, float]:
    """Two scores that all but GATED of the wanted units reach: by words and classes alone, and without cues."""
    found = []
    for kept in ((units.columns < WORDS + CLASSES), (units.columns < WORDS + CUE_MARKS)):
        bare = replace(units, values=np.where(kept, units.values, 0))
        found.append(float(np.quantile(learning.logits(bare, point, bias)[wanted], GATED)))
    return found[0], found[1]


def _hopes(rows: Sequence[Row], point: learning.Floats, wanted: NDArray[np.bool_]) -> tuple[float, float]:
    """What the words of all but HOPELESS of the wanted units weigh together, and the square of it by the word."""

    @cache
    def value(word: str) -> float:
        first = glance([word])
        classes = {WORDS + number for _, number in first.placed}
        return max(0.0, float(sum(point[list(first.words)]) + STRUCTURE_SCALE * sum(point[list(classes)])))

    found = [(sum(map(value, set(words))), len(words)) for row in rows for _, words in candidates(row.text)]
    sums = np.array([(total, total * total / count) for total, count in found])[wanted]
    return float(np.quantile(sums[:, 0], HOPELESS)), float(np.quantile(sums[:, 1], HOPELESS))


def main() -> None:
    """Train both channels and write the model."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument(
        "--honest", type=Path, nargs="*", default=(), help="folders of ordinary documentation, more honest texts"
    )
    parser.add_argument("--target", type=Path, default=TARGET)
    parser.add_argument(
        "--keep-thresholds", action="store_true", help="fit only; keep the thresholds of the model that is there"
    )
    options = parser.parse_args()
    path: Path = options.target / "model.json"
    old = json.loads(path.read_text("utf-8"))["channels"] if path.exists() and options.keep_thresholds else {}
    began = time.monotonic()
    channels = {
        name: _trained(Bench(options.folder, name, options.honest), old.get(name, {}).get("threshold"), options.target)
        for name in CHANNELS
    }
    path.write_text(json.dumps({"format": 1, "channels": channels}, indent=2) + "\n", "utf-8")
    print(json.dumps(channels, indent=2), f"{time.monotonic() - began:.0f} s", file=sys.stderr)


if __name__ == "__main__":
    main()

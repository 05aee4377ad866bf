"""Feature matrices and a logistic regression in plain numpy: small enough to read, no other dependency."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ctxdebug.analysis.directives.cues import CUES
from ctxdebug.analysis.directives.features import STRUCTURE, cue_columns, features
from ctxdebug.analysis.directives.layout import layout
from ctxdebug.analysis.directives.scorer import (
    ADJACENT,
    FLOOR,
    NEIGHBOUR,
    NEIGHBOUR_FROM,
    STRUCTURE_SCALE,
    WORDS,
    candidates,
)
from scripts.injection.rows import Row

Floats = NDArray[np.float64]
COLUMNS = WORDS + STRUCTURE


@dataclass(slots=True)
class Matrix:
    """Units as sparse rows: column numbers, values, row pointers; the row, the place and the label of each unit."""

    columns: NDArray[np.int32]
    values: NDArray[np.float32]
    pointers: NDArray[np.int64]
    row: NDArray[np.int64]
    place: NDArray[np.int64]
    label: NDArray[np.int8]

    def only(self, keep: NDArray[np.bool_]) -> Matrix:
        """The units for which `keep` is true."""
        lengths = np.diff(self.pointers)
        inside = np.repeat(keep, lengths)
        pointers = np.concatenate([[0], np.cumsum(lengths[keep])])
        return Matrix(
            self.columns[inside], self.values[inside], pointers, self.row[keep], self.place[keep], self.label[keep]
        )

    def joined(self, other: Matrix) -> Matrix:
        """These units, then the other's; the other's row numbers go on from these."""
        first = int(self.row.max(initial=-1)) + 1
        return Matrix(
            np.concatenate([self.columns, other.columns]),
            np.concatenate([self.values, other.values]),
            np.concatenate([self.pointers, other.pointers[1:] + self.pointers[-1]]),
            np.concatenate([self.row, other.row + first]),
            np.concatenate([self.place, other.place]),
            np.concatenate([self.label, other.label]),
        )


def matrix(rows: Iterable[Row]) -> Matrix:
    """The features of every candidate unit of every row."""
    columns: list[NDArray[np.int32]] = []
    values: list[NDArray[np.float32]] = []
    lengths, owner, place, label = [0], [], [], []
    for number, row in enumerate(rows):
        page = layout(row.text)
        for unit, words in candidates(row.text):
            found = features(row.text, unit.start, unit.end, words, page)
            piece = row.text[unit.start : unit.end]
            structure = found.structure | cue_columns([i for i, cue in enumerate(CUES) if cue.pattern.search(piece)])
            columns.append(np.fromiter(found.words, np.int32, len(found.words)))
            columns.append(np.fromiter(structure, np.int32, len(structure)) + WORDS)
            values.append(np.full(len(found.words), len(found.words) ** -0.5, np.float32))
            values.append(np.full(len(structure), STRUCTURE_SCALE, np.float32))
            lengths.append(len(found.words) + len(structure))
            owner.append(number)
            place.append((unit.start, unit.end))
            label.append(any(_inside(unit.start, unit.end, *span) for span in row.spans))
    return Matrix(
        np.concatenate(columns),
        np.concatenate(values),
        np.cumsum(lengths),
        np.array(owner),
        np.array(place),
        np.array(label, np.int8),
    )


def _inside(start: int, end: int, left: int, right: int) -> bool:
    return min(end, right) - max(start, left) > 0.5 * min(end - start, right - left)


def sample_weights(units: Matrix, group_of_row: Callable[[int], str]) -> Floats:
    """One over the root of the size of a unit's set and label; the attacks together weigh half of the rest."""
    keys = [f"{group_of_row(int(r))}|{y}" for r, y in zip(units.row, units.label, strict=True)]
    _, inverse, counts = np.unique(keys, return_inverse=True, return_counts=True)
    result: Floats = 1 / np.sqrt(counts[inverse])
    attack = units.label == 1
    if attack.any():
        result[attack] *= 0.5 * result[~attack].sum() / result[attack].sum()
    return result


def fit(
    units: Matrix, sample: Floats, *, word_penalty: float = 2e-5, structure_penalty: float = 5e-6, steps: int = 110
) -> tuple[Floats, float]:
    """Weights of all columns and the bias: L2 logistic regression by full-batch Adam, deterministic."""
    used, columns = np.unique(units.columns, return_inverse=True)
    values, target = units.values.astype(np.float64), units.label.astype(np.float64)
    owner = np.repeat(np.arange(len(target)), np.diff(units.pointers))
    penalty = np.append(np.where(used < WORDS, word_penalty, structure_penalty), 0.0)
    sample = sample / sample.sum()
    point, mean, spread = np.zeros(len(used) + 1), np.zeros(len(used) + 1), np.zeros(len(used) + 1)
    point[-1] = -1.0
    for step in range(1, steps + 1):
        logit = np.add.reduceat(point[columns] * values, units.pointers[:-1]) + point[-1]
        error = sample * (1 / (1 + np.exp(-logit)) - target)
        slope = (
            np.append(np.bincount(columns, weights=error[owner] * values, minlength=len(used)), error.sum())
            + penalty * point
        )
        mean, spread = 0.9 * mean + 0.1 * slope, 0.99 * spread + 0.01 * slope * slope
        rate = 0.12 * (1 - step / steps) ** 0.5
        point -= rate * (mean / (1 - 0.9**step)) / (np.sqrt(spread / (1 - 0.99**step)) + 1e-8)
    full: Floats = np.zeros(COLUMNS)
    full[used] = point[:-1]
    return full, float(point[-1])


def logits(units: Matrix, point: Floats, bias: float) -> Floats:
    """Each unit's score without its neighbours."""
    return np.asarray(np.add.reduceat(point[units.columns] * units.values, units.pointers[:-1]) + bias)


def pooled(units: Matrix, score: Floats) -> Floats:
    """Each unit's score with its neighbours, as the scorer does it."""
    close = (units.row[:-1] == units.row[1:]) & (units.place[1:, 0] - units.place[:-1, 1] < ADJACENT)
    evidence = NEIGHBOUR * np.maximum(0.0, score - NEIGHBOUR_FROM)
    result = score.copy()
    result[:-1] += np.where(close, evidence[1:], 0)
    result[1:] += np.where(close, evidence[:-1], 0)
    return np.asarray(result)


def highest(units: Matrix, score: Floats, count: int) -> Floats:
    """The highest unit score of each of `count` rows."""
    result: Floats = np.full(count, FLOOR)
    np.maximum.at(result, units.row, score)
    return result


def quantised(point: Floats) -> tuple[bytes, float, float]:
    """The weights as int8, words first, and the two scales; a weight beyond the 99.9th percentile is clipped."""
    parts: list[Any] = []
    scales = []
    for piece in (point[:WORDS], point[WORDS:]):
        top = float(np.quantile(np.abs(piece[piece != 0]), 0.9995)) if (piece != 0).any() else 1.0
        scales.append(top / 127)
        parts.append(np.clip(np.rint(piece / scales[-1]), -127, 127).astype(np.int8))
    return np.concatenate(parts).tobytes(), scales[0], scales[1] * STRUCTURE_SCALE

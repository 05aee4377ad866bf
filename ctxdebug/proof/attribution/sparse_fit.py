"""A sparse linear fit in plain Python: which few columns of ones and zeros explain a value, and by how much each.

The scaled Lasso (Sun and Zhang 2012) sets its own penalty from the noise that it leaves; the columns that it keeps are then
fitted again without a penalty, so that their weights are not too small. A few hundred rows and columns at most.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from ctxdebug.records import record

if TYPE_CHECKING:
    from collections.abc import Sequence

_ROUNDS, _SWEEPS = 8, 60
_EXACT = 0.02
"""Noise below this share of the spread of the values is not believed: the penalty would keep every column."""
_DENSE = 2
"""Rows a column from which on all columns are fitted: many that each raise the value a little are none of them sparse."""
_FIRMNESS = 1e-6


@record(frozen=True, slots=True)
class Fit:
    """A fit. Columns with weight 0 were not kept."""

    weights: tuple[float, ...]
    errors: tuple[float, ...]
    """Standard errors of the weights; 0 for columns that were not kept."""
    explained: float
    """The share of the variance that is explained, each row predicted by a fit of the kept columns to the others; 0 to 1."""

    def strong(self, least: float, ratio: float = 2.0) -> list[int]:
        """Return the columns that raise the value by at least `least` and by `ratio` standard errors, the heaviest first."""
        held = [
            number for number, weight in enumerate(self.weights) if weight >= max(least, ratio * self.errors[number])
        ]
        return sorted(held, key=lambda number: -self.weights[number])


def sparse_fit(rows: Sequence[Sequence[float]], values: Sequence[float]) -> Fit:
    """Fit values by rows of equally many columns."""
    count, width = len(rows), len(rows[0]) if rows else 0
    means = [math.fsum(row[column] for row in rows) / count for column in range(width)]
    mean = math.fsum(values) / count if count else 0.0
    columns = [[row[column] - means[column] for row in rows] for column in range(width)]
    centred = [value - mean for value in values]
    spread = math.sqrt(math.fsum(value * value for value in centred) / max(1, count))
    if count < 3 or not spread:
        return Fit((0.0,) * width, (0.0,) * width, 0.0)
    kept = list(range(width)) if _DENSE * width <= count else _kept(columns, centred, spread)
    weights, errors, explained = _refitted([columns[column] for column in kept], centred)
    return Fit(_spread_out(kept, weights, width), _spread_out(kept, errors, width), explained)


def _kept(columns: Sequence[Sequence[float]], values: Sequence[float], spread: float) -> list[int]:
    """Return the columns that the scaled Lasso keeps, at most half as many as there are rows."""
    count = len(values)
    weights = [0.0] * len(columns)
    scale = math.sqrt(2 * math.log(max(2, len(columns))) / count)
    sizes = [math.fsum(value * value for value in column) / count for column in columns]
    left = list(values)
    for _ in range(_ROUNDS):
        noise = max(_EXACT * spread, math.sqrt(math.fsum(value * value for value in left) / count))
        _descend(columns, left, weights, sizes, noise * scale)
    found = sorted(
        (number for number, weight in enumerate(weights) if weight), key=lambda number: -abs(weights[number])
    )
    return sorted(found[: max(1, count // 2)])


def _descend(
    columns: Sequence[Sequence[float]], left: list[float], weights: list[float], sizes: Sequence[float], penalty: float
) -> None:
    """Change each weight in turn to its best, given the others, until none changes much; `left` is what is not explained."""
    count = len(left)
    for _ in range(_SWEEPS):
        most = 0.0
        for number, column in enumerate(columns):
            size = sizes[number]
            if size < _FIRMNESS:
                continue
            old = weights[number]
            pull = math.fsum(a * b for a, b in zip(column, left, strict=True)) / count + size * old
            root = math.sqrt(size)
            new = math.copysign(max(0.0, abs(pull) - penalty * root), pull) / size
            if new != old:
                change = new - old
                weights[number] = new
                for row, value in enumerate(column):
                    left[row] -= change * value
                most = max(most, abs(change))
        if most < 1e-4:
            return


def _refitted(
    columns: Sequence[Sequence[float]], values: Sequence[float]
) -> tuple[list[float], list[float], float]:  # fmt: skip
    """Return weights and errors of least squares, and the share that is explained of rows that are left out."""
    if not columns:
        return [], [], 0.0
    count, width = len(values), len(columns)
    products = [[math.fsum(a * b for a, b in zip(one, other, strict=True)) for other in columns] for one in columns]
    for number in range(width):
        products[number][number] += _FIRMNESS * count
    inverse = _inverse(products)
    pulls = [math.fsum(a * b for a, b in zip(column, values, strict=True)) for column in columns]
    weights = [math.fsum(inverse[row][column] * pulls[column] for column in range(width)) for row in range(width)]
    left = [
        value - math.fsum(weight * column[row] for weight, column in zip(weights, columns, strict=True))
        for row, value in enumerate(values)
    ]
    noise = math.fsum(value * value for value in left) / max(1, count - width - 1)
    errors = [math.sqrt(max(0.0, noise * inverse[number][number])) for number in range(width)]
    return weights, errors, _explained(columns, inverse, left, values)


def _explained(
    columns: Sequence[Sequence[float]],
    inverse: Sequence[Sequence[float]],
    left: Sequence[float],
    values: Sequence[float],
) -> float:
    """Return the share of the variance that is explained where each row is predicted from the others (PRESS)."""
    count, width = len(values), len(columns)
    total = 0.0
    for row, value in enumerate(left):
        held = [column[row] for column in columns]
        own = 1 / count + math.fsum(held[a] * inverse[a][b] * held[b] for a in range(width) for b in range(width))
        total += (value / max(1e-3, 1 - own)) ** 2
    return max(0.0, 1 - total / math.fsum(value * value for value in values))


def _inverse(matrix: Sequence[Sequence[float]]) -> list[list[float]]:
    """Return the inverse of a positive definite matrix (Gauss and Jordan, with pivots)."""
    size = len(matrix)
    rows = [[*row, *(1.0 if column == number else 0.0 for column in range(size))] for number, row in enumerate(matrix)]
    for column in range(size):
        pivot = max(range(column, size), key=lambda row: abs(rows[row][column]))
        rows[column], rows[pivot] = rows[pivot], rows[column]
        head = rows[column][column]
        rows[column] = [value / head for value in rows[column]]
        for row in range(size):
            factor = rows[row][column]
            if row != column and factor:
                rows[row] = [a - factor * b for a, b in zip(rows[row], rows[column], strict=True)]
    return [row[size:] for row in rows]


def _spread_out(kept: Sequence[int], values: Sequence[float], width: int) -> tuple[float, ...]:
    held = dict(zip(kept, values, strict=True))
    return tuple(held.get(number, 0.0) for number in range(width))

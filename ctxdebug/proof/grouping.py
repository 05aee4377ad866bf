"""Which units to take away together, by how likely each is a cause."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ctxdebug.proof.sequential import Counts

EXPECTED = 3.6
"""How many causes are expected among the units of a level; `tests/bench/shrinking.py` set it."""


def worth_testing(doubt: dict[str, float]) -> frozenset[str] | None:
    """Return the group whose test takes most away on average; None where every unit stays."""
    open_ = sorted((unit for unit, chance in doubt.items() if chance < 1), key=lambda unit: doubt[unit])
    best, gain, clean = 0, 0.0, 1.0
    for size, unit in enumerate(open_, 1):
        clean *= 1 - doubt[unit]
        if size * clean > gain:
            best, gain = size, size * clean
    return frozenset(open_[:best]) or None


def doubt_more(doubt: dict[str, float], group: frozenset[str]) -> None:
    """One of the group is a cause: each is so more likely; alone it is."""
    clean = cleanness(doubt, group)
    for unit in group:
        if unit in doubt:
            doubt[unit] = 1.0 if len(group) == 1 else min(0.95, doubt[unit] / max(1e-9, 1 - clean))


def cleanness(doubt: dict[str, float], group: frozenset[str]) -> float:
    """Return how likely no unit of a group is a cause; multiplied in one order, so that a replay gives the same bits."""
    return prod(1 - doubt.get(unit, 0.0) for unit in sorted(group))


def try_again(doubt: dict[str, float], needed: dict[str, Counts | str]) -> dict[str, float]:
    """Let units be tried again that could not be asked without, now that less is left: a tool without its calls may go."""
    return {
        unit: 0.5 if chance >= 1 and isinstance(needed.get(unit), str) else chance for unit, chance in doubt.items()
    }


def first_doubt(units: Sequence[str]) -> dict[str, float]:
    """Return what is thought of the units of a level before any test."""
    return dict.fromkeys(units, min(0.5, EXPECTED / max(1, len(units))))

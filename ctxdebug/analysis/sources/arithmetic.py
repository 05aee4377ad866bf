"""Numbers that an answer may have worked out itself: tried before a number is called absent.

Operands are few on purpose (the answer's own numbers and those of the sentences nearest to it): with every number of a
long context, any result could be derived.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import combinations

from ctxdebug.analysis.claims.values import NUMERIC, Value, ValueKind

MOST_OPERANDS = 10


def derivation(value: Value, operands: Sequence[Value], items: int = 0) -> str:
    """How the value follows from the operands, in words; empty if it does not.

    `items` is the number of list items that follow in the answer.
    """
    if value.kind is ValueKind.NUMBER and items and value.low == items:
        return f"count of {items} listed items"
    if value.kind not in NUMERIC or value.low != value.high or value.low == 0:
        return ""
    numbers = [one for one in operands if one.kind in NUMERIC and one.low == one.high and one.low][:MOST_OPERANDS]
    like = [one for one in numbers if one.unit == value.unit]
    if abs(value.low) < 20 and value.kind is ValueKind.NUMBER and value.step >= 1:
        like = [one for one in like if abs(one.low) >= 2][:4]
    for result, words in (*_results(value, like), *_mixed(value, numbers)):
        if _equal(result, value):
            return words
    return ""


def _equal(result: float, value: Value) -> bool:
    if math.isclose(result, value.low, rel_tol=1e-9):
        return True
    if value.kind is ValueKind.PERCENT and value.step < 1 or abs(value.low) >= 20 * max(value.step, 1e-12):
        return abs(result - value.low) <= value.step / 2 * 1.0001
    return False


def _results(value: Value, like: Sequence[Value]) -> Iterator[tuple[float, str]]:
    for a, b in combinations(like, 2):
        yield a.low + b.low, f"sum of {a.shown()} and {b.shown()}"
        yield abs(a.low - b.low), f"difference of {a.shown()} and {b.shown()}"
    if len(like) > 2:
        yield sum(one.low for one in like), f"sum of {len(like)} values"
        yield sum(one.low for one in like) / len(like), f"mean of {len(like)} values"
    for three in combinations(like[:7], 3):
        yield sum(one.low for one in three), "sum of " + ", ".join(one.shown() for one in three)


def _mixed(value: Value, numbers: Sequence[Value]) -> Iterator[tuple[float, str]]:
    """Products with a plain number, shares, changes in percent."""
    for a in numbers:
        for b in numbers:
            if a is b:
                continue
            if b.kind is ValueKind.NUMBER and a.unit == value.unit and b.low >= 2:
                yield a.low * b.low, f"{a.shown()} times {b.shown()}"
                yield a.low / b.low, f"{a.shown()} divided by {b.shown()}"
            if b.kind is ValueKind.PERCENT and a.unit == value.unit and a.kind is not ValueKind.PERCENT:
                yield a.low * b.low / 100, f"{b.shown()} of {a.shown()}"
                yield a.low * (1 - b.low / 100), f"{a.shown()} less {b.shown()}"
                yield a.low * (1 + b.low / 100), f"{a.shown()} plus {b.shown()}"
            if value.kind is ValueKind.PERCENT and a.unit == b.unit and a.kind is not ValueKind.PERCENT:
                yield 100 * a.low / b.low, f"{a.shown()} as a share of {b.shown()}"
                yield abs(100 * (a.low - b.low) / b.low), f"change from {b.shown()} to {a.shown()}"

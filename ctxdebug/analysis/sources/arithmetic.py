"""Numbers that an answer may have worked out itself: tried before a number is called absent.

Operands are few on purpose (the answer's own numbers and those of the sentences nearest to it): with every number of a
long context, any result could be derived.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from itertools import combinations

from ctxdebug.analysis.claims.values import NUMERIC, Value, ValueKind

MOST_OPERANDS = 10


_CUES = {
    "sum": re.compile(r"\b(?:total|totals|totalling|totaling|sum|combined|altogether|together|in all|overall|plus|add|adds|added|adding|both)\b|[+=]", re.IGNORECASE),
    "mean": re.compile(r"\b(?:average|averages|averaging|mean)\b", re.IGNORECASE),
    "difference": re.compile(
        r"\b(?:difference|differs|more|less|fewer|increase|increased|decrease|decreased|change|changed|grew|growth|fell|drop|dropped|rose|gap|save|saves|savings|remaining|remain|remains|left|after|"
        r"since|between|gain|loss|net|down|up|higher|lower|older|younger|later|earlier|apart|over|longer|shorter|minus|subtract|additional|extra|age|aged|old)\b|[=−–]|\s-\s", re.IGNORECASE),
    "product": re.compile(r"\b(?:each|per|times|every|cost|costs|total|totals|multiply|multiplied|product|double|twice|half|divided|split|equals|at)\b|[×*/=÷]|\bx\b", re.IGNORECASE),
    "share": re.compile(r"%|\bper ?cent|\bshare|\bof\b", re.IGNORECASE),
}  # fmt: skip
"""Words with which an answer says that it worked something out."""


def derivation(value: Value, operands: Sequence[Value], items: int = 0, words: str = "") -> str:
    """How the value follows from the operands, in words; empty if it does not.

    `items` is the number of list items that follow in the answer; `words` is the sentence, which must say what was done.
    """
    if value.kind is ValueKind.NUMBER and items and value.low == items:
        return f"count of {items} listed items"
    if value.kind not in NUMERIC or value.low != value.high or value.low == 0:
        return ""
    numbers = [one for one in operands if one.kind in NUMERIC and one.low == one.high and one.low][:MOST_OPERANDS]
    like = [one for one in numbers if one.unit == value.unit and one.kind is value.kind]
    if abs(value.low) < 20 and value.kind is ValueKind.NUMBER and value.step >= 1:
        like = [one for one in like if abs(one.low) >= 2][:4]
    cued = {name for name, cue in _CUES.items() if cue.search(words)}
    for result, cue, how in (*_results(value, like), *_mixed(value, numbers)):
        if cue in cued and _equal(result, value):
            return how
    return ""


def _equal(result: float, value: Value) -> bool:
    if math.isclose(result, value.low, rel_tol=1e-9):
        return True
    if value.kind is ValueKind.PERCENT and value.step < 1 or abs(value.low) >= 20 * max(value.step, 1e-12):
        return abs(result - value.low) <= value.step / 2 * 1.0001
    return False


def _results(value: Value, like: Sequence[Value]) -> Iterator[tuple[float, str, str]]:
    for a, b in combinations(like, 2):
        yield a.low + b.low, "sum", f"sum of {a.shown()} and {b.shown()}"
        yield abs(a.low - b.low), "difference", f"difference of {a.shown()} and {b.shown()}"
    if len(like) > 2:
        yield sum(one.low for one in like), "sum", f"sum of {len(like)} values"
    for count in (2, 3, len(like)):
        if 1 < count <= len(like):
            yield sum(one.low for one in like[:count]) / count, "mean", f"mean of {count} values"
    for three in combinations(like[:7], 3):
        yield sum(one.low for one in three), "sum", "sum of " + ", ".join(one.shown() for one in three)


def _mixed(value: Value, numbers: Sequence[Value]) -> Iterator[tuple[float, str, str]]:
    """Products with a plain number, shares, changes in percent."""
    for a in numbers:
        for b in numbers:
            if a is b:
                continue
            if b.kind is ValueKind.NUMBER and a.unit == value.unit and a.kind is value.kind and b.low >= 2:
                yield a.low * b.low, "product", f"{a.shown()} times {b.shown()}"
                yield a.low / b.low, "product", f"{a.shown()} divided by {b.shown()}"
            if b.kind is ValueKind.PERCENT and a.unit == value.unit and a.kind is value.kind and a.kind is not ValueKind.PERCENT:
                yield a.low * b.low / 100, "share", f"{b.shown()} of {a.shown()}"
                yield a.low * (1 - b.low / 100), "share", f"{a.shown()} less {b.shown()}"
                yield a.low * (1 + b.low / 100), "share", f"{a.shown()} plus {b.shown()}"
            if value.kind is ValueKind.PERCENT and a.unit == b.unit and a.kind is b.kind and a.kind is not ValueKind.PERCENT and min(a.low, b.low) >= 10:
                yield 100 * a.low / b.low, "share", f"{a.shown()} as a share of {b.shown()}"
                yield abs(100 * (a.low - b.low) / b.low), "difference", f"change from {b.shown()} to {a.shown()}"

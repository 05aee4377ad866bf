"""Whether two typed values say the same, something else, or cannot be compared."""

from __future__ import annotations

import math
from enum import StrEnum

from ctxdebug.analysis.claims.values import NUMERIC, Bound, Value, ValueKind
from ctxdebug.records import record
from ctxdebug.text.patterns import lazy


class Relation(StrEnum):
    """Three-valued on purpose: what cannot be compared is no conflict."""

    EQUAL = "equal"
    CONFLICT = "conflict"
    INCOMPARABLE = "incomparable"


@record(frozen=True, slots=True)
class Comparison:
    """The relation of two values and, where it is not plain, why."""

    relation: Relation
    note: str = ""


_EQUAL = Comparison(Relation.EQUAL)
_CONFLICT = Comparison(Relation.CONFLICT)
_INCOMPARABLE = Comparison(Relation.INCOMPARABLE)
_GROUPED = lazy(r"\d{1,3}(?:\.\d{3})+(?![\d.])")
_PER_MONTH = 30.436875 * 86400
_STRINGS = frozenset({ValueKind.URL, ValueKind.EMAIL, ValueKind.IDENTIFIER, ValueKind.QUOTED, ValueKind.ORDINAL})


def compare(a: Value, b: Value, *, limits: bool = False) -> Comparison:
    """Compare two values; with `limits`, two lower (or upper) bounds that differ are rival limits, not facts that can both hold."""
    if a.kind is not b.kind:
        return _mixed(a, b)
    if a.kind is ValueKind.DATE:
        return _dates(a, b)
    if a.kind is ValueKind.CLOCK:
        return _clocks(a, b)
    if a.kind is ValueKind.VERSION:
        return _EQUAL if a.key == b.key or _prefix(a.key, b.key) else _CONFLICT
    if a.kind is ValueKind.ORDINAL:
        return _EQUAL if a.low == b.low else _CONFLICT
    if a.kind in _STRINGS:
        return _EQUAL if a.key == b.key else _CONFLICT
    return _numbers(a, b, limits=limits)


def _clocks(a: Value, b: Value) -> Comparison:
    """Times of day; seconds count where both have them, and `6:00` may be the `18:00` of the other side."""
    xs, ys = a.key.split("|"), b.key.split("|")
    if _same_time(xs[0], ys[0]):
        return _EQUAL
    if any(_same_time(x, y) for x in xs for y in ys):
        return Comparison(Relation.INCOMPARABLE, "the same time, if it is read on twelve hours")
    return _CONFLICT


def _same_time(a: str, b: str) -> bool:
    return a == b or (len(a) != len(b) and a[:5] == b[:5])


def _mixed(a: Value, b: Value) -> Comparison:
    if {a.kind, b.kind} == {ValueKind.NUMBER, ValueKind.VERSION}:
        return _EQUAL if a.text.lstrip("v") == b.text.lstrip("v") else _INCOMPARABLE
    if a.kind is ValueKind.DATE and b.kind is ValueKind.NUMBER:
        a, b = b, a
    if a.kind is ValueKind.NUMBER and b.kind is ValueKind.DATE and b.key[:4] == a.text[:4]:
        return _EQUAL
    return _INCOMPARABLE


def _prefix(a: str, b: str) -> bool:
    """`2.4` and `2.4.1`: the shorter names the line that the longer is part of, if it has a dot of its own."""
    longer, shorter = (a, b) if len(a) > len(b) else (b, a)
    return "." in shorter and longer.startswith(shorter + ".")


def _dates(a: Value, b: Value) -> Comparison:
    verdicts = [_one_date(x, y) for x in a.key.split("|") for y in b.key.split("|")]
    if Relation.EQUAL in verdicts:
        ambiguous = "|" in a.key + b.key
        return (
            Comparison(Relation.EQUAL, "day and month can be read either way")
            if ambiguous and a.key != b.key
            else _EQUAL
        )
    return _CONFLICT if all(verdict is Relation.CONFLICT for verdict in verdicts) else _INCOMPARABLE


def _one_date(a: str, b: str) -> Relation:
    shared = False
    for x, y in zip(a.split("-"), b.split("-"), strict=False):
        if "?" in x[:3] or "?" in y[:3]:
            continue
        if x[:3] != y[:3] if "?" in x + y else x != y:
            return Relation.CONFLICT
        shared = True
    return Relation.EQUAL if shared else Relation.INCOMPARABLE


def _days(value: Value) -> tuple[float, float]:
    """Return a calendar duration in seconds, shortest and longest."""
    months = value.low, value.high
    slack = 1.6 if value.low < 12 else 0.1
    return (
        months[0] * _PER_MONTH - slack * 86400 * max(1, months[0] / 6),
        months[1] * _PER_MONTH + slack * 86400 * max(1, months[1] / 6),
    )


def _numbers(a: Value, b: Value, *, limits: bool) -> Comparison:
    if a.unit != b.unit:
        if a.kind is ValueKind.DURATION:
            return _calendar(a, b)
        if {a.unit, b.unit} == {"°C", "°F"}:
            celsius, fahrenheit = (a, b) if a.unit == "°C" else (b, a)
            return _EQUAL if abs(celsius.low * 1.8 + 32 - fahrenheit.low) <= 1.5 else _CONFLICT
        return _INCOMPARABLE
    if a.kind is ValueKind.NUMBER and not (a.low or b.low):
        return _EQUAL
    opposed = {a.bound, b.bound} == {Bound.AT_MOST, Bound.AT_LEAST}
    if opposed:
        return _INCOMPARABLE
    if _same(a, b):
        return _EQUAL
    if a.unit == "byte" and _near(a.low, b.low, 0.125):
        return Comparison(Relation.INCOMPARABLE, "decimal and binary units of about the same size")
    return _bounded(a, b, limits=limits)


def _bounded(a: Value, b: Value, *, limits: bool) -> Comparison:
    if Bound.ABOUT in {a.bound, b.bound} and _near(a.low, b.low, 0.03):
        return _EQUAL
    if Bound.ABOUT in {a.bound, b.bound} and _near(a.low, b.low, 0.1):
        return Comparison(Relation.INCOMPARABLE, "about the same")
    one_sided = {Bound.AT_MOST, Bound.AT_LEAST}
    if a.bound in one_sided and a.bound is b.bound:
        return (
            _CONFLICT
            if limits or a.bound is Bound.AT_MOST
            else Comparison(Relation.INCOMPARABLE, "both can hold: two bounds of the same side")
        )
    for limit, other in ((a, b), (b, a)):
        if limit.bound in one_sided:
            inside = other.high <= limit.high if limit.bound is Bound.AT_MOST else other.low >= limit.low
            if inside:
                return (
                    _CONFLICT
                    if limits and limit.bound is Bound.AT_MOST
                    else Comparison(Relation.INCOMPARABLE, "inside the bound")
                )
    if (a.low < a.high or b.low < b.high) and a.low <= b.high and b.low <= a.high:
        return (
            Comparison(Relation.EQUAL, "inside the range")
            if min(a.high - a.low, b.high - b.low) == 0
            else Comparison(Relation.INCOMPARABLE, "ranges overlap")
        )
    return _CONFLICT


def _near(x: float, y: float, share: float) -> bool:
    return abs(x - y) <= share * max(abs(x), abs(y))


def _same(a: Value, b: Value) -> bool:
    """Equal, or one is the other rounded (two significant digits or more)."""
    if math.isclose(a.low, b.low, rel_tol=1e-9) and math.isclose(a.high, b.high, rel_tol=1e-9):
        return True
    if a.low != a.high or b.low != b.high:
        return False
    if _in_thousands(a, b) or _in_thousands(b, a):
        return True
    coarse, fine = (a, b) if a.step >= b.step else (b, a)
    digits = coarse.low / coarse.step if coarse.step else 0
    return coarse.step > fine.step and digits >= 10 and abs(coarse.low - fine.low) <= coarse.step / 2


def _in_thousands(one: Value, other: Value) -> bool:
    """Whether `88.214` is the 88,214 of the other side: in much of the world the point stands between thousands."""
    written = _GROUPED.match(one.text)
    return written is not None and math.isclose(one.low * 1000.0 ** written[0].count("."), other.low)


def _calendar(a: Value, b: Value) -> Comparison:
    """Months against days: compatible or not, never equal."""
    months, seconds = (a, b) if a.unit == "month" else (b, a)
    if seconds.unit != "s":
        return _INCOMPARABLE
    low, high = _days(months)
    if low <= seconds.high and seconds.low <= high:
        return Comparison(Relation.INCOMPARABLE, "a month has 28 to 31 days: about the same, not equal")
    if {a.bound, b.bound} == {Bound.AT_MOST, Bound.AT_LEAST}:
        return _INCOMPARABLE
    return _CONFLICT


def literal(value: Value) -> tuple[str, str]:
    """Return a key under which equal values meet in an index: exact where that is possible."""
    if value.kind in NUMERIC:
        return value.unit or "number", f"{value.low:.12g}" + (f"..{value.high:.12g}" if value.high != value.low else "")
    return value.kind.value, value.key or f"{value.low:.12g}"

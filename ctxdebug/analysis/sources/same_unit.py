"""Whether a value with a unit may come from given ones of the same unit: kilograms from kilograms, times a count, a share or a rate.

Eleven kilograms and a model number make no other weight; without their units, five given numbers make almost any sixth by chance.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, permutations

from ctxdebug.analysis.claims.values import NUMERIC, Value, ValueKind
from ctxdebug.text.patterns import lazy

_MOST_ALIKE = 16
"""Given values of the unit that are tried."""
_MOST_FACTORS = 24
_MOST_ADDED = 10
"""Values of the unit up to which every three are added."""
_PERIODS = (2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 10.0, 12.0, 24.0, 30.0, 52.0, 60.0, 100.0, 365.0)
_LEAST_ROUNDED = 20
"""Written whole numbers from which they may be rounded."""
_NAMED = lazy(r"\b([A-Z][a-z]{2,20}) (\d{1,4})\b(?![.,]\d)")
_DECIMALS = lazy(r"\d\.(\d{1,6})")
_TYPED = NUMERIC - {ValueKind.NUMBER, ValueKind.PERCENT, ValueKind.DURATION}


def is_of(one: Value, value: Value) -> bool:
    """Whether a given value is of the unit of another, which is money or a quantity."""
    return value.kind in _TYPED and one.kind is value.kind and one.unit == value.unit


def is_share_of(value: Value, others: Sequence[Value]) -> bool:
    """Whether a percentage may be worked out: from other ones, or as the share, rise or fall of two values of one kind and unit."""
    rates = [one.low for one in others if one.kind is ValueKind.PERCENT]
    alike = [one for one in others if one.kind in NUMERIC - {ValueKind.PERCENT} and one.low][:_MOST_FACTORS]
    slack = 0.5 if value.low.is_integer() else value.step / 2
    results = [
        *(
            result
            for rate in rates
            for result in (100 - rate, *(rate * by for by in _PERIODS), *(rate / by for by in _PERIODS))
        ),
        *(abs(a + sign * b) for a, b in combinations(rates, 2) for sign in (1, -1)),
        *(
            result
            for a, b in permutations(alike, 2)
            if (a.kind, a.unit) == (b.kind, b.unit)
            for result in (100 * a.low / b.low, abs(100 * (a.low - b.low) / b.low))
        ),
        *(100 * one.low for one in alike if one.low < 1),
        *((100 * one.low / sum(x.low for x in alike if x.unit == one.unit)) for one in alike),
    ]
    return any(abs(result - value.low) <= slack for result in results)


def named_numbers(texts: Sequence[str], sentence: str) -> frozenset[float]:
    """Return the numbers that are parts of names: those of a series (`Finch 20`, `Finch 24`), and in the sentence any behind a name."""
    series: dict[str, set[str]] = {}
    for text in texts:
        for match in _NAMED.finditer(text):
            series.setdefault(match[1], set()).add(match[2])
    found = {number for numbers in series.values() if len(numbers) > 1 for number in numbers}
    return frozenset(map(float, {*found, *(match[2] for match in _NAMED.finditer(sentence) if match.start())}))


def makes(value: Value, others: Sequence[Value], shares: Sequence[float]) -> bool:
    """Whether given values make a value with a unit; `shares` are the fractions that the texts name."""
    scale = _scale(value)
    number = _written(value)
    decimals = _DECIMALS.search(value.text)
    slack = (
        0.0
        if number.is_integer() and number < _LEAST_ROUNDED
        else 0.5 * 10.0 ** -(len(decimals[1]) if decimals else 0) * scale
    )
    bare = [one.low for one in others if one.kind is ValueKind.NUMBER and not one.noun]
    alike = [*(one.low for one in others if is_of(one, value)), *(one * scale for one in bare)]
    counts = [one.low for one in others if one.kind is ValueKind.NUMBER]
    rates = [one.low / 100 for one in others if one.kind is ValueKind.PERCENT]
    measures = [_written(one) for one in others if one.kind in NUMERIC and not is_of(one, value)]
    results = _results(_distinct(alike, _MOST_ALIKE), _distinct([*counts, *measures, *shares], _MOST_FACTORS), rates)
    return any(abs(result - value.low) <= slack + 1e-9 * max(1.0, abs(value.low)) for result in results)


def _scale(value: Value) -> float:
    """Return what one of the unit as it is written is in the unit that values are held in: 1000 for kilograms in grams."""
    written = _written(value)
    return value.low / written if written else 1.0


def _written(value: Value) -> float:
    digits = "".join(mark for mark in value.text if mark.isdigit() or mark == ".").strip(".")
    try:
        return float(digits)
    except ValueError:
        return value.low


def _distinct(numbers: Sequence[float], most: int) -> list[float]:
    return list(dict.fromkeys(number for number in numbers if number))[:most]


def _results(alike: Sequence[float], factors: Sequence[float], rates: Sequence[float]) -> Iterator[float]:
    added = [*alike, *(sum(pair) for pair in combinations(alike, 2)), *(abs(a - b) for a, b in combinations(alike, 2))]
    if len(alike) > 2:
        yield sum(alike)
        yield sum(alike) / len(alike)
    if len(alike) <= _MOST_ADDED:
        for a, b, c in combinations(alike, 3):
            yield from (a + b + c, abs(a + b - c), abs(a - b + c), abs(b + c - a))
    for one in added:
        yield one
        for by in (*_PERIODS, *factors):
            yield from (one * by, one / by)
        for rate in rates:
            yield from (one * rate, one * (1 - rate), one * (1 + rate))
    for one in alike:
        for by in factors:
            yield 100 * one / by
            for other in alike:
                yield from (one * by + other, abs(one * by - other))

"""Whether a value may have been worked out from those that were given, whatever words tell so.

A proof names what was done (`arithmetic`); this only keeps a value from being called missing that two or three given values make:
one row less another, a price times a count, a time and how long it takes. Where it may be so, the value is not examined. A value with
a unit comes from values of that unit (`same_unit`).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import combinations, permutations

from ctxdebug.analysis.claims.figures import figures
from ctxdebug.analysis.claims.units import NUMBER_WORDS
from ctxdebug.analysis.claims.values import NUMERIC, Value, ValueKind, values
from ctxdebug.analysis.sources.same_unit import is_of, is_share_of, makes, named_numbers
from ctxdebug.records import record
from ctxdebug.text.patterns import lazy

MOST_PAIRED = 24
"""Given values of which every two are tried."""
_MOST_TRIPLED = 9
"""Given values up to which all is tried; of more, some would make any number by chance: only sums, differences and small multiples are."""
_PERIODS = (2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 12.0, 24.0, 30.0, 52.0, 60.0, 100.0, 365.0)
"""What one value is multiplied with or divided by: twice as much, days of a week, months of a year, cents of a euro."""
_DAY = 86_400.0
_DAY_MINUTES = 1440
_ABOUT_A_WEEK = 7
_ANY_YEARS = (2023, 2024)
"""Years, an ordinary one and a leap year, in which dates without one are counted."""
_MOST_TIMES = 12
_DIVIDED = {"half": 2.0, "halves": 2.0, "third": 3.0, "thirds": 3.0, "quarter": 4.0, "quarters": 4.0, "fifth": 5.0, "fifths": 5.0,
            "eighth": 8.0, "eighths": 8.0, "tenth": 10.0, "tenths": 10.0, "double": 2.0, "twice": 2.0, "dozen": 12.0}  # fmt: skip
_FRACTION = lazy(r"\b(?:(\w{2,8})[ -])?(half|halves|thirds?|quarters?|fifths?|eighths?|tenths?)\b", re.IGNORECASE)
_ONE_HOUR = lazy(r"\b(?:(half) )?an hour\b", re.IGNORECASE)
_CENTURY = lazy(r"\b(\d{2}|[a-z]{5,12})(?:st|nd|rd|th)?[ -]century\b", re.IGNORECASE)
_CENTURIES = {"seventeenth": 17, "eighteenth": 18, "nineteenth": 19, "twentieth": 20, "sixteenth": 16, "fifteenth": 15}
_YEAR = lazy(r"(?<!\d)(1[0-9]\d\d|20\d\d)(?!\d)")


_SPANS = frozenset({ValueKind.DURATION, ValueKind.QUANTITY})
"""Kinds of values that how long something takes may come from."""
_IN_TIME = lazy(
    r"(?<![a-z])(?:mins?|minutes?|hours?|hrs?|days?|nights?|weeks?|months?|years?|seconds?|secs?|ms|duration)(?![a-z])",
    re.IGNORECASE,
)


@record(frozen=True)
class GivenValues:
    """The values that an answer may have worked with, and the texts that they stand in."""

    values: Sequence[Value]
    texts: Sequence[str] = ()


def possibly_derived(value: Value, given: GivenValues, sentence: str) -> bool:
    """Whether some of the given values, and those of the sentence itself, make the value."""
    if value.kind is ValueKind.DATE:
        return _in_century(value, given.texts) or _date(value, given.values)
    others = [*given.values, *(one for one in values(sentence) if one.start != value.start)]
    if value.kind is ValueKind.CLOCK:
        return _clock(value, others, given.texts)
    if value.kind is ValueKind.DURATION:
        if _span(value, others):
            return True
        if not any(one.kind in _SPANS for one in others) and not any(map(_IN_TIME.search, given.texts)):
            return False  # ten tickets and a row make no ten days
    if value.kind not in NUMERIC:
        return False
    if value.kind is ValueKind.NUMBER and value.step < 1 and value.low == int(value.low):
        return False  # `2.0`: who works out a whole number writes it as one
    named = named_numbers(given.texts, sentence)
    others = [one for one in others if one.kind is not ValueKind.NUMBER or one.noun or one.low not in named]
    if value.low == value.high and value.step and any(is_of(one, value) for one in others):
        return makes(value, others, list(_fractions(" ".join((*given.texts, sentence)))))
    if value.kind is ValueKind.PERCENT and not list(_fractions(" ".join((*given.texts, sentence)))):
        return is_share_of(value, others)
    written = figures(value.text) or [_in_words(value)]
    numbers = _numbers(others, " ".join((*given.texts, sentence)))
    rounded = len(numbers) <= _MOST_TRIPLED
    return all(any(_equal(result, number, rounded=rounded) for result in _results(numbers)) for number in written[:2])


def _numbers(others: Iterable[Value], text: str) -> list[float]:
    """Return the numbers that may be operands, as written, and the fractions that the texts name."""
    found: dict[float, None] = {}
    for one in others:
        if one.kind is ValueKind.CLOCK or one.kind is ValueKind.DATE:
            continue
        written = figures(one.text) or [_in_words(one)]
        found.update(dict.fromkeys(number for number in written if number))
    found.update(dict.fromkeys(_fractions(text)))
    return list(found)[:MOST_PAIRED]


def _fractions(text: str) -> Iterator[float]:
    for match in _FRACTION.finditer(text):
        part = 1 / _DIVIDED[match[2].lower()]
        yield part * NUMBER_WORDS.get((match[1] or "").lower(), 1.0)


def _results(numbers: Sequence[float]) -> Iterator[float]:
    if len(numbers) > _MOST_TRIPLED:
        for a, b in combinations(numbers, 2):
            yield from (a + b, abs(a - b), *((a * b,) if min(a, b) <= _MOST_TIMES else ()))
        return
    yield from (result for one in numbers for by in _PERIODS for result in (one * by, one / by))
    yield from (one * 1.8 + 32 for one in numbers)
    yield from ((one - 32) / 1.8 for one in numbers)
    if len(numbers) > 2:
        yield sum(numbers)
    for a, b in combinations(numbers, 2):
        yield from _of_two(a, b)
    for a, b, c in permutations(numbers if len(numbers) <= _MOST_TRIPLED else (), 3):
        yield from (a + b + c, a - b - c, a + b - c, a * b + c, a * b - c, (a + b) * c, (a - b) * c, a * b * c)
        yield from (100 * (a - b) / c, (a - b) / c, (a + b) / c)


def _of_two(a: float, b: float) -> Iterator[float]:
    yield from (a + b, abs(a - b), a * b, a / b, b / a, 100 * a / b, 100 * b / a)
    yield from (abs(100 * (a - b) / b), abs(100 * (b - a) / a), (a + b) / 2)
    if min(a, b) < 100:
        yield from (a * b / 100, a * (1 - b / 100), a * (1 + b / 100), b * (1 - a / 100), b * (1 + a / 100))


def _equal(result: float, number: float, *, rounded: bool) -> bool:
    if math.isclose(result, number, rel_tol=1e-9) or not rounded:
        return math.isclose(result, number, rel_tol=1e-9)
    return (abs(number) >= 20 and abs(result - number) <= 0.5) or (
        number != int(number) and abs(result - number) <= 0.005
    )


def _in_words(value: Value) -> float:
    return NUMBER_WORDS.get(value.text.split()[0].lower(), value.low)


_FOREIGN_HOUR = lazy(
    r"(?<![\d.,:])(1?\d|2[0-4])(?=\s?(?:uhr|heures?|h|uur|horas?|ore|bis|tot|à|hasta)\b)"
    r"|\b(?:bis|tot|à|hasta|alle|kl\.?)\s(1?\d|2[0-4])(?![\d.,:]*\d)",
    re.IGNORECASE,
)
"""An hour as other languages write it: `von 6 bis 23 Uhr`."""


def _minutes(value: Value) -> list[int]:
    return [int(key.split(":")[0]) * 60 + int(key.split(":")[1]) for key in value.key.split("|")]


def _clock(value: Value, others: Sequence[Value], texts: Sequence[str]) -> bool:
    """Whether a time of day is another one, moved by a time that is told or by two of them."""
    spans = {one.low / 60 for one in others if one.kind is ValueKind.DURATION and one.unit == "s" and one.low < _DAY}
    spans |= {30.0 if match[1] else 60.0 for text in texts for match in _ONE_HOUR.finditer(text)}
    moves = {*spans, *(a + b for a, b in combinations(sorted(spans)[:_MOST_TIMES], 2))}
    times = {minute for one in others if one.kind is ValueKind.CLOCK for minute in _minutes(one)}
    times |= {int(one.low) * 60 for one in others if one.kind is ValueKind.NUMBER and 0 < one.low <= 24}
    wanted = {minute % (_DAY_MINUTES // 2) for minute in _minutes(value)}
    bare = {int(match[1] or match[2]) * 60 for text in texts for match in _FOREIGN_HOUR.finditer(text)}
    if not wanted.isdisjoint(minute % (_DAY_MINUTES // 2) for minute in bare):
        return True
    return any(
        round(time + sign * move) % (_DAY_MINUTES // 2) in wanted
        for time in times
        for move in moves
        for sign in (1, -1)
    )


def _span(value: Value, others: Sequence[Value]) -> bool:
    """Whether a duration lies between two times of day, over midnight too, between two dates, or is a few times another."""
    seconds = value.low * (30.44 * _DAY if value.unit == "month" else 1)
    clocks = [minute for one in others if one.kind is ValueKind.CLOCK for minute in _minutes(one)[:1]][:MOST_PAIRED]
    days = [day for one in others if (day := _day(one)) is not None][:MOST_PAIRED]
    apart = {0, *(abs((a - b).days) for a, b in combinations(days, 2))}
    turned = {
        0,
        *((a - b) * 60 for a, b in permutations(clocks, 2)),
        *((a - b + _DAY_MINUTES) * 60 for a, b in permutations(clocks, 2)),
    }
    near = 0.03 if value.unit == "month" else 1e-6
    if any(math.isclose(day * _DAY + turn, seconds, rel_tol=near) for day in apart for turn in turned if day or turn):
        return True
    spans = [one.low for one in others if one.kind is ValueKind.DURATION and one.unit == value.unit and one.low]
    counts = range(2, _MOST_TIMES + 1)
    return any(math.isclose(one * count, value.low) for one in spans for count in counts) or any(
        math.isclose(result, value.low) for a, b in combinations(spans, 2) for result in (a + b, abs(a - b))
    )


def _day(value: Value, year: int | None = None) -> date | None:
    """Return a date as a day, one without its year in a given one; None for what is no day."""
    key = value.key if year is None else value.key.replace("????", str(year))
    return _day_of(key) if value.kind is ValueKind.DATE else None


def _date(value: Value, given: Sequence[Value]) -> bool:
    """Whether a date lies within a week of a given one, moved by a span or a few of it; a year, some years behind or before another."""
    spans = {
        one.low * 30.44 if one.unit == "month" else one.low / _DAY for one in given if one.kind is ValueKind.DURATION
    } - {0.0}
    if value.key.endswith("-??-??"):
        return _year_moved(value, given)
    known = next((day.year for one in given if (day := _day(one)) is not None), None)
    for year in (known,) if known is not None else _ANY_YEARS:
        wanted = _day(value, year)
        days = [day for one in given if (day := _day(one, year)) is not None]
        if wanted is not None and any(
            abs(abs((wanted - day).days) - span * count) <= (_ABOUT_A_WEEK if span >= _ABOUT_A_WEEK else 0)
            for day in days
            for span in spans
            for count in range(1, _MOST_TIMES)
        ):
            return True
    return False


def _year_moved(value: Value, given: Sequence[Value]) -> bool:
    """Whether a year is another one, moved by a number of years: `sold after four years`, of 1856."""
    years = {int(one.key[:4]) for one in given if one.kind is ValueKind.DATE and one.key[:4].isdecimal()}
    moves = {round(one.low / 12) for one in given if one.kind is ValueKind.DURATION and one.unit == "month"}
    wanted = int(value.key[:4]) if value.key[:4].isdecimal() else 0
    return any(abs(wanted - year) == move for year in years for move in moves if move)


def _day_of(key: str) -> date | None:
    try:
        return date.fromisoformat(key)
    except ValueError:
        return None


def _in_century(value: Value, texts: Sequence[str]) -> bool:
    """Whether `the 1800s` are the century of a year or of a century that is told."""
    if not re.match(r"\d\d0\?", value.key):
        return False
    first = value.key[:2]
    return any(
        any(year[1].startswith(first) for year in _YEAR.finditer(text))
        or any(_century(match[1]) == int(first) + 1 for match in _CENTURY.finditer(text))
        for text in texts
    )


def _century(word: str) -> int:
    return int(word) if word.isdecimal() else _CENTURIES.get(word.lower(), 0)

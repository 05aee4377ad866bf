"""Where facts hold a value: literally first, then in another form, another unit, or spelled out."""

from __future__ import annotations

import re

from ctxdebug.analysis.claims.amounts import parse
from ctxdebug.analysis.claims.comparison import Relation, compare
from ctxdebug.analysis.claims.figures import in_thousands
from ctxdebug.analysis.claims.statement import Statement
from ctxdebug.analysis.claims.units import SCALES
from ctxdebug.analysis.claims.values import NUMERIC, Value, ValueKind
from ctxdebug.analysis.claims.words import STEM
from ctxdebug.analysis.sources.corpus import Corpus, plain
from ctxdebug.records import replace
from ctxdebug.text.patterns import lazy

_DIGITS = lazy(r"\d{1,3}(?: \d{3}){2,4}(?!\d)|\d+(?:[.,:/]\d+)*")
_TENS = {1: "one", 2: "two", 3: "three", 4: "four", 5: "five", 6: "six", 7: "seven", 8: "eight", 9: "nine", 10: "ten", 11: "eleven",
12: "twelve", 14: "fourteen", 15: "fifteen",
         20: "twenty", 24: "twenty", 30: "thirty", 40: "forty", 50: "fifty", 60: "sixty", 90: "ninety", 100: "hundred"}  # fmt: skip

_SCALED = lazy(r"(\d[\d,]*(?:\.\d+)?)\s?(thousand|million|billion)\b", re.IGNORECASE)
"""A number that may be another one rounded: `1.6 million` of 1,612,000."""
_FIGURE = lazy(r"(?:^|\s)(\d{1,12}\.\d{1,2})$")
_POINTED = lazy(r"([01]?\d|2[0-4])\.([0-5]\d)$")
_FIGURES = 10
_MOST_ROUNDED = 20


def find_value(value: Value, facts: Corpus, stems: frozenset[str]) -> tuple[Statement, int, int] | None:
    """Where the facts hold an equal value: in the statement nearest to `stems` of those that do."""
    written_so = value.text.strip().lower()
    if value.kind is ValueKind.IDENTIFIER and written_so in facts.text:
        return _statement_at(facts, written_so)  # `device_2`, whose key is another
    if value.kind in {ValueKind.URL, ValueKind.EMAIL, ValueKind.IDENTIFIER} and not value.key.count(" "):
        at = facts.text.find(value.key)
        return _statement_at(facts, value.key) if at >= 0 else None
    numbers: set[int] = set()
    for core in _cores(value):
        numbers.update(facts.numbers.get(core, ()))
    rounded = _rounded(value)
    if rounded is not None:
        for core in facts.numbers_between(rounded.low - rounded.step / 2, rounded.low + rounded.step / 2):
            numbers.update(facts.numbers[core][:_MOST_ROUNDED])
    place = _equal_in(value, facts, numbers, stems)
    if place:
        return place
    spelled = {number for stem in _spelled(value) for number in facts.postings.get(stem, ())[:200]}
    wide = spelled | ({n for stem in stems if stem in facts.postings for n in facts.postings[stem][:60]} - numbers)
    return _equal_in(value, facts, wide, stems)


def _rounded(value: Value) -> Value | None:
    """Return a number in millions or billions as a bare one, without its unit, which a field of a record does not show; None for others."""
    found = _SCALED.match(value.text) if value.kind in NUMERIC and value.low == value.high else None
    if found is None:
        return None
    scale, (number, step) = SCALES[found[2].lower()], parse(found[1])
    if number / step < _FIGURES:
        return None  # `2 million` of anything near it
    return replace(value, kind=ValueKind.NUMBER, unit="", low=number * scale, high=number * scale, step=step * scale)


def _cores(value: Value) -> set[str]:
    found = {plain(core) for core in _DIGITS.findall(value.text)}
    found |= {f"{whole:.12g}" for core in _DIGITS.findall(value.text) if (whole := in_thousands(core)) is not None}
    for number in {value.low, value.high}:
        if number and abs(number) < 1e15:
            found.add(f"{number:.12g}")
            if value.unit == "s" or value.unit == "month":
                found.update(f"{number / factor:.12g}" for factor in (60, 3600, 86400, 604800, 12))
    if value.unit in {"°C", "°F"}:
        other = (value.low - 32) / 1.8 if value.unit == "°F" else value.low * 1.8 + 32
        found.update(f"{other + off:.0f}" for off in (-1, 0, 1))
    if value.kind is ValueKind.DATE:
        parts = [part for part in value.key.replace("|", "-").split("-") if "?" not in part]
        found.update((*parts, *(part.lstrip("0") for part in parts)))
        found.update(value.key.split("|"))
        found.update(key.replace("-", "/") for key in value.key.split("|"))
    if value.kind is ValueKind.CLOCK:
        for key in value.key.split("|"):
            hour, minute = key.split(":")[:2]
            found |= {f"{hour}:{minute}", f"{int(hour)}:{minute}", f"{int(hour) % 12 or 12}:{minute}"}
            found |= {plain(f"{int(hour)}.{minute}"), plain(f"{hour}.{minute}")}
            found |= {f"{hour}:{minute}:00", str(int(hour) % 12 or 12), str(int(hour)), hour}
    return found


def _spelled(value: Value) -> list[str]:
    match = _DIGITS.match(value.text)
    number = int(match.group()) if match and match.group().isdecimal() and len(match.group()) < 4 else 0
    return [STEM[_TENS[number]]] if number in _TENS else []


def _equal_in(
    value: Value, facts: Corpus, numbers: set[int], stems: frozenset[str]
) -> tuple[Statement, int, int] | None:
    order = sorted(numbers, key=lambda number: -len(facts.statements[number].stems & stems))[:200]
    for number in order:
        found = facts.statements[number]
        for other in found.values:
            if says(value, other):
                return found, other.start, other.end
    return None


def says(value: Value, other: Value) -> bool:
    """Equal; or the same bare number where one side shows no unit (a table names it in its head)."""
    if value.kind is other.kind is ValueKind.NUMBER and _is_decimal(value, other):
        return False
    compared = compare(value, other)
    if compared.relation is Relation.EQUAL or (
        value.kind is other.kind is ValueKind.CLOCK and compared.relation is Relation.INCOMPARABLE
    ):
        return True
    if (
        value.kind is other.kind
        and value.kind in NUMERIC
        and (value.unit, value.low, value.high) == (other.unit, other.low, other.high)
    ):
        return True  # `at least 70` and `not below 70`
    if {value.kind, other.kind} == {ValueKind.CLOCK, ValueKind.NUMBER}:
        return _is_hour(*((value, other) if value.kind is ValueKind.CLOCK else (other, value)))
    if value.kind in NUMERIC and other.kind in {ValueKind.VERSION, ValueKind.IDENTIFIER}:
        return written(value) == written(other) or _is_amount(value, other)
    if value.kind in NUMERIC and other.kind in NUMERIC and ValueKind.NUMBER in {value.kind, other.kind}:
        plainly = _rounded(value)
        return (
            value.low == other.low
            or value.high == other.high
            or written(value) == written(other)
            or (plainly is not None and not other.unit and compare(plainly, other).relation is Relation.EQUAL)
        )
    if value.kind is ValueKind.NUMBER and other.kind in {
        ValueKind.DATE,
        ValueKind.VERSION,
        ValueKind.IDENTIFIER,
        ValueKind.ORDINAL,
    }:
        return written(value) in {written(other), other.key} or f" {written(value)}" in f" {other.key}"
    return (
        other.kind is ValueKind.NUMBER
        and value.kind in {ValueKind.DATE, ValueKind.VERSION}
        and written(value) == written(other)
    )


def _is_amount(value: Value, other: Value) -> bool:
    """Whether a bare figure that reads like a version or a number of something is the amount: `$45.00` and `Amount 45.0`."""
    found = _FIGURE.search(other.text)
    return value.low == value.high and value.step < 1 and found is not None and float(found[1]) == value.low


def _is_hour(clock: Value, number: Value) -> bool:
    """Whether a plain number is the full hour of a time of day, `from 15 to 18`, `6 pm`, or the time with a point: `10.30`."""
    hours = {key.split(":")[0] for key in clock.key.split("|") if key.endswith(":00")}
    pointed = _POINTED.match(number.text)
    if pointed is not None and not number.unit:
        return f"{int(pointed[1]):02}:{pointed[2]}" in clock.key.split("|")
    counts = bool(number.noun) and bool(STEM[number.noun])
    return not counts and not number.unit and not {f"{number.low:02.0f}", f"{number.high:02.0f}"}.isdisjoint(hours)


def _is_decimal(value: Value, other: Value) -> bool:
    """Whether one number is written with decimals and the other in words: `2.0` is not the `two` of `year two`."""
    decimal, word = (
        ["." in one.text for one in (value, other)],
        [not any(map(str.isdigit, one.text)) for one in (value, other)],
    )
    return any(decimal) and any(word)


def written(value: Value) -> str:
    """Return the first digits of a value as they are compared literally, or the word for them: `two` of `two years`."""
    match = _DIGITS.search(value.text)
    return plain(match.group()) if match else value.text.split(" ", 1)[0]


def _statement_at(facts: Corpus, key: str) -> tuple[Statement, int, int] | None:
    for found in facts.statements:
        at = found.text.lower().find(key)
        if at >= 0:
            return found, at, at + len(key)
    return (facts.statements[0], 0, 0) if facts.statements else None

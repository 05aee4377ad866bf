"""Numbers that an answer may have worked out itself: tried before a number is called absent.

Operands are few on purpose (the answer's own numbers and those of the sentences nearest to it): with every number of a
long context, any result could be derived.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import combinations, permutations, product

from ctxdebug.analysis.claims.comparison import Relation, compare
from ctxdebug.analysis.claims.figures import figures
from ctxdebug.analysis.claims.units import NUMBER_WORDS
from ctxdebug.analysis.claims.values import NUMERIC, Value, ValueKind, values
from ctxdebug.records import record, replace
from ctxdebug.text.patterns import lazy
from ctxdebug.text.wordings import wording

MOST_OPERANDS = 16


_CUES = {
    "sum": lazy(
        r"\b(?:total|totals|totalled|totaled|totalling|totaling|sum|combined|altogether|together|in all|overall|add|adds|"
        r"added|adding|spend|spent|paid)\b|[+=]", re.IGNORECASE),
    "mean": lazy(r"\b(?:average|averages|averaging|mean)\b", re.IGNORECASE),
    "difference": wording("source_arithmetic", "difference"),
    "product": lazy(
        r"\b(?:each|per|times|every|cost|costs|total|totals|multiply|multiplied|product|double|twice|half|divided|split|"
        r"equals|apiece)\b|[×*=÷]|\d\s?x\s?\d|\s/\s", re.IGNORECASE),
    "share": lazy(
        r"%|\bper ?cent|\bshare\b|\bdiscount|\boff\b|\bpurchased?\b|\bbought\b|\bpaid\b|\bpay\b|\btotal\b|\btax\b|\bfee\b|"
        r"\btip\b|\brate\b", re.IGNORECASE),
}  # fmt: skip
"""Words with which an answer says that it worked something out."""
_UP = lazy(r"\b(?:up|increase|increased|rose|grew|growth|higher|gain|gained|raised)\b", re.IGNORECASE)
_DOWN = lazy(
    r"\b(?:down|decrease|decreased|fell|drop|dropped|lower|loss|lost|reduced|reduction|declined?)\b", re.IGNORECASE
)
_NUMBER = lazy(r"\d[\d,]*(?:\.\d+)?")
_SIGN = lazy(r"(?<=[\s\w%€£])[+×x*/÷−–-](?=\s*[$€£]?\s*\d)")
_EXPRESSION = lazy(
    r"""
    [$€£]?\d[\d,]*(?:\.\d+)? (?:\s?[%€£A-Za-z]{1,9})?
    (?: \s* [+×x*/÷−–-] \s* [$€£]?\d[\d,]*(?:\.\d+)? (?:\s?[%€£A-Za-z]{1,9})? ){1,12}
    \s* = \s* [*_(]{0,3} $
    """,
    re.VERBOSE,
)
_TOTAL = lazy(r"\b(?:total|altogether|sum|combined|including|plus|together)\b", re.IGNORECASE)
_AGE = lazy(r"\b(?:old|age|aged|turn|turns|turned|turning|birthday|years?)\b", re.IGNORECASE)
_OLDEST = 125
_DAY = 24 * 60
_TELLING = 13
"""Numbers from which a sum or a difference is hardly one by chance."""
_MOST_SHOWN = 6
"""Numbers of a sentence of which sums are tried."""
_POINTS = lazy(r"\bpoints?\b|\bpp\b", re.IGNORECASE)


def _days_of(year: int, month: int) -> int:
    """Return how many days a month has."""
    return 31 if month == 12 else (date(year, month + 1, 1) - timedelta(days=1)).day


@record(frozen=True, slots=True)
class Operands:
    """What an answer may have worked with: its own numbers, those of the sentences nearest to it, and fields of records."""

    own: Sequence[Value]
    near: Sequence[Value] = ()
    fields: Sequence[Sequence[Value]] = ()
    """Per field of a record (`payment amount`): its value in every record."""
    items: int = 0
    """List items that follow in the answer."""
    said: str = ""
    """The sentences nearest to the answer's, in lower case."""
    asked: Sequence[Value] = ()
    """Numbers of the user's, to work with."""


def derivation(value: Value, operands: Operands, words: str) -> str:
    """How the value follows from the operands, in words; empty if it does not. `words` is the sentence, which must say what was done."""
    if value.kind is ValueKind.NUMBER and operands.items and value.low == operands.items:
        return f"count of {operands.items} listed items"
    restated = next(
        (one for one in operands.own if one.unit != value.unit and one.unit and _restates(value, one)), None
    )
    if restated is not None:
        return f"{restated.shown()} in another unit"
    if value.kind is ValueKind.DATE:
        return _date(value, operands) or _end_of_month(value, operands)
    if value.kind is ValueKind.CLOCK:
        return _moved_time(value, operands)
    if value.kind not in NUMERIC or value.low != value.high or value.low == 0:
        return ""
    written = _written_out(value, words)
    if written:
        return written
    shown = (
        _halved(value, operands)
        or _shown(value, words)
        or _with_users(value, operands)
        or _age(value, operands, words)
        or _between_times(value, operands)
    )
    if shown:
        return shown
    small = value.kind is ValueKind.NUMBER and abs(value.low) < 100 and value.step >= 1
    pool = operands.own if small and not _TOTAL.search(words) else (*operands.own, *operands.near)
    numbers = _single(pool, value)[:MOST_OPERANDS]
    like = [one for one in numbers if one.unit == value.unit and one.kind is value.kind]
    if small:
        like = [one for one in like if abs(one.low) >= 2]
    cued = {name for name, cue in _CUES.items() if cue.search(words)}
    tried = (*_results(value, like, words), *_mixed(value, numbers, words), *_of_fields(value, operands.fields))
    return next((how for result, cue, how in tried if cue in cued and _equal(result, value)), "")


def _plain(value: Value) -> float:
    """Return the number as written, whatever it counts."""
    found = figures(value.text)
    if found:
        return found[0]
    return NUMBER_WORDS.get(value.text.split()[0].lower(), value.low if value.kind is ValueKind.NUMBER else 0.0)


def _shown(value: Value, words: str) -> str:
    """Return the sum or difference that the sentence itself tells: `10 left: 31, minus 17 taken and 4 booked`."""
    cued = any(_CUES[name].search(words) for name in ("sum", "difference", "product"))
    wanted = _plain(value)
    numbers = [n for one in values(words) if one.kind in NUMERIC and one.start != value.start and (n := _plain(one))]
    if len(numbers) > 2 and _CUES["sum"].search(words) and math.isclose(sum(numbers), wanted):
        return f"the sum of the {len(numbers)} other numbers of the sentence"
    for a, b in combinations(numbers[:_MOST_SHOWN], 2):
        if min(a, b) >= _TELLING and any(math.isclose(result, wanted) for result in (abs(a - b), a + b)):
            return f"worked out in the sentence from {a:g} and {b:g}"
    if _CUES["product"].search(words):
        for a, b in combinations(numbers[:_MOST_SHOWN], 2):
            if math.isclose(a * b, wanted):
                return f"worked out in the sentence: {a:g} × {b:g}"
    if not cued:
        return ""
    for count in (2, 3, 4):
        for first, *rest in permutations(numbers[:_MOST_SHOWN], count):
            if math.isclose(first - sum(rest), wanted) or math.isclose(first + sum(rest), wanted):
                return "worked out in the sentence from " + ", ".join(f"{one:g}" for one in (first, *rest))
    return ""


def _halved(value: Value, operands: Operands) -> str:
    """Return a value that is half or twice another, where the texts say so: `180 euros; students pay half`."""
    for share, word in ((0.5, "half"), (2.0, "twice")):
        if word in operands.said and any(
            math.isclose(_plain(one) * share, _plain(value)) for one in operands.near if _plain(one)
        ):
            return f"{word} of a value of the texts"
    return ""


def _with_users(value: Value, operands: Operands) -> str:
    """Return how a value follows from a number of the user's and one that was given: `3 nights at 80`, `1,000 less the excess of 250`."""
    wanted = _plain(value)
    for mine in operands.asked[:4]:
        for other in (*operands.own, *operands.near)[:MOST_OPERANDS]:
            a, b = _plain(mine), _plain(other)
            if other is mine or not a or not b or {a, b} == {1.0}:
                continue
            if any(math.isclose(result, wanted) for result in (a * b, a + b, a - b, b - a, a / b, b / a)):
                return f"worked out with the user's {mine.shown()}"
    return ""


def _age(value: Value, operands: Operands, words: str) -> str:
    """Return an age as the years between two dates: `84`, born in 1941, in 2025."""
    if not _AGE.search(words) or not 0 < (age := _plain(value)) < _OLDEST:
        return ""
    years = sorted({int(one.key[:4]) for one in (*operands.own, *operands.near) if one.key[:4].isdecimal()})
    for a, b in combinations(years[:MOST_OPERANDS], 2):
        if b - a - 1 <= age <= b - a:
            return f"the years from {a} to {b}"
    return ""


def _between_times(value: Value, operands: Operands) -> str:
    """Return a duration between two times of day: `18 minutes late`, planned at 07:15 and expected at 07:33."""
    if value.kind is not ValueKind.DURATION or value.unit != "s":
        return ""
    clocks = [one for one in (*operands.own, *operands.near) if one.kind is ValueKind.CLOCK][:MOST_OPERANDS]
    for a, b in combinations(clocks, 2):
        x, y = (_minutes(one.key) for one in (a, b))
        if math.isclose(abs(x - y) * 60, value.low):
            return f"from {a.shown()} to {b.shown()}"
    return ""


def _minutes(key: str) -> int:
    hour, minute = key.split("|", maxsplit=1)[0].split(":")[:2]
    return int(hour) * 60 + int(minute)


def _moved_time(value: Value, operands: Operands) -> str:
    """Return a time of day as another one moved by a duration: `8:35`, ten minutes before 8:45."""
    given = (*operands.own, *operands.near)
    spans = [one for one in given if one.kind is ValueKind.DURATION and one.unit == "s"][:MOST_OPERANDS]
    clocks = [one for one in given if one.kind is ValueKind.CLOCK][:MOST_OPERANDS]
    wanted = {_minutes(key) for key in value.key.split("|")}
    for time, span in product(clocks, spans):
        for sign, word in ((1, "after"), (-1, "before")):
            if wanted & {(_minutes(key) + sign * round(span.low / 60)) % _DAY for key in time.key.split("|")}:
                return f"{span.shown()} {word} {time.shown()}"
    return ""


def _written_out(value: Value, words: str) -> str:
    """Return the sum or product that the answer writes before the value, if it comes out (`120 + 15 + 10 = 145 EUR`)."""
    found = _EXPRESSION.search(words[: value.start]) if value.start <= len(words) else None
    if found is None:
        return ""
    numbers = [float(one.replace(",", "")) for one in _NUMBER.findall(found[0])]
    signs = _SIGN.findall(found[0])
    total = numbers[0]
    for sign, number in zip(signs, numbers[1:], strict=False):
        if sign == "+":
            total += number
        elif sign in "-−–":
            total -= number
        elif sign in "×x*":
            total *= number
        elif number:
            total /= number
    return f"worked out as {' '.join(found[0].rstrip('= ').split())}" if _equal(total, value) else ""


def _date(value: Value, operands: Operands) -> str:
    """Return a date that lies a given time before or after another: `30 days from 1 June 2025`."""
    given = (*operands.own, *operands.near)
    wanted, year = _day(value), next((one.key[:4] for one in given if one.key[:4].isdigit()), "2025")
    if wanted is None and value.key.startswith("????-"):
        wanted = _on(f"{year}{value.key[4:]}")
    spans = [one for one in given if one.kind is ValueKind.DURATION and one.low == one.high and one.low > 0][
        :MOST_OPERANDS
    ]
    days = [(one, day) for one in given if one is not value and (day := _day(one)) is not None][:MOST_OPERANDS]
    if wanted is None:
        return ""
    for (start, day), span in product(days, spans):
        for sign in (1, -1):
            end = _moved(day, span, sign)
            if end is not None and abs((end - wanted).days) <= (1 if sign > 0 and span.unit == "month" else 0):
                return f"{span.shown()} {'after' if sign > 0 else 'before'} {start.shown()}"
    return ""


def _end_of_month(value: Value, operands: Operands) -> str:
    """Return the last day of a month where notice is given `to the end of` something, from a day of the user's."""
    day = _day(value) or _on(f"2025{value.key[4:]}")
    last = day is not None and day.day == _days_of(day.year, day.month)
    told = any(one.kind is ValueKind.DATE for one in operands.asked)
    return "the end of a period" if last and told and "end of" in operands.said else ""


def _on(key: str) -> date | None:
    """Return the day of a key in ISO form, a day without a year read with another date's."""
    try:
        return date.fromisoformat(key)
    except ValueError:
        return None


def _day(value: Value) -> date | None:
    try:
        return date.fromisoformat(value.key) if value.kind is ValueKind.DATE else None
    except ValueError:
        return None


def _moved(day: date, span: Value, sign: int) -> date | None:
    try:
        if span.unit == "month":
            months = day.year * 12 + day.month - 1 + sign * int(span.low)
            return date(months // 12, months % 12 + 1, min(day.day, _days_of(months // 12, months % 12 + 1)))
        return day + sign * timedelta(seconds=span.low) if span.low % 86_400 == 0 else None
    except (ValueError, OverflowError):
        return None


def _restates(value: Value, other: Value) -> bool:
    return value.kind is other.kind and compare(value, other).relation is Relation.EQUAL


def _single(pool: Sequence[Value], value: Value) -> list[Value]:
    return [_as_kind(one, value) for one in pool if one.kind in NUMERIC and one.low == one.high and one.low]


def _of_fields(value: Value, fields: Sequence[Sequence[Value]]) -> Iterator[tuple[float, str, str]]:
    """Sums over one field of several records: all of them, or two."""
    for field in fields:
        numbers = [one for one in _single(field, value) if one.unit == value.unit and one.kind is value.kind]
        if len(numbers) < 2:
            continue
        yield sum(one.low for one in numbers), "sum", f"sum of the same field in {len(numbers)} records"
        yield (
            sum(one.low for one in numbers) / len(numbers),
            "mean",
            f"mean of the same field in {len(numbers)} records",
        )
        for a, b in combinations(numbers[:8], 2):
            yield a.low + b.low, "sum", f"sum of {a.shown()} and {b.shown()}"


def _as_kind(one: Value, value: Value) -> Value:
    """Return a bare number of a record (`price: 199.99`) counts as money where money is asked for; a count of things stays one."""
    if value.kind is ValueKind.MONEY and one.kind is ValueKind.NUMBER and (one.step < 1 or one.low >= 20):
        return replace(one, kind=value.kind, unit=value.unit)
    return one


def _equal(result: float, value: Value) -> bool:
    if math.isclose(result, value.low, rel_tol=1e-9):
        return True
    if value.kind is ValueKind.MONEY:
        return abs(result - value.low) <= max(value.step, 0.0101)
    if (value.kind is ValueKind.PERCENT and value.step < 1) or abs(value.low) >= 20 * max(value.step, 1e-12):
        return abs(result - value.low) <= value.step / 2 * 1.0001
    return False


def _results(value: Value, like: Sequence[Value], words: str) -> Iterator[tuple[float, str, str]]:
    rates = value.kind is ValueKind.PERCENT and not _POINTS.search(words)
    for a, b in combinations(like, 2):
        yield a.low + b.low, "sum", f"sum of {a.shown()} and {b.shown()}"
        if not rates:
            yield abs(a.low - b.low), "difference", f"difference of {a.shown()} and {b.shown()}"
    if len(like) > 2:
        yield sum(one.low for one in like), "sum", f"sum of {len(like)} values"
    for count in (2, 3, len(like)):
        if 1 < count <= len(like):
            yield sum(one.low for one in like[:count]) / count, "mean", f"mean of {count} values"
    for three in combinations(like[:5], 3):
        yield sum(one.low for one in three), "sum", "sum of " + ", ".join(one.shown() for one in three)


def _mixed(value: Value, numbers: Sequence[Value], words: str) -> Iterator[tuple[float, str, str]]:
    """Products with a plain number, shares, changes in percent."""
    for a, b in permutations(numbers, 2):
        same = a.unit == value.unit and a.kind is value.kind
        if same and b.kind is ValueKind.NUMBER and 2 <= b.low <= 1000 and b.step >= 1:
            yield a.low * b.low, "product", f"{a.shown()} times {b.shown()}"
            yield a.low / b.low, "product", f"{a.shown()} divided by {b.shown()}"
        if same and b.kind is ValueKind.PERCENT and a.kind is not ValueKind.PERCENT:
            yield a.low * b.low / 100, "share", f"{b.shown()} of {a.shown()}"
            yield a.low * (1 - b.low / 100), "share", f"{a.shown()} less {b.shown()}"
            yield a.low * (1 + b.low / 100), "share", f"{a.shown()} plus {b.shown()}"
        if (
            value.kind is ValueKind.PERCENT
            and a.unit == b.unit
            and a.kind is b.kind
            and a.kind is not ValueKind.PERCENT
            and min(a.low, b.low) >= 10
        ):
            yield 100 * a.low / b.low, "share", f"{a.shown()} as a share of {b.shown()}"
            change = 100 * (a.low - b.low) / b.low
            if not (
                (change > 0 and _DOWN.search(words) and not _UP.search(words))
                or (change < 0 and _UP.search(words) and not _DOWN.search(words))
            ):
                yield abs(change), "difference", f"change from {b.shown()} to {a.shown()}"

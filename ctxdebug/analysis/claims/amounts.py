"""Numbers with what they are numbers of: units, currencies, scales, ranges, and numbers in words."""

from __future__ import annotations

import re

from ctxdebug.analysis.claims.bounds import bound
from ctxdebug.analysis.claims.dates import COUNTED, WORD_AFTER, is_year, years
from ctxdebug.analysis.claims.figures import with_point
from ctxdebug.analysis.claims.units import (
    CASED,
    GLUED,
    NUMBER_WORDS,
    NUMBER_WORDS_ELSEWHERE,
    SCALES,
    SIGNS,
    UNITS,
    Unit,
)
from ctxdebug.analysis.claims.value import Value, ValueKind
from ctxdebug.records import replace
from ctxdebug.text.patterns import lazy

SHAPE = lazy(
    r"""
      (?P<iso>\d{4}-\d{1,2}-\d{1,2}(?!\d))(?:[T ](?P<time>\d{2}:\d{2}(?::\d{2})?))?
    | (?P<daydots>(?:0?[1-9]|[12]\d|3[01])\.(?:0?[1-9]|1[0-2])\.(?:19|20)\d\d(?![\d.]))
    | (?P<slash>\d{1,2}/\d{1,2}/\d{2,4}(?!\d))
    | (?P<monthyear>\d{1,2}/\d{4}(?!\d))
    | (?P<clock>\d{1,2}\.\d{2}\s?[ap]\.?m\b\.?|\d{1,2}:\d{2}(?::\d{2})?(?![\d:])(?:\s?[ap]\.?m\b\.?)?)
    | (?P<elsewhere>\d{1,2}(?:[.:]\d{2})?\s?Uhr\b(?:\s\d{2}\b)?|\d{1,2}\s?h\s?\d{2}\b
        |\d{1,2}(?:[.:]\d{2})?(?=\s?(?:bis|und|[-–])\s?\d{1,2}(?:[.:]\d{2})?\sUhr\b)
        |\d{1,2}(?:\s?h\b)(?=\sà\s\d)|(?<=à\s)(?:[01]?\d|2[0-4])\s?h(?:eures?)?\b(?!\sd[eu']|\sdans)
        |(?:(?<=alle\s)|(?<=dalle\s)|(?<=ore\s)|(?<=las\s))\d{1,2}(?:[.:]\d{2})?
            (?=\s?(?:$|[,;.:)!?](?!\d)|(?:h|horas|alle|e|ed|del|dal|di|y|a|de|hasta|fino|nei|il|la)\b)))
    | (?P<dotted>\d+(?:\.\d+){2,}(?:[-+][a-z]+\.?\d*)?)
    | (?P<half>\d{1,2}\s?(?:[ap]m\b|[ap]\.m\.))
    | (?P<comma>(?<![\d,.\[(])(?:\d{1,3}(?:\.\d{3})+,\d{1,2}|\d{1,9},\d{1,2})(?!\d|[,.]\d))
    | (?P<points>
        (?:(?<=€)|(?<=€\s)|(?<=EUR\s))\d{1,3}(?:\.\d{3})+(?![\d,.]|\s?(?:m|bn|million|billion)\b)
        |\d{1,3}(?:\.\d{3})+(?=\s?(?:€|EUR\b|euros?\b|CHF\b|Franken\b|francs?\b)))
    | (?P<number>(?:\d{1,3}(?:[,'’\u00a0\u202f]\d{3})+(?!\d)|\d{1,3}(?:[ ]\d{3}){2,4}(?![ ]?\d)
        |\d+)(?:\.\d+)?)
    """,
    re.IGNORECASE | re.VERBOSE,
)
_AFTER = lazy(r"([ \u00a0\u202f-]?)([^\W\d_]+²?³?(?:/[a-z]+)?|°\s?[CF]\b|[%‰€£¢°])")
_RANGE = lazy(r"(?:\s?[-–—]\s?|\s(?:to|and|or)\s)(?=[$€£¥₹]?\d)")
_HALF_MORE = " and a half"
_NUMBER_WORD = lazy(
    r"\b(?:"
    + "|".join(sorted((*NUMBER_WORDS, *NUMBER_WORDS_ELSEWHERE, "a", "an"), key=len, reverse=True))
    + r")\b(?:-([a-z]+))?(?=[\s-]([a-z]+))?",
    re.IGNORECASE,
)
_HINTS = frozenset((*NUMBER_WORDS, *NUMBER_WORDS_ELSEWHERE, *SCALES))
_WORD = lazy(r"\w+")
_ONE_OF_TIME = lazy(r"\ban? (?:year|month|week|day|hour|minute|second)", re.IGNORECASE)


def parse(written: str) -> tuple[float, float]:
    """Return a number as written, and what its last written digit is worth; `1.250,50` as much of the world writes it."""
    plain = re.sub(r"[,'’\s]", "", with_point(written))[:300]
    whole, _, fraction = plain.partition(".")
    if fraction:
        return float(plain), 10.0 ** -len(fraction[:300])
    stripped = whole.rstrip("0")
    return float(whole), 10.0 ** min(300, len(whole) - len(stripped)) if stripped else 1.0


def with_range(text: str, start: int, end: int, number: float, step: float) -> Value:
    """Return a number, with the upper end of the range that it opens, if it does."""
    high = number
    unit_end = unit_after(text, end)[1] or end
    for stop in dict.fromkeys((end, unit_end)):
        mark = _RANGE.match(text, stop)
        if not mark:
            continue
        joined = mark.group().strip()
        after = mark.end() + (text[mark.end() : mark.end() + 1] in SIGNS)
        upper = SHAPE.match(text, after)
        if (
            not upper
            or upper.lastgroup not in {"number", "comma", "points"}
            or (joined in {"and", "or"} and "between" not in text[max(0, start - 12) : start].lower())
        ):
            continue
        other, _ = parse(upper.group())
        if years(text, start, end, upper.group()):
            continue
        if other > number and not _unit_conflict(text, end, stop, upper.end()):
            return Value(ValueKind.NUMBER, text[start : upper.end()], start, upper.end(), number, other, step=step)
    return Value(ValueKind.NUMBER, text[start:end], start, end, number, high, step=step)


def _unit_conflict(text: str, end: int, stop: int, upper_end: int) -> bool:
    """`5 days to 10 MB` is no range: the units written on both sides differ."""
    first, second = unit_after(text, end)[0] if stop != end else None, unit_after(text, upper_end)[0]
    return bool(first and second and first.name != second.name)


def unit_after(text: str, end: int) -> tuple[Unit | None, int]:
    """Return the unit written after a number, scales skipped, and where it ends."""
    match = _AFTER.match(text, end)
    if not match:
        return None, 0
    word = match.group(2)
    low = word.lower().replace(" ", "")
    if low in SCALES and (low not in UNITS or text[end : end + 1].isalpha()):
        inner = _AFTER.match(text, match.end())
        following = inner.group(2).lower() if inner else ""
        unit = UNITS.get(following)
        if unit and inner:
            return unit, inner.end()
        return (
            (UNITS[low], match.end())
            if word == "m" and not following.endswith("s") and following not in COUNTED
            else (None, 0)
        )
    if low in {"per", "business", "working", "calendar", "full", "square", "cubic", "us", "american"}:
        following = WORD_AFTER.match(text, match.end())
        if low == "per" and (not following or following.group(1).lower() != "cent"):
            return None, 0
        unit = UNITS["%"] if low == "per" else UNITS.get(following.group(1).lower()) if following else None
        if low == "square" and unit:
            unit = Unit(unit.kind, unit.name + "2", unit.factor**2)
        return (unit, following.end()) if unit and following else (None, 0)
    unit = CASED.get(word) or (GLUED.get(word) if not match.group(1) else None) or UNITS.get(low)
    if low in {"degree", "degrees", "°"}:
        following = WORD_AFTER.match(text, match.end())
        if following and following.group(1).lower() in {"celsius", "c", "fahrenheit", "f"}:
            return UNITS["°" + following.group(1)[0].lower()], following.end()
    return (unit, match.end()) if unit and unit.kind else (None, 0)


def _scale_after(text: str, end: int) -> tuple[float, int]:
    match = _AFTER.match(text, end)
    if not match or (match.group(1) == "-" and match.group(2).lower() not in {"million", "billion"}):
        return 1.0, end
    low = match.group(2).lower()
    glued = not match.group(1)
    scale = SCALES.get(low)
    if scale and (glued or low not in {"m", "b", "k", "tn"} or match.group(2) == "M"):
        return scale, match.end()
    return 1.0, end


def with_unit(text: str, value: Value, step: float, left: list[str], last: str) -> Value:
    """Return the value with the currency, scale or unit around it, or the noun that it counts, and its bound."""
    sign = text[value.start - 1 : value.start] if value.start else ""
    code = (
        last.upper()
        if last in {"usd", "eur", "gbp", "chf", "jpy", "cad", "aud", "inr", "sek", "nok", "dkk", "us$", "a$", "c$"}
        else ""
    )
    scale, end = _scale_after(text, value.end)
    if (sign not in SIGNS and not code) and scale == 1e6 and text[value.end : end].strip() == "m":
        scale, end = 1.0, value.end  # "18 m" is a length; "€18m" is not
    low, high = value.low * scale, value.high * scale
    value = replace(value, text=text[value.start : end], end=end, low=low, high=high, step=step * scale)
    if sign in SIGNS or code:
        unit = {"US$": "USD", "A$": "AUD", "C$": "CAD"}.get(code, code) or SIGNS[sign]
        begin = value.start - 1 if sign in SIGNS else value.start
        value = replace(value, kind=ValueKind.MONEY, unit=unit, start=begin, text=text[begin:end])
    else:
        unit_found, unit_end = unit_after(text, end)
        if unit_found:
            value = _converted(text, value, unit_found, unit_end)
        else:
            following = WORD_AFTER.match(text, end)
            value = replace(
                value, noun=following.group(1).lower() if following else "", calendar=is_year(text, value, last)
            )
    if value.calendar:
        return replace(value, kind=ValueKind.DATE, key=value.text[:4] + "-??-??")
    return replace(value, bound=bound(text, value, left))


def _converted(text: str, value: Value, unit: Unit, end: int) -> Value:
    factor = unit.factor
    return replace(
        value, kind=ValueKind(unit.kind), unit=unit.name, end=end, text=text[value.start : end],
        low=value.low * factor, high=value.high * factor, step=value.step * factor,
    )  # fmt: skip


def may_spell(text: str) -> bool:
    """Whether a text has a number word, a scale, or one of a unit of time: a cheap look before `spelled`."""
    return not _HINTS.isdisjoint(_WORD.findall(text.lower())) or _ONE_OF_TIME.search(text) is not None


def spelled(text: str, taken: list[tuple[int, int]]) -> list[Value]:
    """Number words: `thirty days`, `twenty-five employees`, `two-year warranty`, `an hour`."""
    found: list[Value] = []
    for match in _NUMBER_WORD.finditer(text):
        if (found and match.start() < found[-1].end) or any(begin <= match.start() < end for begin, end in taken):
            continue
        word = match.group().split("-")[0].lower()
        elsewhere = NUMBER_WORDS_ELSEWHERE.get(word, 0.0)
        number = elsewhere or (1.0 if word in {"a", "an"} else NUMBER_WORDS[word])
        end = match.start() + len(word)
        tail = (match.group(1) or "").lower()
        if tail in NUMBER_WORDS and number >= 20:
            number, end = number + NUMBER_WORDS[tail], match.end()
        value = Value(ValueKind.NUMBER, text[match.start() : end], match.start(), end, number, number, step=1.0)
        left = text[max(0, match.start() - 40) : match.start()].split()
        if word == "half" and re.match(r"\s(?:a|an)\s", text[end : end + 4]):
            value = replace(value, end=end + (3 if text[end + 2 : end + 3] == "n" else 2))
        value = with_unit(text, value, 1.0, left, left[-1].lower() if left else "")
        if (word in {"a", "an", "half"} and value.kind is not ValueKind.DURATION) or (
            word in {"a", "an"} and not _means_one(text, match.start())
        ):
            continue
        if elsewhere and not value.unit:
            continue
        if word == "one" and value.kind is ValueKind.NUMBER:
            continue
        value = _and_a_half(text, value)
        found.append(value)
    return found


def _and_a_half(text: str, value: Value) -> Value:
    """`an hour and a half`: half as much again of one, half a unit more of several."""
    if value.kind is not ValueKind.DURATION or not text.startswith(_HALF_MORE, value.end) or not value.step:
        return value
    more = value.step / 2
    end = value.end + len(_HALF_MORE)
    return replace(
        value, low=value.low + more, high=value.high + more, step=more, end=end, text=text[value.start : end]
    )


def _means_one(text: str, start: int) -> bool:
    """`expires after a year` counts; `once a year`, `$5 a month` is a rate."""
    left = text[max(0, start - 14) : start].lower().split()
    return bool(left) and left[-1] in {"after", "within", "for", "in", "lasts", "of", "about", "is", "half", "every"}


def is_unit_next(text: str, end: int) -> bool:
    """Whether a unit, a scale or a per cent sign follows."""
    return unit_after(text, end)[0] is not None or _scale_after(text, end)[1] > end or text[end : end + 1] == "%"

"""Typed values in a sentence: what was said, of which kind, normalised so that two of them can be compared.

Digits are found first and looked at with anchored patterns, so a text without digits costs one scan.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum

from ctxdebug.analysis.claims.units import CASED, GLUED, MONTHS, NUMBER_WORDS, ORDINAL_WORDS, SCALES, SIGNS, UNITS, Unit
from ctxdebug.analysis.claims.words import STEM, STOP, WEIGHT, groups


class ValueKind(StrEnum):
    """What a value is; only like is compared with like."""

    NUMBER = "number"
    QUANTITY = "quantity"
    MONEY = "money"
    PERCENT = "percent"
    DURATION = "duration"
    DATE = "date"
    CLOCK = "time of day"
    VERSION = "version"
    ORDINAL = "ordinal"
    URL = "URL"
    EMAIL = "e-mail address"
    QUOTED = "quoted name"
    IDENTIFIER = "identifier"


NUMERIC = frozenset({ValueKind.NUMBER, ValueKind.QUANTITY, ValueKind.MONEY, ValueKind.PERCENT, ValueKind.DURATION})


class Bound(StrEnum):
    """Whether the value is the thing itself or a limit of it."""

    EXACT = "="
    AT_MOST = "<"
    AT_LEAST = ">"
    ABOUT = "~"


@dataclass(frozen=True, slots=True)
class Value:
    """A value as written at `start:end` of a sentence.

    `low` and `high` are in canonical `unit`s (equal unless a range was written); `key` is the normal form of what is not a
    quantity (`2024-03-??`, `3.10`, a URL); `step` is the last written digit's worth, for rounding.
    """

    kind: ValueKind
    text: str
    start: int
    end: int
    low: float = 0.0
    high: float = 0.0
    unit: str = ""
    key: str = ""
    step: float = 0.0
    bound: Bound = Bound.EXACT
    noun: str = ""
    """The word after a plain number, in lower case."""
    calendar: bool = False
    """A plain number that stands as a year would: `in 2019`."""

    def shown(self) -> str:
        """The words, for a message."""
        return " ".join(self.text.split())


_DIGIT = re.compile(r"\d")
_SHAPE = re.compile(
    r"(?P<iso>\d{4}-\d{1,2}-\d{1,2}(?!\d))(?:[T ]\d{2}:\d{2}(?::\d{2})?(?:\.\d+)?Z?)?"
    r"|(?P<slash>\d{1,2}/\d{1,2}/\d{2,4}(?!\d))"
    r"|(?P<monthyear>\d{1,2}/\d{4}(?!\d))"
    r"|(?P<clock>\d{1,2}:\d{2}(?::\d{2})?(?![\d:])(?:\s?[ap]\.?m\b\.?)?)"
    r"|(?P<dotted>\d+(?:\.\d+){2,}(?:[-+][a-z]+\.?\d*)?)"
    r"|(?P<half>\d{1,2}(?:am|pm)\b)"
    r"|(?P<number>(?:\d{1,3}(?:[,'’\u00a0\u202f]\d{3})+(?!\d)|\d{1,3}(?: \d{3}){2,4}(?![ ]?\d)|\d+)(?:\.\d+)?)",
    re.IGNORECASE,
)
_AFTER = re.compile(r"([ \u00a0\u202f-]?)([^\W\d_]+²?³?(?:/[a-z]+)?|°\s?[CF]\b|[%‰€£¢°])")
_WORD_AFTER = re.compile(r"[ \u00a0-]([^\W\d_]+)")
_RANGE = re.compile(r"(?:\s?[-–—]\s?|\s(?:to|and|or)\s)(?=[$€£¥₹]?\d)")
_YEAR_AFTER = re.compile(r"(?:\s?,\s?|\s|\sof\s)((?:1[0-9]|20|21)\d\d)(?!\d|[.,]\d)")
_DAY_AFTER = re.compile(r"(?:st|nd|rd|th)?\s(?:of\s)?([A-Z][a-z]{2,8})\b\.?")
_ORDINAL_END = re.compile(r"(?:st|nd|rd|th)\b")
_DECADE = re.compile(r"'?s\b")
_BOUND_AFTER = re.compile(
    r"[ -]?[\w%°/]{0,12}\s?(?:(?P<more>\+|or (?:more|later|newer|above|older|higher|greater)|and (?:above|older|over|up)|at least|minimum)"
    r"|(?P<less>or (?:less|fewer|below|younger|lower|under|earlier)|at most|maximum|at a maximum|max\b))"
)
_LEFT_BOUNDS: dict[str, Bound] = (
    dict.fromkeys(
        ("up to|at most|more than no|maximum of|max|maximum|less than|under|below|within|limited to|limit of|exceed|exceeds|exceeding|fewer than|until|by|before|"
         "younger than|lower than|earlier than|not over|than no more|to maximum|<|<=|≤|upto|capped at|cap of").split("|"), Bound.AT_MOST)
    | dict.fromkeys(
        ("more than|over|above|at least|minimum of|minimum|min|greater than|older than|later than|newer than|higher than|longer than|from|since|after|"
         "least|>|>=|≥|starting at|in excess|upwards of|no less|not less").split("|"), Bound.AT_LEAST)
    | dict.fromkeys("about|approximately|around|roughly|nearly|almost|circa|ca.|ca|c.|~|≈|some|estimated|approx|approx.|just over|just under|well over".split("|"), Bound.ABOUT)
)  # fmt: skip
_NO_THAN = {
    "no more than",
    "not more than",
    "no longer than",
    "no later than",
    "no greater than",
    "not exceed",
    "not over",
}
_NO_LESS = {"no less than", "no fewer than", "not less than", "no earlier than", "not below"}
_VERSION_BEFORE = frozenset("version versions v release releases ver build firmware python java node php ruby ios android django numpy kernel api sdk cli client".split())  # fmt: skip
_YEAR_BEFORE = frozenset(
    "in since by until till of from to after before during year fy fiscal early late mid spring summer autumn fall winter season around circa and or between through".split()
)  # fmt: skip
_NEGATED = re.compile(r"\b(?:not|never|cannot|no one|nobody|n['’]t)\b")
_URL = re.compile(r"(?:https?://|www\.)[^\s<>\"'`\])}|]{3,400}")
_MAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64}){1,5}")
_PHONE = re.compile(r"(?<![\w.])(?:\+\d{1,3}[ .-]?)?\(?\d{3}\)?[ .-]\d{3}[.-]\d{4}(?!\w)")
_QUOTED = re.compile(r"\"([^\"\n]{2,60})\"|“([^”\n]{2,60})”|`([^`\n]{2,60})`|«([^»\n]{2,60})»")
_NUMBER_WORD = re.compile(
    r"\b(?:"
    + "|".join(sorted((*NUMBER_WORDS, "a", "an"), key=len, reverse=True))
    + r")\b(?:-([a-z]+))?(?=[\s-]([a-z]+))?",
    re.IGNORECASE,
)
_NUMBER_HINT = re.compile(
    r"\b(?:" + "|".join((*NUMBER_WORDS, *SCALES)) + r")\b|\ban? (?:year|month|week|day|hour|minute|second)",
    re.IGNORECASE,
)
_ORDINAL_WORD = re.compile(r"\bthe (" + "|".join(ORDINAL_WORDS) + r")\b", re.IGNORECASE)
_EDGE = ".,;:!?"


def values(text: str) -> tuple[Value, ...]:
    """Every typed value of a sentence, in order."""
    found = _marks(text)
    taken = [(value.start, value.end) for value in found if value.kind is not ValueKind.QUOTED]
    found += _digits(text, taken)
    if _NUMBER_HINT.search(text):
        found += _spelled(text, [(value.start, value.end) for value in found])
    found += _ordinals(text)
    found.sort(key=lambda value: value.start)
    return tuple(found)


def _ordinals(text: str) -> list[Value]:
    return [
        Value(ValueKind.ORDINAL, match.group(1), *match.span(1), low=number, high=number)
        for match in _ORDINAL_WORD.finditer(text)
        if (number := float(ORDINAL_WORDS[match.group(1).lower()]))
    ]


def _marks(text: str) -> list[Value]:
    """URLs, addresses and quoted names: each behind a test for its mark."""
    found = []
    if "://" in text or "www." in text:
        for match in _URL.finditer(text):
            url = match.group().rstrip(_EDGE)
            key = url.split("://", 1)[-1].removeprefix("www.").rstrip("/").lower()
            found.append(Value(ValueKind.URL, url, match.start(), match.start() + len(url), key=key))
    if "@" in text:
        for at in (i for i, char in enumerate(text) if char == "@"):
            start = at
            while start > max(0, at - 64) and (text[start - 1].isalnum() or text[start - 1] in ".+-_"):
                start -= 1
            match = _MAIL.match(text, start)
            if match and not any(v.start <= start < v.end for v in found):
                mail = match.group().rstrip(_EDGE)
                found.append(Value(ValueKind.EMAIL, mail, start, start + len(mail), key=mail.lower()))
    for match in _PHONE.finditer(text) if "-" in text or "(" in text or "." in text else ():
        found.append(Value(ValueKind.IDENTIFIER, match.group(), *match.span(), key=re.sub(r"\D", "", match.group())))
    if any(mark in text for mark in '"“`«'):
        for match in _QUOTED.finditer(text):
            inner = next(group for group in match.groups() if group)
            if len(inner.split()) <= 6:
                found.append(Value(ValueKind.QUOTED, match.group(), *match.span(), key=inner.strip(" .,").casefold()))
    return found


def _digits(text: str, taken: list[tuple[int, int]]) -> list[Value]:
    found: list[Value] = []
    at = 0
    while digit := _DIGIT.search(text, at):
        start = digit.start()
        inside = next((end for begin, end in taken if begin <= start < end), 0)
        if inside:
            at = inside
            continue
        value = _identifier(text, start, at) or _shaped(text, start)
        at = max(value.end, start + 1)
        if not _is_list_mark(text, value) and not _is_reference(text, value):
            found.append(value)
    return found


def _is_reference(text: str, value: Value) -> bool:
    """The `[13]` or `[ 13 ]` of a footnote."""
    return (
        text[max(0, value.start - 2) : value.start].strip() == "[" and text[value.end : value.end + 2].strip()[:1] == "]"
    )


def _is_list_mark(text: str, value: Value) -> bool:
    """The `2.` or `3)` that a list item begins with."""
    return (
        value.end - value.start <= 3
        and text[value.start : value.end].isdigit()
        and not text[: value.start].strip(" *#>-")
        and text[value.end : value.end + 2] in {". ", ") "}
    )


def _identifier(text: str, start: int, floor: int) -> Value | None:
    """A digit inside a word (`AUTH-403`, `K7`, `eu-west-1`) belongs to a name, unless the letters are a unit or a sign."""
    begin = start
    while (
        begin > floor
        and start - begin < 40
        and (text[begin - 1].isalnum() or (text[begin - 1] in "-_" and begin - 1 > floor))
    ):
        begin -= 1
    begin += len(text[begin:start]) - len(text[begin:start].lstrip("-_"))
    head = text[begin:start]
    if not head:
        return None
    if head in {"v", "V"}:
        return None
    if head.lower().rstrip("-") in {
        "mid",
        "pre",
        "post",
        "late",
        "early",
        "fy",
        "us",
        "q",
        "usd",
        "eur",
        "non",
        "age",
        "aged",
        "to",
        "x",
    }:
        return None
    end = start
    while (
        end < len(text)
        and end - start < 60
        and (text[end].isalnum() or (text[end] in "-_." and text[end + 1 : end + 2].isalnum()))
    ):
        end += 1
    written = text[begin:end]
    return Value(ValueKind.IDENTIFIER, written, begin, end, key=written.casefold().replace("_", "-"))


def _shaped(text: str, start: int) -> Value:
    match = _SHAPE.match(text, start)
    if match is None:  # a digit of another script
        return Value(ValueKind.NUMBER, text[start], start, start + 1, key=text[start])
    shape, written, end = match.lastgroup, match.group(), match.end()
    if shape in {"iso", "slash", "monthyear"}:
        return _numeric_date(str(shape), written, start, end)
    if shape in {"clock", "half"}:
        return Value(ValueKind.CLOCK, written, start, end, key=_clock(written))
    if shape == "dotted":
        return Value(ValueKind.VERSION, written, start, end, key=_version(written))
    return _number(text, start, end, written)


def _numeric_date(shape: str, written: str, start: int, end: int) -> Value:
    parts = [int(part) for part in re.findall(r"\d+", written)[:3]]
    if shape == "iso":
        year, month, day = parts
    elif shape == "monthyear":
        (month, year), day = parts, 0
    else:
        month, day, year = parts
        year += (2000 if year < 50 else 1900) if year < 100 else 0
        if month > 12 >= day:
            month, day = day, month
        elif day <= 12 and month != day:  # 03/04/2021: either order, and we cannot know
            key = f"{year:04}-{month:02}-{day:02}|{year:04}-{day:02}-{month:02}"
            return Value(ValueKind.DATE, written, start, end, key=key)
    if month > 12 or day > 31 or month < 1:
        return Value(ValueKind.IDENTIFIER, written, start, end, key=written)
    return Value(ValueKind.DATE, written, start, end, key=_date_key(year, month, day))


def _date_key(year: int | None, month: int | None, day: int | None) -> str:
    return (f"{year:04}" if year else "????") + (f"-{month:02}" if month else "-??") + (f"-{day:02}" if day else "-??")


def _clock(written: str) -> str:
    parts = [int(part) for part in re.findall(r"\d+", written)]
    hour, rest = parts[0], [*parts[1:], 0]
    low = written.lower()
    if "p" in low and hour < 12:
        hour += 12
    elif "a" in low and hour == 12:
        hour = 0
    return f"{hour:02}:{rest[0]:02}" + (f":{rest[1]:02}" if len(rest) > 2 and rest[1] else "")


def _version(written: str) -> str:
    key = written.lower().lstrip("v")
    while key.endswith(".0"):
        key = key[:-2]
    return key


def _number(text: str, start: int, end: int, written: str) -> Value:
    """A number, with whatever stands around it."""
    dated = _worded_date(text, start, end, written)
    if dated:
        return dated
    left = text[max(0, start - 40) : start].split()
    last = left[-1].lower().strip("(\"'") if left else ""
    if (
        text[start - 1 : start] in {"v", "V"}
        or (last in _VERSION_BEFORE or _named_version(written, left))
        and not _unit_after(text, end)[0]
    ):
        return Value(ValueKind.VERSION, written, start, end, key=_version(written))
    if _ORDINAL_END.match(text, end):
        return Value(
            ValueKind.ORDINAL,
            written,
            start,
            end + 2,
            low=float(written.replace(",", "") or 0),
            high=float(written.replace(",", "")),
        )
    decade = _DECADE.match(text, end)
    if decade and len(written) == 4:
        return Value(ValueKind.DATE, written + decade.group(), start, decade.end(), key=written[:3] + "?-??-??")
    named = _named_number(text, start, end, written, left)
    if named:
        return named
    number, step = _parse(written)
    value = _with_range(text, start, end, number, step)
    return _with_unit(text, value, step, left, last)


def _named_number(text: str, start: int, end: int, written: str, left: list[str]) -> Value | None:
    """`Aero 300`, `Step 2`: a number that is part of a name."""
    name = left[-1] if left else ""
    if (
        not (name[:1].isupper() and name.isalnum() and len(name) > 1)
        or name.lower() in MONTHS
        or text[start - 1 : start] != " "
    ):
        return None
    low = name.lower()
    if low in _LEFT_BOUNDS or low in _YEAR_BEFORE or low in STOP or low in UNITS or _is_unit_next(text, end):
        return None
    first = not text[: start - 1 - len(name)].strip(" \"'([*#-")
    if len(written) == 4 and "1700" <= written <= "2099" or first and (WEIGHT[STEM[name]] < 1 or groups(STEM[name])):
        return None
    begin = start - 1 - len(name)
    return Value(ValueKind.IDENTIFIER, text[begin:end], begin, end, key=f"{low} {written}")


def _is_unit_next(text: str, end: int) -> bool:
    return _unit_after(text, end)[0] is not None or _scale_after(text, end)[1] > end or text[end : end + 1] == "%"


def _parse(written: str) -> tuple[float, float]:
    plain = re.sub(r"[,'’\s]", "", written)[:300]
    whole, _, fraction = plain.partition(".")
    if fraction:
        return float(plain), 10.0 ** -len(fraction[:300])
    stripped = whole.rstrip("0")
    return float(whole), 10.0 ** min(300, len(whole) - len(stripped)) if stripped else 1.0


def _with_range(text: str, start: int, end: int, number: float, step: float) -> Value:
    high = number
    unit_end = _unit_after(text, end)[1] or end
    for stop in dict.fromkeys((end, unit_end)):
        mark = _RANGE.match(text, stop)
        if not mark:
            continue
        joined = mark.group().strip()
        after = mark.end() + (text[mark.end() : mark.end() + 1] in SIGNS)
        upper = _SHAPE.match(text, after)
        if (
            not upper
            or upper.lastgroup != "number"
            or (joined in {"and", "or"} and "between" not in text[max(0, start - 12) : start].lower())
        ):
            continue
        other, _ = _parse(upper.group())
        if _years(text, start, end, upper.group()):
            continue
        if other > number and not _unit_conflict(text, end, stop, upper.end()):
            return Value(ValueKind.NUMBER, text[start : upper.end()], start, upper.end(), number, other, step=step)
    return Value(ValueKind.NUMBER, text[start:end], start, end, number, high, step=step)


def _years(text: str, start: int, end: int, upper: str) -> bool:
    """`1934 to 1957`: two years, each a date of its own."""
    lower = text[start:end]
    return len(lower) == len(upper) == 4 and "1000" <= lower <= "2199" and "1000" <= upper <= "2199"


def _unit_conflict(text: str, end: int, stop: int, upper_end: int) -> bool:
    """`5 days to 10 MB` is no range: the units written on both sides differ."""
    first, second = _unit_after(text, end)[0] if stop != end else None, _unit_after(text, upper_end)[0]
    return bool(first and second and first.name != second.name)


def _worded_date(text: str, start: int, end: int, written: str) -> Value | None:
    """`4 March 2021`, `March 4, 2021`, `March 2021`, `15 December`, `the 4th of March`."""
    if not written.isdigit() or len(written) > 4:
        return None
    number = int(written)
    before = text[max(0, start - 14) : start].rstrip(" ,").split()
    month = (
        MONTHS.get(before[-1].lower().strip("(\"'["))
        if before and before[-1][-1:] != "," and before[-1][:1].isupper()
        else None
    )
    if len(written) == 4:
        if month and 1000 <= number <= 2199:
            begin = text.rindex(before[-1], 0, start)
            return Value(ValueKind.DATE, text[begin:end], begin, end, key=_date_key(number, month, None))
        return None
    if not 1 <= number <= 31 or len(written) > 2:
        return None
    after = _DAY_AFTER.match(text, end)
    following = MONTHS.get(after.group(1).lower()) if after else None
    if after and following:
        year = _YEAR_AFTER.match(text, after.end())
        stop = year.end() if year else after.end()
        return Value(
            ValueKind.DATE,
            text[start:stop],
            start,
            stop,
            key=_date_key(int(year.group(1)) if year else None, following, number),
        )
    if month:
        begin = text.rindex(before[-1], 0, start)
        suffix = _ORDINAL_END.match(text, end)
        stop = suffix.end() if suffix else end
        year = _YEAR_AFTER.match(text, stop)
        stop = year.end() if year else stop
        return Value(
            ValueKind.DATE,
            text[begin:stop],
            begin,
            stop,
            key=_date_key(int(year.group(1)) if year else None, month, number),
        )
    return None


def _named_version(written: str, left: list[str]) -> bool:
    """`Orbit CLI 2.0`: one decimal point after a capitalised name."""
    whole, dot, fraction = written.partition(".")
    if not dot or not left or len(whole) > 2 or len(fraction) > 2:
        return False
    name = left[-1]
    if len(left) == 1 and (WEIGHT[STEM[name]] < 1 or groups(STEM[name])):
        return False
    known = name.lower() in _LEFT_BOUNDS or name.lower() in UNITS
    return name[:1].isupper() and name.isalnum() and (len(left) > 1 or len(name) > 2) and not known


def _unit_after(text: str, end: int) -> tuple[Unit | None, int]:
    """The unit written after a number, scales skipped, and where it ends."""
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
            if word == "m" and not following.endswith("s") and following not in _COUNTED
            else (None, 0)
        )
    if low in {"per", "business", "working", "calendar", "full", "square", "cubic", "us", "american"}:
        following = _WORD_AFTER.match(text, match.end())
        if low == "per" and (not following or following.group(1).lower() not in {"cent"}):
            return None, 0
        unit = UNITS["%"] if low == "per" else UNITS.get(following.group(1).lower()) if following else None
        if low == "square" and unit:
            unit = Unit(unit.kind, unit.name + "2", unit.factor**2)
        return (unit, following.end()) if unit and following else (None, 0)
    unit = CASED.get(word) or (GLUED.get(word) if not match.group(1) else None) or UNITS.get(low)
    if low in {"degree", "degrees", "°"}:
        following = _WORD_AFTER.match(text, match.end())
        if following and following.group(1).lower() in {"celsius", "c", "fahrenheit", "f"}:
            return UNITS["°" + following.group(1)[0].lower()], following.end()
    return (unit, match.end()) if unit and unit.kind else (None, 0)


def _scale_after(text: str, end: int) -> tuple[float, int]:
    match = _AFTER.match(text, end)
    if not match or match.group(1) == "-" and match.group(2).lower() not in {"million", "billion"}:
        return 1.0, end
    low = match.group(2).lower()
    glued = not match.group(1)
    scale = SCALES.get(low)
    if scale and (glued or low not in {"m", "b", "k", "tn"} or match.group(2) == "M"):
        return scale, match.end()
    return 1.0, end


def _with_unit(text: str, value: Value, step: float, left: list[str], last: str) -> Value:
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
        unit_found, unit_end = _unit_after(text, end)
        if unit_found:
            value = _converted(text, value, unit_found, unit_end)
        else:
            following = _WORD_AFTER.match(text, end)
            value = replace(
                value, noun=following.group(1).lower() if following else "", calendar=_is_year(text, value, last)
            )
    if value.calendar:
        return replace(value, kind=ValueKind.DATE, key=value.text[:4] + "-??-??")
    return replace(value, bound=_bound(text, value, left))


def _converted(text: str, value: Value, unit: Unit, end: int) -> Value:
    factor = unit.factor
    return replace(
        value, kind=ValueKind(unit.kind), unit=unit.name, end=end, text=text[value.start : end],
        low=value.low * factor, high=value.high * factor, step=value.step * factor,
    )  # fmt: skip


def _is_year(text: str, value: Value, last: str) -> bool:
    written = value.text
    if not (len(written) == 4 and written.isdigit() and "1000" <= written <= "2199"):
        if len(written) in {7, 9} and written[:4].isdigit() and written[4] in "-–/" and "1500" <= written[:4] <= "2199":
            return True
        return False
    following = _WORD_AFTER.match(text, value.end)
    closing = text[value.end : value.end + 1] in {"", ")", ".", ",", ";", ":", "]", "–", "-", "/", "?", "!", '"', "'"}
    if last in _YEAR_BEFORE and (
        closing
        or not following
        or last not in {"of", "from", "to", "and", "or"}
        or following.group(1) in {"to", "and", "until"}
    ):
        return not (following and following.group(1).lower() in _COUNTED)
    if text[value.start - 1 : value.start] in {"(", "-", "–", "/"} and closing:
        return "1500" <= written <= "2099"
    return "1700" <= written <= "2099" and not (
        following and following.group(1).endswith("s") and len(following.group(1)) > 3 and not closing
    )


_COUNTED = frozenset("people households families employees users patients copies units votes points items records residents inhabitants students stores".split())  # fmt: skip


def _bound(text: str, value: Value, left: list[str]) -> Bound:
    words = [word.lower().strip("(,\"'") for word in left[-4:]]
    if (
        words
        and words[-1] in {"$", "€", "£", "a", "the", "usd", "eur", "of"}
        and not (words[-1] == "of" and len(words) > 1)
    ):
        words = words[:-1]
    three, two, one = " ".join(words[-3:]), " ".join(words[-2:]), " ".join(words[-1:])
    if three in _NO_THAN or two in _NO_THAN:
        return Bound.AT_MOST
    if three in _NO_LESS or two in _NO_LESS:
        return Bound.AT_LEAST
    if one == "than" and two in {"more than", "greater than", "longer than"} and _NEGATED.search(text, max(0, value.start - 48), value.start):
        return Bound.AT_MOST
    found = _LEFT_BOUNDS.get(two) or _LEFT_BOUNDS.get(one)
    if found:
        return Bound.EXACT if value.kind is ValueKind.DURATION and one in {"after", "before", "from", "by"} else found
    after = _BOUND_AFTER.match(text, value.end)
    if after:
        return Bound.AT_LEAST if after.group("more") else Bound.AT_MOST
    return Bound.EXACT


def _spelled(text: str, taken: list[tuple[int, int]]) -> list[Value]:
    """Number words: `thirty days`, `twenty-five employees`, `two-year warranty`, `an hour`."""
    found: list[Value] = []
    for match in _NUMBER_WORD.finditer(text):
        if found and match.start() < found[-1].end or any(begin <= match.start() < end for begin, end in taken):
            continue
        word = match.group().split("-")[0].lower()
        number = 1.0 if word in {"a", "an"} else NUMBER_WORDS[word]
        end = match.start() + len(word)
        tail = (match.group(1) or "").lower()
        if tail in NUMBER_WORDS and number >= 20:
            number, end = number + NUMBER_WORDS[tail], match.end()
        value = Value(ValueKind.NUMBER, text[match.start() : end], match.start(), end, number, number, step=1.0)
        left = text[max(0, match.start() - 40) : match.start()].split()
        if word == "half" and re.match(r"\s(?:a|an)\s", text[end : end + 4]):
            value = replace(value, end=end + (3 if text[end + 2 : end + 3] == "n" else 2))
        value = _with_unit(text, value, 1.0, left, left[-1].lower() if left else "")
        if (
            word in {"a", "an", "half"}
            and value.kind is not ValueKind.DURATION
            or word in {"a", "an"}
            and not _means_one(text, match.start())
        ):
            continue
        if word == "one" and value.kind is ValueKind.NUMBER:
            continue
        found.append(value)
    return found


def _means_one(text: str, start: int) -> bool:
    """`expires after a year` counts; `once a year`, `$5 a month` is a rate."""
    left = text[max(0, start - 14) : start].lower().split()
    return bool(left) and left[-1] in {"after", "within", "for", "in", "lasts", "of", "about", "is", "half", "every"}


__all__ = ["NUMERIC", "Bound", "Value", "ValueKind", "values"]

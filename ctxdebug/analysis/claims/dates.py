"""Dates and times of day, in figures and in words, and which plain numbers are years."""

from __future__ import annotations

import re

from ctxdebug.analysis.claims.units import MONTHS, SMALL_MONTHS
from ctxdebug.analysis.claims.value import Value, ValueKind
from ctxdebug.text.patterns import lazy

_YEAR_AFTER = lazy(r"(?:\s?,\s?|\s|\sof\s|\sdel?\s)((?:1[0-9]|20|21)\d\d)(?!\d|[.,]\d)")
_DAY_AFTER = lazy(r"(?:st|nd|rd|th|er|º|\.)?\s(?:of\s|de\s)?([^\W\d_]{3,10})\b\.?")
_TO_DAY = lazy(
    r"(?:st|nd|rd|th)?(?:\s?[-–—]\s?|\s(?:to|through|until|and)\s)(?:the\s)?(\d{1,2})(?:st|nd|rd|th)?(?![\d:.%]\w)"
)
"""The second day of a range."""
_COUNTED_AFTER = lazy(r"\s?(?:[ap]\.?m\b|:\d|%|[a-z]{3,}s\b|people\b)", re.IGNORECASE)
ORDINAL_END = lazy(r"(?:st|nd|rd|th)\b")
WORD_AFTER = lazy(r"[ \u00a0-]([^\W\d_]+)")
YEAR_BEFORE = frozenset(
 "in since by until till of from to after before during year fy fiscal early late mid spring summer autumn fall "
        "winter season around circa and or between through".split()
)  # fmt: skip
COUNTED = frozenset(
    "people households families employees users patients copies units votes points items records residents "
    "inhabitants students stores".split())  # fmt: skip


def numeric_date(shape: str, written: str, start: int, end: int) -> Value:
    """`2021-03-04`, `03/04/2021` (either order where we cannot know), `02/2024`."""
    parts = [int(part) for part in re.findall(r"\d+", written)[:3]]
    if shape == "iso":
        year, month, day = parts
    elif shape == "daydots":
        day, month, year = parts
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


def clock(written: str) -> str:
    """Return a time of day as `hh:mm` on 24 hours, or both times that `6:00` can mean: `06:00|18:00`."""
    parts = [int(part) for part in re.findall(r"\d+", written)]
    hour, rest = parts[0], [*parts[1:], 0]
    low = written.lower()
    tail = f":{rest[0]:02}" + (f":{rest[1]:02}" if len(rest) > 2 and rest[1] else "")
    if "p" in low or "a" in low:
        return f"{hour % 12 + (12 if 'p' in low else 0):02}{tail}"
    either = 1 <= hour <= 12 and not written.startswith("0")
    return f"{hour:02}{tail}" + (f"|{(hour + 12) % 24:02}{tail}" if either else "")


def worded_dates(text: str, start: int, end: int, written: str) -> tuple[Value, ...]:
    """`4 March 2021`, `March 4, 2021`, `March 2021`, `15 December`, `the 4th of March`; both days of `June 16-30, 2026`."""
    if not written.isdecimal() or len(written) > 4:
        return ()
    number = int(written)
    before = text[max(0, start - 14) : start].rstrip(" ,").split()
    name = before[-1].lstrip("(\"'[*_:>") if before else ""
    month = MONTHS.get(name.lower()) if name[:1].isupper() and name[-1:] != "," else None
    if len(written) == 4 and month is None:
        month = SMALL_MONTHS.get(name)
    begin = text.rindex(name, 0, start) if month else start
    if len(written) == 4:
        dated = month and 1000 <= number <= 2199
        return (_date(text, begin, end, number, month, None),) if dated else ()
    if not 1 <= number <= 31 or len(written) > 2:
        return ()
    to = _TO_DAY.match(text, end)
    last = int(to.group(1)) if to and number < int(to.group(1)) <= 31 else 0
    after = _DAY_AFTER.match(text, to.end() if to and last else end)
    following = _month(after.group(1)) if after else None
    if after and following:
        year, stop = _year(text, after.end())
        second = _date(text, to.start(1), stop, year, following, last) if to and last else None
        first = _date(text, start, end if second else stop, year, following, number)
        return (first, second) if second else (first,)
    if not month:
        return ()
    suffix = ORDINAL_END.match(text, end)
    stop = suffix.end() if suffix else end
    if to and last and not _COUNTED_AFTER.match(text, to.end()):
        year, ends = _year(text, to.end())
        return _date(text, begin, stop, year, month, number), _date(text, to.start(1), ends, year, month, last)
    year, stop = _year(text, stop)
    return (_date(text, begin, stop, year, month, number),)


def _month(word: str) -> int | None:
    """Return the month that a word behind a day names, written as its language writes it."""
    return MONTHS.get(word.lower()) if word[0].isupper() else SMALL_MONTHS.get(word)


def _year(text: str, at: int) -> tuple[int | None, int]:
    """Return the year that follows a day and month, and where the date then ends."""
    found = _YEAR_AFTER.match(text, at)
    return (int(found.group(1)), found.end()) if found else (None, at)


def _date(text: str, start: int, end: int, year: int | None, month: int | None, day: int | None) -> Value:
    return Value(ValueKind.DATE, text[start:end], start, end, key=_date_key(year, month, day))


def years(text: str, start: int, end: int, upper: str) -> bool:
    """`1934 to 1957`: two years, each a date of its own."""
    lower = text[start:end]
    return len(lower) == len(upper) == 4 and "1000" <= lower <= "2199" and "1000" <= upper <= "2199"


YEARS = lazy(r"((?:1[5-9]|20)\d\d)\s?[-–/]\s?(\d\d)(?![\d-])")


def season(text: str, start: int) -> Value | None:
    """`2018-19`: a year that runs over into the next one."""
    found = YEARS.match(text, start)
    if not found or (int(found.group(1)) + 1) % 100 != int(found.group(2)):
        return None
    return Value(ValueKind.DATE, found.group(), *found.span(), key=f"{found.group(1)}-??-??")


def is_year(text: str, value: Value, last: str) -> bool:
    """Whether a plain number of four digits stands as a year does."""
    written = value.text
    if not (len(written) == 4 and written.isdecimal() and "1000" <= written <= "2199"):
        return bool(
            len(written) in {7, 9}
            and written[:4].isdecimal()
            and written[4] in "-–/"
            and "1500" <= written[:4] <= "2199"
        )
    following = WORD_AFTER.match(text, value.end)
    closing = text[value.end : value.end + 1] in {"", ")", ".", ",", ";", ":", "]", "–", "-", "/", "?", "!", '"', "'"}
    if last in YEAR_BEFORE and (
        closing
        or not following
        or last not in {"of", "from", "to", "and", "or"}
        or following.group(1) in {"to", "and", "until"}
    ):
        return not (following and following.group(1).lower() in COUNTED)
    if text[value.start - 1 : value.start] in {"(", "-", "–", "/"} and closing:
        return "1500" <= written <= "2099"
    return "1700" <= written <= "2099" and not (
        following and following.group(1).endswith("s") and len(following.group(1)) > 3 and not closing
    )

"""Typed values in a sentence: what was said, of which kind, normalised so that two of them can be compared.

Digits are found first and looked at with anchored patterns, so a text without digits costs one scan.
"""

from __future__ import annotations

import re

from ctxdebug.analysis.claims.amounts import (
    SHAPE,
    may_spell,
    parse,
    spelled,
    unit_after,
    with_range,
    with_unit,
)
from ctxdebug.analysis.claims.dates import ORDINAL_END, clock, numeric_date, season, worded_dates
from ctxdebug.analysis.claims.numbered_names import division, identifier, is_named_version, named_number
from ctxdebug.analysis.claims.units import ORDINAL_WORDS
from ctxdebug.analysis.claims.value import NUMERIC, Bound, Value, ValueKind
from ctxdebug.text.patterns import lazy
from ctxdebug.text.recall import by_length

_NO_VALUE = lazy(r"&#(?:\d{1,7}|[xX][0-9A-Fa-f]{1,6});|<REDACTED:[\w:-]{1,80}>")
"""A character by its number, as in HTML, and the placeholder of a secret: no value."""
_DIGIT = lazy(r"\d")
_DECADE = lazy(r"'?s\b")
_VERSION_BEFORE = frozenset(
    "version versions v release releases ver build firmware python java node php ruby ios android django numpy "
    "kernel api sdk cli client".split())  # fmt: skip
_AGED = frozenset({"under", "over"})
_URL = lazy(r"(?:https?://|www\.)[^\s<>\"'`\])}|*\\“”„‘’«»‹›【】（）。，]{3,400}")
_MAIL = lazy(r"[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64}){1,5}")
_PHONE = lazy(r"(?<![\w.])(?:\+\d{1,3}[ .-]?)?\(?\d{3}\)?[ .-]\d{3}[.-]\d{4}(?!\w)")
_QUOTED = lazy(r"\"([^\"\n]{2,60})\"|“([^”\n]{2,60})”|`([^`\n]{2,60})`|«([^»\n]{2,60})»")
_ORDINAL_WORD = lazy(r"\bthe (" + "|".join(ORDINAL_WORDS) + r")\b", re.IGNORECASE)
_ZONE = lazy(r"(?:\.\d+)?(?:Z|[+-]\d{2}:?\d{2})(?!\d)")
_EDGE = ".,;:!?_~…"


@by_length(8.0)
def values(text: str) -> tuple[Value, ...]:
    """Every typed value of a sentence, in order."""
    if "&#" in text or "<REDACTED:" in text:
        text = _NO_VALUE.sub(lambda found: " " * len(found[0]), text)
    found = _marks(text)
    taken = [(value.start, value.end) for value in found if value.kind is not ValueKind.QUOTED]
    found += _digits(text, taken)
    if may_spell(text):
        found += spelled(text, [(value.start, value.end) for value in found])
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
            address = _MAIL.match(text, start)
            if address and not any(v.start <= start < v.end for v in found):
                mail = address.group().rstrip(_EDGE)
                found.append(Value(ValueKind.EMAIL, mail, start, start + len(mail), key=mail.lower()))
    if "-" in text or "(" in text:
        found += [
            Value(ValueKind.IDENTIFIER, match.group(), *match.span(), key=re.sub(r"\D", "", match.group()))
            for match in _PHONE.finditer(text)
        ]
    if any(mark in text for mark in '"“`«'):
        found += [
            Value(ValueKind.QUOTED, match.group(), *match.span(), key=inner.strip(" .,").casefold())
            for match in _QUOTED.finditer(text)
            if len((inner := next(group for group in match.groups() if group)).split()) <= 6
        ]
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
        name = identifier(text, start, at) or division(text, start)
        made = (name,) if name else _shaped(text, start)
        zone = _ZONE.match(text, made[-1].end) if len(made) > 1 else None
        at = max(zone.end() if zone else made[-1].end, start + 1)
        found += [value for value in made if not _is_list_mark(text, value) and not _is_reference(text, value)]
    return found


def _is_reference(text: str, value: Value) -> bool:
    """Return the `[13]` or `[ 13 ]` of a footnote."""
    return (
        text[max(0, value.start - 2) : value.start].strip() == "["
        and text[value.end : value.end + 2].strip()[:1] == "]"
    )


def _is_list_mark(text: str, value: Value) -> bool:
    """Return the `2.` or `3)` that a list item begins with."""
    return (
        value.end - value.start <= 3
        and text[value.start : value.end].isdigit()
        and not text[: value.start].strip(" *#>-")
        and text[value.end : value.end + 2] in {". ", ") "}
    )


def _shaped(text: str, start: int) -> tuple[Value, ...]:
    match = SHAPE.match(text, start)
    if match is None:  # a digit of another script
        return (Value(ValueKind.NUMBER, text[start], start, start + 1, key=text[start]),)
    shape, written, end = match.lastgroup, match.group(), match.end()
    if shape == "time":  # the time of day that follows a date in ISO form is a value of its own
        date, time = match.span("iso"), match.span("time")
        return (
            numeric_date("iso", match.group("iso"), *date),
            Value(ValueKind.CLOCK, match.group("time"), *time, key=clock(match.group("time"))),
        )
    if shape in {"iso", "daydots", "slash", "monthyear"}:
        return (numeric_date(str(shape), written, start, end),)
    if shape == "elsewhere":
        return (Value(ValueKind.CLOCK, written, start, end, key=clock(":".join(re.findall(r"\d+", written)))),)
    if shape in {"clock", "half"}:
        return (Value(ValueKind.CLOCK, written, start, end, key=clock(written)),)
    if shape == "dotted":
        return (Value(ValueKind.VERSION, written, start, end, key=_version(written)),)
    if shape in {"comma", "points"}:
        return (_number(text, start, end, written, grouped=shape == "points"),)
    running = season(text, start)
    if running:
        return (running,)
    return worded_dates(text, start, end, written) or (_number(text, start, end, written),)


def _version(written: str) -> str:
    key = written.lower().lstrip("v")
    while key.endswith(".0"):
        key = key[:-2]
    return key


def _number(text: str, start: int, end: int, written: str, *, grouped: bool = False) -> Value:
    """Return a number, with whatever stands around it."""
    left = text[max(0, start - 40) : start].split()
    last = left[-1].lower().strip("(\"'") if left else ""
    if text[start - 1 : start] in {"v", "V"} or (
        (last in _VERSION_BEFORE or is_named_version(written, left)) and not unit_after(text, end)[0]
    ):
        return Value(ValueKind.VERSION, written, start, end, key=_version(written))
    if ORDINAL_END.match(text, end):
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
    named = named_number(text, start, end, written, left)
    if named:
        return named
    number, step = parse(written.replace(".", "") if grouped else written)
    if last in _AGED and text[end : end + 1] == "s" and not text[end + 1 : end + 2].isalnum():
        return Value(ValueKind.NUMBER, written, start, end, low=number, high=number, step=step)  # `under 16s`
    value = with_range(text, start, end, number, step)
    return with_unit(text, value, step, left, last)


__all__ = ["NUMERIC", "Bound", "Value", "ValueKind", "values"]

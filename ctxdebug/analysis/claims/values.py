"""Typed values in a sentence: what was said, of which kind, normalised so that two of them can be compared.

Digits are found first and looked at with anchored patterns, so a text without digits costs one scan.
"""

from __future__ import annotations

import re

from ctxdebug.analysis.claims.amounts import (
    SHAPE,
    is_unit_next,
    may_spell,
    parse,
    spelled,
    unit_after,
    with_range,
    with_unit,
)
from ctxdebug.analysis.claims.bounds import LEFT_BOUNDS
from ctxdebug.analysis.claims.dates import COUNTED, ORDINAL_END, YEAR_BEFORE, clock, numeric_date, season, worded_dates
from ctxdebug.analysis.claims.units import MONTHS, ORDINAL_WORDS, UNITS
from ctxdebug.analysis.claims.value import NUMERIC, Bound, Value, ValueKind
from ctxdebug.analysis.claims.words import STEM, STOP, WEIGHT, divisions, groups, lexicon
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
_NEXT = lazy(r"\s([a-z]+)")
_LABEL_ENDS = frozenset({" ", ":", ".", ")", ""})
_SAYING = frozenset(str(lexicon()["verbs"]).split())
_EDGE = ".,;:!?_~…"
_DIVIDES = {word: name for name, words in divisions().items() for word in words.split()}
_DIVIDED = lazy(r"\d{1,4}(?:\.\d{1,4}){0,5}(?:\([0-9a-z]{1,4}\)){0,3}")


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
        name = _identifier(text, start, at) or _division(text, start)
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


def _identifier(text: str, start: int, floor: int) -> Value | None:
    """Return a digit inside a word (`AUTH-403`, `K7`, `eu-west-1`) belongs to a name, unless the letters are a unit or a sign."""
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


def _division(text: str, start: int) -> Value | None:
    """Return `Section 4.2`, `(clause 7)`, `§ 5(2)`: the number of a part of a document, which measures nothing."""
    before = text[max(0, start - 20) : start].rstrip()
    word = re.split(r"[^\w§]", before.removesuffix("."))[-1] if before else ""
    match = _DIVIDED.match(text, start) if word.lower() in _DIVIDES else None
    if match is None or is_unit_next(text, match.end()):
        return None
    begin = len(before.removesuffix(".")) - len(word) + max(0, start - 20)
    return Value(
        ValueKind.IDENTIFIER,
        text[begin : match.end()],
        begin,
        match.end(),
        key=f"{_DIVIDES[word.lower()]} {match.group()}",
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
        (last in _VERSION_BEFORE or _named_version(written, left)) and not unit_after(text, end)[0]
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
    named = _named_number(text, start, end, written, left)
    if named:
        return named
    number, step = parse(written.replace(".", "") if grouped else written)
    if last in _AGED and text[end : end + 1] == "s" and not text[end + 1 : end + 2].isalnum():
        return Value(ValueKind.NUMBER, written, start, end, low=number, high=number, step=step)  # `under 16s`
    value = with_range(text, start, end, number, step)
    return with_unit(text, value, step, left, last)


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
    if low in LEFT_BOUNDS or low in YEAR_BEFORE or low in STOP or low in UNITS or is_unit_next(text, end):
        return None
    first = not text[: start - 1 - len(name)].strip(" \"'([*#-")
    if (len(written) == 4 and "1700" <= written <= "2099") or (
        first and (WEIGHT[STEM[name]] < 1 or groups(STEM[name])) and not _is_label(text, end, low)
    ):
        return None
    begin = start - 1 - len(name)
    return Value(ValueKind.IDENTIFIER, text[begin:end], begin, end, key=f"{low} {written}")


def _is_label(text: str, end: int, low: str) -> bool:
    """`Gate 4 opens`, `Clause 45:`: a singular noun that opens the sentence, and a number that counts nothing."""
    after = _NEXT.match(text, end)
    counts = after is not None and after.group(1) in COUNTED
    return (
        not low.endswith(("s", "ed", "ing"))
        and low not in _SAYING
        and not counts
        and text[end : end + 1] in _LABEL_ENDS
    )


def _named_version(written: str, left: list[str]) -> bool:
    """`Orbit CLI 2.0`: one decimal point after a capitalised name."""
    whole, dot, fraction = written.partition(".")
    if not dot or not left or len(whole) > 2 or len(fraction) > 2:
        return False
    name = left[-1]
    if len(left) == 1 and (WEIGHT[STEM[name]] < 1 or groups(STEM[name])):
        return False
    known = name.lower() in LEFT_BOUNDS or name.lower() in UNITS
    return name[:1].isupper() and name.isalnum() and (len(left) > 1 or len(name) > 2) and not known


__all__ = ["NUMERIC", "Bound", "Value", "ValueKind", "values"]

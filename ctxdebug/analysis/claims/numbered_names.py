"""Digits that are part of a name: of an identifier (`AUTH-403`), a part of a document (`clause 7`), a product (`Aero 300`) or its version."""

from __future__ import annotations

import re

from ctxdebug.analysis.claims.amounts import is_unit_next
from ctxdebug.analysis.claims.bounds import LEFT_BOUNDS
from ctxdebug.analysis.claims.dates import COUNTED, YEAR_BEFORE
from ctxdebug.analysis.claims.units import MONTHS, UNITS
from ctxdebug.analysis.claims.value import Value, ValueKind
from ctxdebug.analysis.claims.words import STEM, STOP, WEIGHT, divisions, groups, lexicon
from ctxdebug.text.patterns import lazy

_NEXT = lazy(r"\s([a-z]+)")
_LABEL_ENDS = frozenset({" ", ":", ".", ")", ""})
_SAYING = frozenset(str(lexicon()["verbs"]).split())
_DIVIDES = {word: name for name, words in divisions().items() for word in words.split()}
_DIVIDED = lazy(r"\d{1,4}(?:\.\d{1,4}){0,5}(?:\([0-9a-z]{1,4}\)){0,3}")


def identifier(text: str, start: int, floor: int) -> Value | None:
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


def division(text: str, start: int) -> Value | None:
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


def named_number(text: str, start: int, end: int, written: str, left: list[str]) -> Value | None:
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


def is_named_version(written: str, left: list[str]) -> bool:
    """`Orbit CLI 2.0`: one decimal point after a capitalised name."""
    whole, dot, fraction = written.partition(".")
    if not dot or not left or len(whole) > 2 or len(fraction) > 2:
        return False
    name = left[-1]
    if len(left) == 1 and (WEIGHT[STEM[name]] < 1 or groups(STEM[name])):
        return False
    known = name.lower() in LEFT_BOUNDS or name.lower() in UNITS
    return name[:1].isupper() and name.isalnum() and (len(left) > 1 or len(name) > 2) and not known

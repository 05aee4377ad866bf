"""Numbers and quantities in instructions: `no more than three short sentences` as a unit with bounds."""

from __future__ import annotations

import re

from ctxdebug.records import record
from ctxdebug.text.patterns import lazy
from ctxdebug.text.wordings import wording, wording_source

_UNITS = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50,
    "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90, "dozen": 12, "single": 1,
}  # fmt: skip
_SCALES = {"hundred": 100, "thousand": 1000}
_WORD = "|".join(sorted([*_UNITS, *_SCALES], key=len, reverse=True))

NUMBER = rf"(?:\d{{1,3}}(?:,\d{{3}}){{1,6}}|\d{{1,20}}k?|(?:an?\s)?(?:{_WORD})(?:[\s-](?:and\s)?(?:{_WORD})){{0,4}})"
"""Digits (`1,000`, `2k`) or words (`twenty-five`, `a hundred`)."""


def spaced(pattern: str, flags: int = re.IGNORECASE) -> re.Pattern[str]:
    """Compile a pattern in which one written space stands for any whitespace."""
    return lazy(pattern.replace(" ?", r"\s*").replace(" ", r"\s+"), flags)


def number(words: str) -> int:
    """Give the value of text that `NUMBER` matched."""
    text = words.lower().replace(",", "").strip()
    if text[:1].isdigit():
        return int(text[:-1][:9]) * 1000 if text.endswith("k") else int(text[:9])
    total = 0
    for word in re.split(r"[\s-]+", text):
        if word == "single":
            total = max(total, 1)
        elif word in _UNITS:
            total = total + _UNITS[word] if word != "dozen" else max(total, 1) * 12
        elif word in _SCALES:
            total = max(total, 1) * _SCALES[word]
    return total


@record(frozen=True, slots=True)
class Bounds:
    """Inclusive bounds, None is open; `approx` when the number was given bare or as `about`."""

    lo: int | None
    hi: int | None
    approx: bool = False


_RELATIONS = ("ge", "gt", "le", "lt", "eq", "ap")
RELATION = "|".join(
    f"(?P<{name}>(?<![\\w'’]){wording_source('constraint_numbers', f'relation {name}')})" for name in _RELATIONS
)
UNITS = (
    "bullets", "placeholders", "highlights", "capwords", "words", "sentences", "paragraphs", "lines", "chars", "tokens", "sections", "responses",
    "exclamation", "question", "commas", "emojis", "hashtags", "calls", "phrases", "times",
)  # fmt: skip
"""What instructions count, by the names of the wordings; the longer names stand before those that they contain."""
_COUNTED = {
    "relation": RELATION,
    "number": NUMBER,
    "units": "|".join(f"(?P<u_{name}>{wording_source('constraint_numbers', f'unit {name}')})" for name in UNITS),
    "after": wording_source("constraint_numbers", "bounds after"),
}
QUANTITY = wording("constraint_numbers", "quantity", **_COUNTED)
"""A number with its unit and whatever bounds it, before or after."""

COUNT_OF = wording("constraint_numbers", "count of", **_COUNTED)
"""The unit first: `the number of words must stay under 50`, `word limit: 50`."""

MOST_OF = wording("constraint_numbers", "most of", **_COUNTED)
"""The comparison turned round: `not a word more than fifteen`."""

_BEFORE_CAP = wording("constraint_numbers", "capped before")


def relation(match: re.Match[str]) -> str | None:
    """Which relation word a quantity match has: `ge`, `gt`, `le`, `lt`, `eq`, `ap` or None."""
    groups = match.groupdict()
    for name in _RELATIONS:
        if groups.get(name):
            return name
    mid = (groups.get("mid") or "").lower()
    if groups.get("plus") or groups.get("more") or "more" in mid or "above" in mid:
        return "ge"
    if groups.get("less") or "less" in mid or "fewer" in mid:
        return "le"
    if groups.get("so"):
        return "ap"
    return None


def capped_before(clause: str) -> bool:
    """Whether the words before a bare number make it an upper bound: `keep it to`, `limit your answer to`."""
    return _BEFORE_CAP.search(clause) is not None


def bounds(match: re.Match[str], rel: str | None, *, negated: bool, capped: bool = False) -> Bounds | None:
    """Give the bounds of a quantity match; None when negation leaves nothing to count (`not 3 sentences`)."""
    n = number(match["n"])
    if match["m"]:
        m = number(match["m"])
        return None if negated or m < n else Bounds(n, m)
    if negated:
        return negated_bound(rel, n)
    return bound("le" if rel is None and capped else rel, n) or Bounds(n, n, approx=True)


def bound(rel: str | None, n: int) -> Bounds | None:
    """Return the bounds that a relation (`ge`, `lt`, …) sets to a number; None for no relation."""
    return {
        "ge": Bounds(n, None),
        "gt": Bounds(n + 1, None),
        "le": Bounds(None, n),
        "lt": Bounds(None, n - 1),
        "eq": Bounds(n, n),
        "ap": Bounds(n, n, approx=True),
    }.get(rel or "")


def negated_bound(rel: str | None, n: int) -> Bounds | None:
    """Return what is left of a relation to a number when it is negated: `not more than`; None where nothing is."""
    return {
        "ge": Bounds(None, n - 1),
        "gt": Bounds(None, n),
        "le": Bounds(n + 1, None),
        "lt": Bounds(n, None),
    }.get(rel or "")


def unit(match: re.Match[str]) -> str:
    """Give the unit that a quantity match names, one of `UNITS`."""
    groups = match.groupdict()
    if groups.get("w"):
        return {"character": "chars"}.get(groups["w"].lower(), groups["w"].lower() + "s")
    return next(name for name in UNITS if groups.get(f"u_{name}"))

"""Numbers and quantities in instructions: `no more than three short sentences` as a unit with bounds."""

# ruff: noqa: E501 - a pattern is read as one line

from __future__ import annotations

import re
from dataclasses import dataclass

from ctxdebug.text.patterns import lazy

_UNITS = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50,
    "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90, "dozen": 12, "single": 1,
}  # fmt: skip
_SCALES = {"hundred": 100, "thousand": 1000}
_WORD = "|".join(sorted([*_UNITS, *_SCALES], key=len, reverse=True))

NUMBER = rf"(?:\d{{1,3}}(?:,\d{{3}})+|\d+k?|(?:an?\s)?(?:{_WORD})(?:[\s-](?:and\s)?(?:{_WORD})){{0,4}})"
"""Digits (`1,000`, `2k`) or words (`twenty-five`, `a hundred`)."""


def spaced(pattern: str, flags: int = re.IGNORECASE) -> re.Pattern[str]:
    """Compile a pattern in which one written space stands for any whitespace."""
    return lazy(pattern.replace(" ?", r"\s*").replace(" ", r"\s+"), flags)


def number(words: str) -> int:
    """Give the value of text that `NUMBER` matched."""
    text = words.lower().replace(",", "").strip()
    if text[:1].isdigit():
        return int(text[:-1]) * 1000 if text.endswith("k") else int(text[:9])
    total = 0
    for word in re.split(r"[\s-]+", text):
        if word in _UNITS:
            total = total + _UNITS[word] if word != "dozen" else max(total, 1) * 12
        elif word in _SCALES:
            total = max(total, 1) * _SCALES[word]
    return total


@dataclass(frozen=True, slots=True)
class Bounds:
    """Inclusive bounds, None is open; `approx` when the number was given bare or as `about`."""

    lo: int | None
    hi: int | None
    approx: bool = False


_RELATIONS = {
    "ge": r"at the very least|at least|at minimum|atleast|no (?:less|fewer|shorter) than|not (?:less|fewer|shorter) than|never (?:less|fewer) than"
    r"|(?:with )?(?:an? |the )?(?:bare )?min(?:imum|\.)?(?: length| number| count| total)?(?: of|:| is|,)?|greater than or equal to|≥|>=",
    "gt": r"more than|over|above|greater than|exceed(?:ing|s)?|in excess of|upwards of|longer than|larger than|past|go(?:ing)? over|go(?:ing)? beyond|>",
    "le": r"at (?:the )?(?:very )?most|no (?:more|longer|greater|higher) than|not (?:more|longer|greater|higher) than|never (?:more|longer) than"
    r"|(?:with )?(?:an? |the )?max(?:imum|\.)?(?: length| number| count| total| limit)?(?: of|:| is|,)?|up to|within|inside"
    r"|(?:not|never|without|cannot|can't|don't|doesn't|shouldn't|mustn't|dont|won't|don’t|doesn’t) (?:\w+ ){0,2}(?:to )?(?:exceed(?:ing)?|surpass(?:ing)?|go(?:ing)? (?:over|above|beyond|past)|be (?:longer|more) than|more than|be over)"
    r"|capped at|cap of|ceiling of|(?:is |are |be )?limited to|limit of|less than or equal to|≤|<=",
    "lt": r"less than|fewer than|under|below|beneath|shorter than|smaller than|lower than|<",
    "eq": r"exactly|precisely|only|just|strictly|(?:a )?total of|equal to|equals",
    "ap": r"around|about|approximately|approx\.?|roughly|~|circa|close to|near",
}
RELATION = "|".join(f"(?P<{name}>(?<![\\w'’]){form})" for name, form in _RELATIONS.items())
_AFTER = (
    r"(?P<more>\+|,? (?:or|and) (?:more|above|over|greater|longer|up)|,? min(?:imum)?\b|,? at (?:the )?(?:least|minimum))"
    r"|(?P<less>[\s-]or (?:less|fewer|under|below|shorter)|,? (?:or )?(?:max(?:imum)?|tops|limit|cap)\b|[\s-]?max\b|,? at (?:the )?most|,? and no more)"
    r"|(?P<so> or so)"
)
UNIT = {
    "bullets": r"bullet(?:ed)?[\s-](?:points?|items?|lists?|entries)|bullets?|bulletpoints?|list items",
    "placeholders": r"(?:unique )?place-?holders?(?: tags?)?",
    "highlights": r"(?:text )?(?:highlight(?:ed|s)?|highlighting|italic(?:i[sz]ed|s)?|bold(?:ed)?|emphasi[sz]ed)[\s-](?:text )?(?:sections?|parts?|phrases?|words?|text|segments?|passages?|portions?|sentences?|terms?|areas?)|highlights?",
    "capwords": r"(?:(?:fully |all[\s-])?(?:capital(?:i[sz]ed)?|caps|upper-?case)|all[\s-]?capital(?:[\s-]letters?)?)[\s-]words?|words? (?:(?:that |which )?(?:is|are|must be|should be|be|being|written|appear(?:ing)?|typed|put|set) )?(?:in |with |of |using )?(?:all |full |fully |entirely |completely )*(?:caps\b|capital|upper-?case)",
    "words": r"words?",
    "sentences": r"sentences?",
    "paragraphs": r"paragraphs?",
    "lines": r"lines?",
    "chars": r"characters?|chars",
    "tokens": r"tokens?",
    "sections": r"sections?|parts?|chapters?|stanzas?|verses?",
    "responses": r"responses|answers|versions|alternatives",
    "exclamation": r"exclamation (?:marks?|points?)",
    "question": r"question marks?",
    "commas": r"commas",
    "emojis": r"emojis?|emoticons?",
    "hashtags": r"hash-?tags?",
    "calls": r"(?:tool|function|search|api)[\s-](?:calls?|uses|invocations)",
    "phrases": r"(?:key[\s-]?)?(?:phrases|passages|terms|keywords|portions|segments|names|points|ideas|parts of)",
    "times": r"times",
}
_UNITS_ALT = "|".join(f"(?P<u_{name}>{form})" for name, form in UNIT.items())
_FUNCTION = (
    r"of|in|to|and|or|with|for|the|a|an|is|are|be|as|at|by|on|that|than|from|per|this|these|those|your|my|it|you|i|we|if|when|should|must|years?|days?|minutes?|hours?"
    r"|percent|dollars|people|dozen|hundred|thousand|one|two|three|four|five|six|seven|eight|nine|ten|each|every|times"
)
_ADJECTIVE = rf"(?:(?!(?:{_FUNCTION})\b)[a-z]{{2,14}}(?:,\s|[\s-]))"
QUANTITY = spaced(

        rf"(?:(?:{RELATION})[\s(\[]{{0,2}})?(?:(?:between|from|of) )?(?<![\w.,$€£#/])(?P<n>{NUMBER})(?![\w.]*[%°])"
        rf"(?:(?: (?:to|and|or|-) |\s?[-–—]\s?)(?P<m>{NUMBER}))?"
        rf"(?P<plus>\+)?(?P<mid> (?:or|and) (?:more|less|fewer|above))?[\s-]{{1,2}}(?:\((?:\d+)\) )?(?:of (?:the |these |those )?)?{_ADJECTIVE}{{0,3}}?"
        rf"(?:{_UNITS_ALT})(?![\w])(?: (?:in total|total|long|in length|altogether|overall))?(?:\)? ?(?:{_AFTER}))?"

)  # fmt: skip
"""A number with its unit and whatever bounds it, before or after."""

COUNT_OF = spaced(

        rf"(?:(?:number|amount|count|total) of (?:{_ADJECTIVE}{{0,2}})(?:{_UNITS_ALT})|(?P<w>word|sentence|character|line|paragraph)[\s-](?:count|limit|length|maximum|minimum|cap|target|budget))"
        rf"[^.;!?\n]{{0,60}}?(?:(?:{RELATION})[\s(]{{0,2}}|: |:|of |is |to |be )(?<![\w.,$])(?P<n>{NUMBER})"
        rf"(?:(?: (?:to|and|or|-) |\s?[-–—]\s?)(?P<m>{NUMBER}))?(?![\w%])(?:{_AFTER})?"

)  # fmt: skip
"""The unit first: `the number of words must stay under 50`, `word limit: 50`."""

_BEFORE_CAP = spaced(
    r"\b(?:limit|cap|restrict|confine|trim|cut|shorten|reduce|keep|hold|condense|compress)\w*\b[^.;!?\n]{0,50}? (?:to|at)(?: (?:just|only|about))?\s*$"
)


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
        flipped = {"ge": Bounds(None, n - 1), "gt": Bounds(None, n), "le": Bounds(n + 1, None), "lt": Bounds(n, None)}
        return flipped.get(rel or "")
    if rel is None and capped:
        rel = "le"
    table = {
        "ge": Bounds(n, None),
        "gt": Bounds(n + 1, None),
        "le": Bounds(None, n),
        "lt": Bounds(None, n - 1),
        "eq": Bounds(n, n),
        "ap": Bounds(n, n, approx=True),
    }
    return table.get(rel or "", Bounds(n, n, approx=True))


def unit(match: re.Match[str]) -> str:
    """Give the unit that a quantity match names, one of the keys of `UNIT`."""
    groups = match.groupdict()
    if groups.get("w"):
        return {"character": "chars"}.get(groups["w"].lower(), groups["w"].lower() + "s")
    return next(name for name in UNIT if groups.get(f"u_{name}"))

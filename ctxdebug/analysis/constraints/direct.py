"""Pairs that say the opposite of one property: bounds that leave no number, a thing demanded and forbidden, two languages or markups."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ctxdebug.analysis.constraints.conflicting_places import Reason

if TYPE_CHECKING:
    from ctxdebug.analysis.constraints.constraint import Constraint

RANGED = frozenset(
    {
        "length.words", "length.sentences", "length.paragraphs", "length.lines", "length.chars", "length.tokens", "format.bullets",
        "format.placeholders", "format.highlights", "format.sections", "case.capwords", "emoji", "keywords.freq", "count.char",
        "count.items", "each.length", "things.count",
    }
)  # fmt: skip
POLAR = frozenset(
    {
        "format.title", "format.highlights", "format.placeholders", "format.json", "format.bullets", "format.responses", "format.sections",
        "format.table", "format.code", "format.headings", "position.quotes", "position.postscript", "position.repeat", "case.capwords",
        "emoji", "grounding.cite", "case.upper", "case.lower", "case.title", "format.markdown", "format.numbered",
    }
)  # fmt: skip
MARKUPS = frozenset(
    {
        "format.json",
        "format.xml",
        "format.html",
        "format.csv",
        "format.yaml",
        "format.plain",
        "format.markdown",
        "format.latex",
    }
)
_TOGETHER = (frozenset({"format.html", "format.xml"}),)
MARKED_UP = frozenset(
    {"format.bullets", "format.table", "format.headings", "format.highlights", "format.code", "manner.emphasis"}
)


def _below(one: Constraint, other: Constraint) -> bool:
    """Whether the most that one allows is less than the least that the other demands."""
    most, least = one.params.get("hi"), other.params.get("lo")
    return most is not None and least is not None and most * (1 + _slack(one)) < least * (1 - _slack(other))


def _slack(constraint: Constraint) -> float:
    return 0.25 if constraint.params.get("approx") else 0.0


def said(constraint: Constraint) -> str:
    """Say a constraint's bounds in a few words: `at most 3 sentences`."""
    lo, hi = constraint.params.get("lo"), constraint.params.get("hi")
    unit = constraint.type.partition(".")[2] or constraint.type
    named = constraint.params.get("word") or constraint.params.get("char")
    unit = {"freq": f"times {named!r}", "char": f"times {named!r}", "capwords": "words in capitals"}.get(unit, unit)
    if lo is not None and hi is not None:
        return f"{'about ' if constraint.params.get('approx') else ''}{lo if lo == hi else f'{lo} to {hi}'} {unit}"
    return f"at least {lo} {unit}" if lo is not None else f"at most {hi} {unit}"


def ranges(left: Constraint, right: Constraint, _language: str | None) -> Reason:
    """Two bounds on one thing that leave no number."""
    if left.type != right.type or left.type not in RANGED:
        return None
    for key in ("word", "char", "separator", "noun", "unit", "what"):
        one, other = left.params.get(key), right.params.get(key)
        if one != other and str(one).lower() != str(other).lower():
            return None
    if _below(left, right) or _below(right, left):
        return "range", f"{said(left)} against {said(right)}"
    return None


def polarities(left: Constraint, right: Constraint, _language: str | None) -> Reason:
    """A thing that one forbids and the other demands."""
    if left.type == right.type and left.type in POLAR and left.negative and not right.negative:
        return "polarity", f"{left.type} forbidden and demanded"
    return None


def _phrases(constraint: Constraint) -> list[str]:
    if constraint.negative:
        return []
    if constraint.type == "keywords.include":
        return [str(word) for word in constraint.params["words"]]
    if constraint.type in {"position.end", "position.start"}:
        return [str(constraint.params["phrase"])]
    if constraint.type == "position.first_word":
        return [str(constraint.params["word"])]
    if constraint.type == "keywords.freq" and (constraint.params.get("lo") or 0) > 0:
        return [str(constraint.params["word"])]
    return []


def words(left: Constraint, right: Constraint, _language: str | None) -> Reason:
    """A word that one forbids, in a text that the other demands."""
    banned: list[str] = []
    if left.type == "keywords.forbid":
        banned = [str(word) for word in left.params["words"]]
    elif left.type == "keywords.freq" and left.params.get("hi") == 0:
        banned = [str(left.params["word"])]
    for word in banned:
        for phrase in _phrases(right):
            if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", phrase, re.IGNORECASE):
                return "include/forbid", f"{word!r} forbidden, and {phrase!r} demanded"
    return None


def characters(left: Constraint, right: Constraint, _language: str | None) -> Reason:
    """A character that one forbids, in what the other demands."""
    if left.type == "punctuation.none":
        char = str(left.params["char"])
    elif left.type == "count.char" and left.params.get("hi") == 0:
        char = str(left.params["char"]).lower()
    else:
        return None
    if right.type == "count.char" and str(right.params["char"]).lower() == char and (right.params.get("lo") or 0) > 0:
        return "punctuation", f"{char!r} forbidden, and {said(right)} demanded"
    if right.type == "marks.joined" and right.params["char"] == char:
        return "punctuation", f"{char!r} forbidden, and a list joined by it demanded"
    phrase = next((phrase for phrase in _phrases(right) if char in phrase.lower()), None)
    return ("punctuation", f"{char!r} forbidden, and {phrase!r} demanded") if phrase else None


def languages(left: Constraint, right: Constraint, language: str | None) -> Reason:
    """Two languages for one answer; `language` is that of the user, where it is known."""
    if not left.type == right.type == "language":
        return None
    one, other = (
        language if c.params["language"] == "user" and language else c.params["language"] for c in (left, right)
    )
    if left.negative and right.negative:
        return None
    if left.negative or right.negative:
        return ("language", f"{one} demanded and forbidden") if one == other else None
    return ("language", f"{_named(one)} against {_named(other)}") if one != other else None


def _named(language: str) -> str:
    return "the user's language" if language == "user" else language


def formats(left: Constraint, right: Constraint, _language: str | None) -> Reason:
    """Two markups for one answer, or plain text and something marked up."""
    if left.negative or right.negative or left.type == right.type:
        return None
    if left.type in MARKUPS and right.type in MARKUPS and {left.type, right.type} not in _TOGETHER:
        return "format", f"{left.type.partition('.')[2]} against {right.type.partition('.')[2]}"
    if left.type == "format.plain" and right.type in MARKED_UP and right.params.get("hi") != 0:
        return "format", f"plain text against {right.type.partition('.')[2]}"
    return None


def closed_choices(left: Constraint, right: Constraint, _language: str | None) -> Reason:
    """Two choices of answers without one in common."""
    if not left.type == right.type == "format.choice":
        return None
    one, other = ({str(option).casefold().strip(" .") for option in c.params["options"]} for c in (left, right))
    return ("choice", f"{sorted(one)} against {sorted(other)}") if one.isdisjoint(other) else None


def tools(left: Constraint, right: Constraint, _language: str | None) -> Reason:
    """A call demanded and forbidden, or two calls in both orders."""
    if left.family != "tools" or right.family != "tools":
        return None
    if left.type == "tools.require" and right.type == "tools.forbid":
        one, other = left.params.get("tool"), right.params.get("tool")
        same = one is not None and other is not None and one.lower() == other.lower()
        return ("tools", f"{one} demanded and forbidden") if same or (other is None and one is not None) else None
    if left.type == "tools.require" and right.type == "tools.max_calls" and right.params.get("hi") == 0:
        return "tools", "a call demanded, and none allowed"
    if left.type == right.type == "tools.order" and (left.params["first"], left.params["then"]) == (
        right.params["then"],
        right.params["first"],
    ):
        return "tools", f"{left.params['first']} before {left.params['then']}, and after it"
    return None

"""Which pairs of constraints cannot both be kept.

A pair is compared by type and bounds only; anything that needs understanding of the task is left
alone. Conditional instructions, permissions and two instructions of one sentence never conflict here.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING, TypeAlias

from ctxdebug.analysis.constraints import opposed
from ctxdebug.analysis.constraints.conflicting_places import Reason, positions_clash, wrappings_clash
from ctxdebug.analysis.constraints.constraint import Strength, Target
from ctxdebug.analysis.constraints.sizes import FEWEST_WORDS, LIMITED
from ctxdebug.records import record
from ctxdebug.text.wordings import wording

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ctxdebug.analysis.constraints.constraint import Constraint

_RANGED = frozenset(
    {
        "length.words", "length.sentences", "length.paragraphs", "length.lines", "length.chars", "length.tokens", "format.bullets",
        "format.placeholders", "format.highlights", "format.sections", "case.capwords", "emoji", "keywords.freq", "count.char",
        "count.items", "each.length",
    }
)  # fmt: skip
_POLAR = frozenset(
    {
        "format.title", "format.highlights", "format.placeholders", "format.json", "format.bullets", "format.responses", "format.sections",
        "format.table", "format.code", "format.headings", "position.quotes", "position.postscript", "position.repeat", "case.capwords",
        "emoji", "grounding.cite", "case.upper", "case.lower", "case.title", "format.markdown", "format.numbered",
    }
)  # fmt: skip
_MARKUPS = frozenset(
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
_MARKED_UP = frozenset({"format.bullets", "format.table", "format.headings", "format.highlights", "format.code"})


@record(frozen=True, slots=True)
class Conflict:
    """Two constraints that cannot both be kept: the rule that says so, and why, in plain words."""

    first: Constraint
    second: Constraint
    rule: str
    reason: str


def conflicts(constraints: Sequence[Constraint], *, user_language: str | None = None) -> list[Conflict]:
    """Every conflicting pair of one text's constraints, in order of place."""
    found = []
    for number, first in enumerate(constraints):
        for second in constraints[number + 1 :]:
            if first.sentence == second.sentence and first.text == second.text:
                continue
            seen = conflicting(first, second, user_language=user_language)
            if seen:
                found.append(Conflict(first, second, *seen))
    return found


def conflicting(first: Constraint, second: Constraint, *, user_language: str | None = None) -> Reason:
    """Why two constraints cannot both be kept, as a rule's name and a reason; None when they can.

    `user_language` is the ISO 639-1 code of the user's own words, where it is known.
    """
    forward, backward = _rules_of(first.type, second.type), _rules_of(second.type, first.type)
    if not (forward or backward) or not _comparable(first, second):
        return None
    for rules, left, right in ((forward, first, second), (backward, second, first)):
        for rule in rules:
            reason = rule(left, right, user_language)
            if reason:
                return reason
    return None


def _comparable(first: Constraint, second: Constraint) -> bool:
    if not (_insists(first) and _insists(second)):
        return False
    if (first.qualifier and not _forbids(second)) or (second.qualifier and not _forbids(first)):
        return False
    tools = first.of_calls and first.family == second.family
    if not tools and not (first.target is second.target is Target.RESPONSE):
        return False
    one, other = _subject(first.text), _subject(second.text)
    if one and other and one != other:
        return False
    return first.params.get("each") == second.params.get("each")


_SUBJECT = wording("constraint_clauses", "subject")
_WHOLE = frozenset("answer answers response responses reply replies output message messages text".split())


@lru_cache(maxsize=1024)
def _subject(text: str) -> str | None:
    """Return the thing that a rule is about where its sentence names one, as in `The summary has at most 30 words`."""
    match = _SUBJECT.match(text[:_HEAD]) if text[:_HEAD].isascii() else None
    words = match["subject"].lower().split() if match else []
    return None if not words or words[-1] in _WHOLE else words[-1].removesuffix("s")


_HEAD = 120
"""Characters of a sentence in which its subject stands."""


def _insists(constraint: Constraint) -> bool:
    """Whether it asks for something in every case; what is only allowed, or holds by default, conflicts with nothing."""
    strength = constraint.strength
    return not constraint.condition and strength not in {Strength.MAY, Strength.DEFAULT, Strength.WISH}


def _forbids(constraint: Constraint) -> bool:
    """Whether it forbids a thing wherever it would be, so that no qualifier of a demand for the thing saves it."""
    return constraint.qualifier is None and (constraint.negative or constraint.params.get("hi") == 0)


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


def _range(left: Constraint, right: Constraint, _language: str | None) -> Reason:
    if left.type != right.type or left.type not in _RANGED:
        return None
    for key in ("word", "char", "separator", "noun", "unit", "what"):
        one, other = left.params.get(key), right.params.get(key)
        if one != other and str(one).lower() != str(other).lower():
            return None
    if _below(left, right) or _below(right, left):
        return "range", f"{said(left)} against {said(right)}"
    return None


def _polarity(left: Constraint, right: Constraint, _language: str | None) -> Reason:
    if left.type == right.type and left.type in _POLAR and left.negative and not right.negative:
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


def _words(left: Constraint, right: Constraint, _language: str | None) -> Reason:
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


def _characters(left: Constraint, right: Constraint, _language: str | None) -> Reason:
    if left.type == "punctuation.none":
        char = str(left.params["char"])
    elif left.type == "count.char" and left.params.get("hi") == 0:
        char = str(left.params["char"]).lower()
    else:
        return None
    if right.type == "count.char" and str(right.params["char"]).lower() == char and (right.params.get("lo") or 0) > 0:
        return "punctuation", f"{char!r} forbidden, and {said(right)} demanded"
    phrase = next((phrase for phrase in _phrases(right) if char in phrase.lower()), None)
    return ("punctuation", f"{char!r} forbidden, and {phrase!r} demanded") if phrase else None


def _language(left: Constraint, right: Constraint, language: str | None) -> Reason:
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


def _format(left: Constraint, right: Constraint, _language: str | None) -> Reason:
    if left.negative or right.negative or left.type == right.type:
        return None
    if left.type in _MARKUPS and right.type in _MARKUPS and {left.type, right.type} not in _TOGETHER:
        return "format", f"{left.type.partition('.')[2]} against {right.type.partition('.')[2]}"
    if left.type == "format.plain" and right.type in _MARKED_UP and right.params.get("hi") != 0:
        return "format", f"plain text against {right.type.partition('.')[2]}"
    return None


def _choice(left: Constraint, right: Constraint, _language: str | None) -> Reason:
    if not left.type == right.type == "format.choice":
        return None
    one, other = ({str(option).casefold().strip(" .") for option in c.params["options"]} for c in (left, right))
    return ("choice", f"{sorted(one)} against {sorted(other)}") if one.isdisjoint(other) else None


def _tools(left: Constraint, right: Constraint, _language: str | None) -> Reason:
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


Rule: TypeAlias = "Callable[[Constraint, Constraint, str | None], Reason]"

_PHRASED = frozenset({"keywords.include", "keywords.freq", "position.start", "position.end", "position.first_word"})
_PLACED = frozenset({"position.start", "position.end", "position.first_word", "position.postscript", "format.sections"})
_SAME: frozenset[str] | None = None
"""In the table: the right type is the left one."""

RULES: tuple[tuple[Rule, frozenset[str], frozenset[str] | None], ...] = (
    (_range, _RANGED, _SAME),
    (_polarity, _POLAR, _SAME),
    (_words, frozenset({"keywords.forbid", "keywords.freq"}), _PHRASED),
    (_characters, frozenset({"punctuation.none", "count.char"}), _PHRASED | {"count.char"}),
    (_language, frozenset({"language"}), _SAME),
    (_format, _MARKUPS, _MARKUPS | _MARKED_UP),
    (_choice, frozenset({"format.choice"}), _SAME),
    (positions_clash, _PLACED | {"position.repeat"}, _PLACED),
    (wrappings_clash, frozenset({"position.quotes", "format.title", "format.responses"}), _SAME),
    (_tools, frozenset({"tools.require", "tools.order"}), frozenset({"tools.forbid", "tools.max_calls", "tools.order"})),
    (opposed.sizes, frozenset(FEWEST_WORDS), LIMITED),
    (opposed.cases, frozenset(opposed.CASES), frozenset({*opposed.CASES, "case.capwords"})),
    (opposed.choices, frozenset({"format.choice"}), opposed.NO_CHOICE | {"keywords.forbid", "length.words", "length.sentences", "length.paragraphs"}),
    (opposed.layouts, opposed.LAYOUTS, opposed.LAID_OUT),
    (opposed.exact, frozenset({"format.exact"}), opposed.EXACT),
    (opposed.kinds, opposed.LIST_KINDS, opposed.LISTED_AS),
    (opposed.repeats, frozenset({"position.repeat"}), frozenset({"manner.paraphrase"})),
    (opposed.manners, frozenset({"style", "persona"}), _SAME),
    (opposed.tasks, frozenset({"task"}), _SAME),
)  # fmt: skip
"""Each rule with the types of the left and the right one of a pair: pairs are many, and most are of types that no rule knows."""


@cache
def _rules_of(left: str, right: str) -> tuple[Rule, ...]:
    return tuple(
        rule
        for rule, lefts, rights in RULES
        if left in lefts and (left == right if rights is None else right in rights)
    )


def opposable(first: Constraint, second: Constraint) -> bool:
    """Whether any rule knows the types of two constraints; asked before anything that costs more."""
    return bool(_rules_of(first.type, second.type) or _rules_of(second.type, first.type))

"""Which pairs of constraints cannot both be kept.

A pair is compared by type and bounds only; anything that needs understanding of the task is left
alone. Conditional instructions, permissions and two instructions of one sentence never conflict here.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from ctxdebug.analysis.constraints import direct, opposed
from ctxdebug.analysis.constraints.conflicting_places import Reason, positions_clash, question_clash, wrappings_clash
from ctxdebug.analysis.constraints.constraint import Strength, Target
from ctxdebug.analysis.constraints.selection.part import Part
from ctxdebug.analysis.constraints.sizes import FEWEST_WORDS, LIMITED
from ctxdebug.records import record, replace
from ctxdebug.text.wordings import wording

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ctxdebug.analysis.constraints.constraint import Constraint


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
    first, second = in_parts(first), in_parts(second)
    forward, backward = _rules_of(first.type, second.type), _rules_of(second.type, first.type)
    if not (forward or backward) or not _comparable(first, second):
        return None
    for rules, left, right in ((forward, first, second), (backward, second, first)):
        for rule in rules:
            reason = rule(left, right, user_language)
            if reason:
                return reason
    return None


def in_parts(one: Constraint) -> Constraint:
    """Return the length of every part as a length of parts: `each paragraph has at least 80 words`."""
    if one.type != "each.length" or one.parts:
        return one
    kind = {"characters": "length.chars"}.get(str(one.params["what"]), f"length.{one.params['what']}")
    bounds = {name: one.params[name] for name in ("lo", "hi")}
    return replace(one, type=kind, params=bounds, parts=(Part(str(one.params["unit"])),))


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
    if first.parts != second.parts and not _reaches(first, second) and not _reaches(second, first):
        return False
    return first.params.get("each") == second.params.get("each")


def _reaches(whole: Constraint, part: Constraint) -> bool:
    """Whether what is said of the whole answer holds for its parts too: what is forbidden or limited there cannot be more in one of them."""
    if whole.parts or not part.parts or part.parts[0].outside:
        return False
    limits = whole.params.get("hi") is not None and whole.params.get("lo") is None
    demanded = part.params.get("hi") != 0 and not part.negative
    return demanded and (whole.negative or limits or whole.type in _EVERYWHERE)


_EVERYWHERE = frozenset({"language", "case.upper", "case.lower", "punctuation.none", "keywords.forbid", "format.plain"})
"""Kinds that are kept by an answer only where each part of it keeps them."""


_AUDIENCE = wording("constraint_clauses", "audience")
"""Those whom a rule is for: `Answer guests in Spanish` and `Answer staff in English` can both be kept."""
_SUBJECT = wording("constraint_clauses", "subject")
_WHOLE = frozenset("answer answers response responses reply replies output message messages text".split())


@lru_cache(maxsize=1024)
def _subject(text: str) -> str | None:
    """Return the thing that a rule is about where its sentence names one, as in `The summary has at most 30 words`."""
    spoken_to = _AUDIENCE.match(text[:_HEAD])
    if spoken_to is not None:
        return spoken_to["who"].lower().removesuffix("s")
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


Rule: TypeAlias = "Callable[[Constraint, Constraint, str | None], Reason]"

_PHRASED = frozenset({"keywords.include", "keywords.freq", "position.start", "position.end", "position.first_word"})
_PLACED = frozenset({"position.start", "position.end", "position.first_word", "position.postscript", "format.sections"})
_SAME: frozenset[str] | None = None
"""In the table: the right type is the left one."""

RULES: tuple[tuple[Rule, frozenset[str], frozenset[str] | None], ...] = (
    (direct.ranges, direct.RANGED, _SAME),
    (direct.polarities, direct.POLAR, _SAME),
    (direct.words, frozenset({"keywords.forbid", "keywords.freq"}), _PHRASED),
    (direct.characters, frozenset({"punctuation.none", "count.char"}), _PHRASED | {"count.char", "marks.joined"}),
    (direct.languages, frozenset({"language"}), _SAME),
    (direct.formats, direct.MARKUPS, direct.MARKUPS | direct.MARKED_UP),
    (direct.closed_choices, frozenset({"format.choice"}), _SAME),
    (positions_clash, _PLACED | {"position.repeat"}, _PLACED),
    (question_clash, frozenset({"position.question"}), frozenset({"position.end", "format.exact"})),
    (wrappings_clash, frozenset({"position.quotes", "format.title", "format.responses"}), _SAME),
    (direct.tools, frozenset({"tools.require", "tools.order"}), frozenset({"tools.forbid", "tools.max_calls", "tools.order"})),
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


_OF_BOUNDS = frozenset({direct.ranges, opposed.sizes})
"""Rules that compare the most that one allows with the least that the other demands."""


class Form(NamedTuple):
    """What of a constraint says whether any rule can find it against another: its type, and which bounds it has."""

    type: str
    least: bool
    most: bool


def form_of(constraint: Constraint) -> Form:
    """Return the form of a constraint."""
    constraint = in_parts(constraint)
    params = constraint.params
    return Form(constraint.type, params.get("lo") is not None, params.get("hi") is not None)


@cache
def opposable(first: Form, second: Form) -> bool:
    """Whether any rule can find constraints of two forms against each other; asked before anything that costs more."""
    rules = {*_rules_of(first.type, second.type), *_rules_of(second.type, first.type)}
    if rules <= _OF_BOUNDS:
        return bool(rules) and ((first.most and second.least) or (first.least and second.most))
    return True

"""Which tools to call, which not, in what order, how often, and what to confirm first."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ctxdebug.analysis.constraints.clauses import Sentence
from ctxdebug.analysis.constraints.constraint import Draft
from ctxdebug.analysis.constraints.masking import INSIDE, QUOTED
from ctxdebug.analysis.constraints.numbers import NUMBER, number, spaced
from ctxdebug.analysis.constraints.pattern import Pattern, cues
from ctxdebug.text.wordings import base_name, wording

if TYPE_CHECKING:
    from collections.abc import Iterator

_CALL = wording("constraint_tools", "call", quoted=QUOTED)
_GENERIC = wording("constraint_tools", "generic")
_ORDER = wording("constraint_tools", "order", quoted=QUOTED)
_ORDER_AFTER = wording("constraint_tools", "order after", quoted=QUOTED)
_ORDER_EACH = wording("constraint_tools", "order each", quoted=QUOTED, any=rf"(?:{QUOTED}|(?-i:[a-zA-Z]\w{{0,60}}))")
_BUDGET = wording("constraint_tools", "budget", number=NUMBER)
_MAX = wording("constraint_tools", "max", number=NUMBER)
_MAX_TIMES = wording("constraint_tools", "max times", number=NUMBER)
_CONFIRM = wording("constraint_tools", "confirm")
_BEFORE_ANSWER = spaced(r"\b(?:before|prior to) (?:you )?(?:answer|respond|reply)\w*")


def _name(sentence: Sentence, match: re.Match[str], group: str) -> str:
    span = match.span(group)
    return sentence.quoted(*span) if INSIDE in match[group] else sentence.raw[span[0] : span[1]].strip()


def _held(sentence: Sentence, match: re.Match[str], group: str) -> str:
    """Return the name that a group holds, whichever of the wordings was found."""
    return _name(sentence, match, next(n for n in match.re.groupindex if base_name(n) == group and match[n]))


def _calls(sentence: Sentence) -> Iterator[Draft]:
    match = _ORDER_EACH.search(sentence.text)
    if match and not sentence.negated(match.start()):
        yield Draft(
            "tools.order",
            sentence.offset + match.start(),
            sentence.offset + match.end(),
            {"first": _held(sentence, match, "first"), "then": _held(sentence, match, "then"), "each": "call"},
        )
        return
    for pattern in (_ORDER, _ORDER_AFTER):
        match = pattern.search(sentence.text)
        if match and not sentence.negated(match.start()):
            yield Draft(
                "tools.order",
                sentence.offset + match.start(),
                sentence.offset + match.end(),
                {"first": _name(sentence, match, "first"), "then": _name(sentence, match, "then")},
            )
            return
    for match in _CALL.finditer(sentence.text):
        quoted = INSIDE in match["name"]
        if (
            quoted
            and not match["kind"]
            and sentence.raw[match.start("name")] != "`"
            and not sentence.words & {"tool", "function", "call", "invoke"}
        ):
            continue
        if not match["kind"] and "." in match["name"] and "_" not in match["name"]:
            continue
        if quoted and re.search(r"[\s]", _name(sentence, match, "name")):
            continue
        yield _use(sentence, match, _name(sentence, match, "name"))
        return
    match = _GENERIC.search(sentence.text)
    if match and not (match["name"].strip() == "" and _QUALIFIED.match(sentence.text[match.end() :])):
        yield _use(sentence, match, match["name"].strip() or None)


_PURPOSE = wording("constraint_tools", "purpose")
_EXCEPT = wording("constraint_tools", "except")
_UNCONDITIONAL = spaced(
    r"\b(?:always|must|every|each|never answer without|before (?:you )?(?:answer|respond|reply)\w*|first|required)\b"
)


_QUALIFIED = spaced(r"^ ?(?:that|which|whose|with|without|unless|other|not|outside|more|twice)\b|^ calls?\b")


_AT_ALL = wording("constraint_tools", "at all")
"""What may stand behind a tool without narrowing when it is to be called."""


def _use(sentence: Sentence, match: re.Match[str], name: str | None) -> Draft:
    negative = sentence.negated(match.start(), match.end())
    kind = "tools.forbid" if negative else "tools.require"
    _, high = sentence.clause(match.end() - 1)
    rest = sentence.text[match.end() : high]
    purpose = (_EXCEPT if negative else _PURPOSE).match(sentence.text[match.end() :])
    when = sentence.raw[match.end() : match.end() + purpose.end()].strip(" ,") if purpose else None
    if when is None and not _AT_ALL.match(rest):
        when = sentence.raw[match.end() : high].strip(" ,") or None
    if not negative and when is None and not _UNCONDITIONAL.search(sentence.text):
        when = "where the task calls for it"
    return Draft(
        kind, sentence.offset + match.start(), sentence.offset + match.end(), {"tool": name}, negative, condition=when
    )


_STEP = spaced(
    r"^ ?(?:at a time|per (?:turn|step|message|response)|in (?:each|every|a single|one) (?:turn|step|message|response))"
)


def _limits(sentence: Sentence) -> Iterator[Draft]:
    budget = _BUDGET.search(sentence.text)
    if budget:
        found = {base_name(name): held for name, held in budget.groupdict().items() if held}
        whole = found.get("scope", "").lower() in {"conversation", "session", "chat"}
        params = {"hi": number(found["n"]), "per": "conversation" if whole else "turn"}
        named = {"tool": found["name"]} if "name" in found else {}
        yield Draft("tools.max_calls", sentence.offset + budget.start(), sentence.offset + budget.end(), params | named)
        return
    match = _MAX.search(sentence.text)
    if match:
        if match["single"]:
            yield Draft(
                "tools.max_calls",
                sentence.offset + match.start(),
                sentence.offset + match.end(),
                {"hi": 1, "per": "step"},
            )
        elif match["rel"].lower() not in {"more than", "exceed"} or sentence.negated(match.start()):
            yield Draft(
                "tools.max_calls",
                sentence.offset + match.start(),
                sentence.offset + match.end(),
                {"hi": number(match["n"]), "per": "step" if _STEP.match(sentence.text[match.end() :]) else "turn"},
            )
        return
    match = _MAX_TIMES.search(sentence.text)
    if (
        match
        and sentence.words & {"tool", "tools", "function", "search", "call", "invoke"}
        and not sentence.words & {"word", "letter", "keyword", "phrase"}
    ):
        n = number(match["n"]) if match["n"] else {"once": 1, "twice": 2}[match["once"].lower()]
        yield Draft(
            "tools.max_calls", sentence.offset + match.start(), sentence.offset + match.end(), {"hi": n, "per": "turn"}
        )


def _confirms(sentence: Sentence) -> Iterator[Draft]:
    match = _CONFIRM.search(sentence.text)
    if match:
        yield Draft(
            "tools.confirm",
            sentence.offset + match.start(),
            sentence.offset + match.end(),
            {"action": (match["action"] or match["action2"]).strip()},
        )


PATTERNS = (
    Pattern(
        "tools.require",
        cues(
            "call calls calling use uses using invoke run execute consult trigger invoking running executing query tool tools function functions"
        ),
        _calls,
        "You must call the `lookup_order` tool before answering.",
    ),
    Pattern(
        "tools.max_calls",
        cues("tool tools function search call calls invoke api"),
        _limits,
        "Make at most 3 tool calls.",
    ),
    Pattern(
        "tools.confirm",
        cues("ask confirm confirmation approval permission consent check approved approve asking confirming"),
        _confirms,
        "Ask the user for confirmation before deleting anything.",
    ),
)

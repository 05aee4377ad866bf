"""Whether a value that a user gives is of the kind of a limit (the same unit, the same thing counted, an age), and whether it is inside."""

from __future__ import annotations

import re

from ctxdebug.analysis.claims.statement import Statement
from ctxdebug.analysis.claims.values import Bound, Value, ValueKind
from ctxdebug.analysis.claims.words import STEM
from ctxdebug.text.patterns import lazy

_LEAD = lazy(r"\s?(?:before|in advance|prior)\b", re.IGNORECASE)
_AGES = lazy(r"\b(?:age|aged|old|older|younger|years?|from|under|over|below|children|adults|join)\b", re.IGNORECASE)
_PEOPLE = frozenset("people persons person guests adults visitors passengers members participants of us".split())


def alike(value: Value, limit: Value, text: str, clause: Statement) -> bool:
    """Whether a value of the question is of the kind that a limit is of: the same unit, the same thing counted, or an age."""
    ages = [_years(value), _years(limit)]
    if _is_age(value, text) and ages[1] is not None and _AGES.search(clause.text):
        return True
    if value.kind is not limit.kind or value.unit != limit.unit:
        return False
    if value.kind is not ValueKind.NUMBER:
        return (
            value.kind is not ValueKind.DURATION
            or bool(_LEAD.match(clause.text, limit.end))
            or "year" not in limit.text
        )
    counted = STEM[value.noun] if value.noun else ""
    return bool(counted) and (counted in clause.stems or (_is_people(value.noun) and _is_people(limit.noun)))


def _is_people(noun: str) -> bool:
    return noun in _PEOPLE


def _is_age(value: Value, text: str) -> bool:
    if value.kind is ValueKind.DURATION:
        return "year" in value.text and (re.search(r"year-?s?[- ]old", text) is not None)
    return (
        value.kind is ValueKind.NUMBER
        and re.search(rf"\b(?:i am|i['’]m|is|aged?)\s{re.escape(value.text)}\b(?!\s[a-z])", text, re.IGNORECASE)
        is not None
    )


def _years(value: Value) -> float | None:
    """Return an age in years; None for what is none."""
    if value.kind is ValueKind.DURATION:
        return value.low / 12 if value.unit == "month" and "year" in value.text else None
    return value.low if value.kind is ValueKind.NUMBER and not value.unit else None


def inside(value: Value, limit: Value, clause: Statement) -> bool:
    """Whether a value is inside a limit; a time up to which something is possible `before` an event is the least that is left."""
    ages = [_years(value), _years(limit)]
    mine, theirs = (ages[0], ages[1]) if None not in ages else (value.low, limit.low)
    assert mine is not None
    assert theirs is not None
    least = limit.bound is Bound.AT_LEAST
    if value.kind is ValueKind.DURATION and _LEAD.match(clause.text, limit.end):
        least = True
    strict = re.search(
        r"\b(?:over|above|more than|under|below|less than|fewer than|younger than|older than)\s*$",
        clause.text[: limit.start] + _lead_of(limit),
        re.IGNORECASE,
    )
    if mine == theirs:
        return strict is None
    return mine > theirs if least else mine < theirs


def _lead_of(limit: Value) -> str:
    return re.split(r"\d", limit.text, maxsplit=1)[0]

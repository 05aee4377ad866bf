"""The parties of a text: names that it gives a role (`Dorn Castings Ltd (Seller)`), and rules that it states for each in like words."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ctxdebug.analysis.claims.alignment import words_of
from ctxdebug.analysis.claims.comparison import Relation, compare
from ctxdebug.analysis.claims.contradiction import Contradiction
from ctxdebug.analysis.claims.statement import Statement, statement
from ctxdebug.analysis.claims.values import NUMERIC, Value, ValueKind
from ctxdebug.analysis.claims.words import weight_of
from ctxdebug.analysis.sources.claim import Origin
from ctxdebug.analysis.sources.evidence import Evidence
from ctxdebug.analysis.sources.near_statements import NearStatement, share_of
from ctxdebug.analysis.sources.value_search import says
from ctxdebug.text.patterns import lazy

_DEFINED = lazy(
    r"(?P<name>[A-Z][\w&’'-]{1,30}(?:[ ][A-Z][\w&.’'-]{1,30}){0,3}?)(?:[ ](?:Ltd|plc|PLC|GmbH|AG|Inc|LLC|SE|SA|BV|Corp|Co)\.?){0,2},?[ ]"
    r"\((?:hereinafter[ ])?(?:the[ ])?[\"“'‘]{0,2}(?:the[ ])?(?P<role>[A-Z][a-z]{3,20})[\"”'’]{0,2}\)"
)
"""A name with its role in brackets."""
_SUBJECT = lazy(
    r"\W{0,4}(?:(?:if|when|where|should|for)\s)?(?:(?:the|an?|each|every|your|our)\s)?(?P<noun>[a-z]{3,20})\s(?!of\b|and\b|or\b|to\b)",
    re.IGNORECASE,
)
"""The noun that a sentence begins with."""
_TWICE = lazy(r"\b[a-z]{3,9}(?:-[a-z]{3,5})? \((\d{1,4})\) ")
_ALIKE = 0.8
"""Share of their words that two rules have in common."""
_COVERED = 0.5
_BESIDE = 3
"""Sentences between two rules, at most."""
_MOST = 400
_AT_HEAD = 2
"""Characters before the number that a clause begins with."""
_SURE = 0.86
_LONGEST = 100_000
"""Characters of a text in which names are given roles."""


def with_roles(own: Statement, evidence: Evidence) -> Statement | None:
    """Return a sentence with the roles of the parties for their names, every other character in its place; None where it names none."""
    named = evidence.roles
    text = own.text
    for name, role in named.items() if len(set(named.values())) > 1 else ():
        if len(role) <= len(name):
            text = re.sub(rf"\b{re.escape(name)}\b", role.ljust(len(name)), text)
    return statement(text, own.source, own.start) if text != own.text else None


def roles_of(evidence: Evidence) -> dict[str, str]:
    """Return the names to which the texts give a role, with the role."""
    found: dict[str, str] = {}
    for number, source in enumerate(evidence.corpus.sources):
        if evidence.origins[number] is not Origin.EARLIER and "(" in source.text:
            found.update((match["name"], match["role"]) for match in _DEFINED.finditer(source.text[:_LONGEST]))
    return found


def against_parallel(own: Statement, evidence: Evidence) -> tuple[NearStatement, Contradiction] | None:
    """Return the rule for the party that a claim begins with, where the claim has the value of the other party's rule.

    `The tenant gives the landlord 60 days' notice. The landlord gives the tenant 90 days' notice.`
    """
    subject = _SUBJECT.match(own.text)
    mine = [value for value in own.values if value.kind in NUMERIC]
    if subject is None or len(mine) != 1:
        return None
    noun = next(iter(statement(subject["noun"]).stems), "")
    for rule, other in evidence.parallel_rules if noun else ():
        if _first(rule) != noun or not says(mine[0], _value(other)) or says(mine[0], _value(rule)):
            continue
        share = share_of(own.stems, rule.stems, weight_of(own.stems) or 1.0)
        if share >= _COVERED:
            origin, value = evidence.origins[rule.source], _value(rule)
            near = NearStatement(rule, share, share, origin, share, rule)
            start = value.start - 2 * (value.text.startswith(tuple("0123456789")) and _is_moved(rule, evidence))
            return near, Contradiction(value.kind.value, _SURE, (mine[0].start, mine[0].end), (start, value.end))
    return None


def parallel_rules(evidence: Evidence) -> Iterator[tuple[Statement, Statement]]:
    """Yield two rules in like words for two parties, each of which names both, in both orders."""
    for number, origin in enumerate(evidence.origins):
        rows = evidence.corpus.of(number)[:_MOST] if origin is not Origin.EARLIER else ()
        for x, y in ((x, y) for at, x in enumerate(rows) for y in rows[at + 1 : at + 1 + _BESIDE]):
            if len(x.stems & y.stems) <= _ALIKE / 2 * len(x.stems | y.stems):
                continue  # asked first: it costs nothing
            a, b = _in_figures(x), _in_figures(y)
            if len(a.stems & b.stems) < _ALIKE * len(a.stems | b.stems):
                continue
            named = _first(a) != _first(b) and {_first(a), _first(b)} <= a.stems & b.stems
            if not named or len(_values(a)) != 1 or len(_values(b)) != 1:
                continue
            if compare(_value(a), _value(b)).relation is Relation.CONFLICT:
                yield a, b
                yield b, a


def _in_figures(one: Statement) -> Statement:
    """Return a rule with a number that it says in words and in figures in figures only: `sixty (60) days`."""
    text = _TWICE.sub(lambda match: f"{match[1]} ".rjust(len(match[0])), one.text)
    return statement(text, one.source, one.start) if text != one.text else one


def _is_moved(rule: Statement, evidence: Evidence) -> bool:
    """Whether the figures of a rule are no longer where they stand in its text, in brackets."""
    return all(one.text != rule.text for one in evidence.corpus.of(rule.source))


def _first(one: Statement) -> str:
    return next((word.stem for word in words_of(one)[:6] if word.stem), "")


def _values(one: Statement) -> list[Value]:
    """Return the figures of a rule, one said twice (`sixty (60) days`) once, and the number of its clause left out."""
    found: list[Value] = []
    for value in one.values:
        heads = value.kind is ValueKind.NUMBER and value.start <= _AT_HEAD
        if value.kind in NUMERIC and not heads and not any(says(value, other) for other in found):
            found.append(value)
    return found


def _value(one: Statement) -> Value:
    return _values(one)[0]

"""The value that was asked for: what stands where the question is answered best, against what the answer says.

The words around a value may all differ (`Savings earn`, `Interest on the savings account is`); the question ties them together.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ctxdebug.analysis.claims.clauses import clauses
from ctxdebug.analysis.claims.comparison import Relation, compare
from ctxdebug.analysis.claims.contradiction import Contradiction
from ctxdebug.analysis.claims.statement import Statement, statement
from ctxdebug.analysis.claims.value import Value, ValueKind
from ctxdebug.analysis.claims.words import weight_of
from ctxdebug.analysis.sources.claim import Origin
from ctxdebug.analysis.sources.evidence import Evidence
from ctxdebug.analysis.sources.near_statements import NearStatement, share_of
from ctxdebug.analysis.sources.question import Asked, UserQuestion, is_worked_out
from ctxdebug.analysis.sources.reliance import INSTRUCTS
from ctxdebug.analysis.sources.value_search import says
from ctxdebug.text.patterns import lazy

FITS = 0.5
"""Share of the question that a clause contains for its value to be the one asked for."""
CLEARLY = 0.2
"""How much better the clause fits than every clause with another value."""
_SURELY = 0.8
_MOST = 24
_MEASURED = frozenset({ValueKind.MONEY, ValueKind.PERCENT, ValueKind.QUANTITY, ValueKind.DURATION, ValueKind.CLOCK})
"""Kinds of values that answer `what` and `which` too: `What is the interest on savings?`"""
_NAMING = frozenset({ValueKind.IDENTIFIER, ValueKind.URL, ValueKind.EMAIL, ValueKind.QUOTED, ValueKind.ORDINAL})
_NO_VALUE = lazy(r"\b(?:who|whom|whose|where|why)\b", re.IGNORECASE)
"""Questions that no value answers."""
_AGE_BEFORE = lazy(
    r"\b(?:age[ds]?|from|over|under|above|below|children|adults|persons|people|at least)\b[^.\d]{0,24}$", re.IGNORECASE
)
_AGE_ASKED = lazy(r"\b(?:old|age|aged|young|child|children|kids?|minors?)\b", re.IGNORECASE)
_EITHER_OR = (" or ", " vs ", " versus ")


def asked_value(
    own: Statement, evidence: Evidence, question: UserQuestion
) -> tuple[NearStatement, Contradiction] | None:
    """Return the clause whose value answers the question, where the claim gives it another one."""
    if (
        question.asked is Asked.YES_NO
        or is_worked_out(question.text)
        or any(mark in question.text for mark in _EITHER_OR)
        or _NO_VALUE.search(question.text)
    ):
        return None
    read = statement(question.text)
    mine = [value for value in own.values if value.kind not in _NAMING and not _in(value, read.values)]
    if len(mine) != 1 or mine[0].low != mine[0].high:
        return None
    if (
        question.asked not in {Asked.NUMBER, Asked.DATE}
        and mine[0].kind not in _MEASURED
        and mine[0].kind is not ValueKind.VERSION
    ):
        return None
    rivals = sorted(_offers(mine[0], evidence, question, read.values), key=lambda row: -row[0])
    if not rivals or rivals[0][0] < FITS:
        return None
    fit, near, value = rivals[0]
    others = [row for row in rivals[1:] if not says(value, row[2])]
    if says(mine[0], value) or (others and others[0][0] > fit - CLEARLY):
        return None
    if compare(mine[0], value).relation is not Relation.CONFLICT:
        return None
    score = 0.9 if fit >= _SURELY else 0.75
    return near, Contradiction(mine[0].kind.value, score, (mine[0].start, mine[0].end), (value.start, value.end))


def _is_age(value: Value, text: str) -> bool:
    """`children from 6 years`: how old somebody is, and not how long something takes."""
    return (
        value.kind is ValueKind.DURATION
        and "year" in value.text.lower()
        and _AGE_BEFORE.search(text, 0, value.start) is not None
    )


def _in(value: Value, others: Sequence[Value]) -> bool:
    return any(says(value, other) for other in others)


def _offers(
    mine: Value, evidence: Evidence, question: UserQuestion, given: Sequence[Value]
) -> Iterator[tuple[float, NearStatement, Value]]:
    """Yield every clause near the question with a value of the claim's kind: how well it fits, the clause, the value."""
    total = weight_of(question.stems) or 1.0
    named = [value for value in given if value.kind in _NAMING or value.kind is ValueKind.VERSION]
    for whole in evidence.corpus.nearest(question.stems, _MOST):
        origin = evidence.origins[whole.source]
        if (
            origin is Origin.EARLIER
            or whole.text.rstrip().endswith("?")
            or (origin is not Origin.SOURCE and INSTRUCTS.search(whole.text))
        ):
            continue
        for one in clauses(whole) or (whole,):
            values = [value for value in one.values if value.kind is mine.kind and not _in(value, given)]
            if not values:
                continue
            fit = share_of(question.stems, one.stems, total)
            if named and not all(_in(value, one.values) for value in named):
                fit *= 0.3
            several = len(values) > 1
            for value in values:
                if _is_age(value, one.text) and not _AGE_ASKED.search(question.text):
                    continue
                yield fit * (0.8 if several else 1.0), NearStatement(one, fit, fit, origin, fit, whole), value

"""A value that an answer calls within a limit, or beyond it, and that is not: `2.10 m, which is within the limit`, where it is 1.95 m."""

from __future__ import annotations

import re

from ctxdebug.analysis.claims.clauses import clauses
from ctxdebug.analysis.claims.contradiction import Contradiction
from ctxdebug.analysis.claims.statement import Statement
from ctxdebug.analysis.claims.value import Bound
from ctxdebug.analysis.claims.values import NUMERIC, Value, ValueKind
from ctxdebug.analysis.claims.words import weight_of
from ctxdebug.analysis.sources.claim import Origin
from ctxdebug.analysis.sources.evidence import Evidence
from ctxdebug.analysis.sources.near_statements import NearStatement, share_of
from ctxdebug.text.patterns import lazy

_WITHIN = lazy(
    r"\b(?P<inside>within|under|below|inside|less than|meets|fits (?:within|under|into)?)\s(?:the|our|your|this|that|its)\s(?:[\w-]{1,20}\s){0,2}"
    r"(?:limit|maximum|allowance|cap)\b|\b(?:exceeds?|over|above|beyond|more than)\s(?:the|our|your|this|that|its)\s(?:[\w-]{1,20}\s){0,2}"
    r"(?:limit|maximum|allowance|cap)\b",
    re.IGNORECASE,
)
_NEGATED = lazy(r"\b(?:not|no|never|if|unless|would|could|cannot)\b|n['’]t\b", re.IGNORECASE)
_LIMITS = lazy(
    r"\b(?:limit(?:ed)?|max(?:imum)?|at most|up to|no more than|not exceed|that exceed|allowance)\b", re.IGNORECASE
)
_ABOUT = 0.2
"""Share of the claim that a clause with a limit has."""
_NEARLY = 0.1
"""How much less another limit of the same kind has, to be meant as well."""
_MOST = 12
_SURE = 0.86


def is_measured(own: Statement, end: int) -> bool:
    """Whether the value that ends at a place is held against a limit by the claim itself, and is no rival of it."""
    said = _WITHIN.search(own.text)
    return said is not None and end <= said.start()


def against_limit(own: Statement, evidence: Evidence) -> tuple[NearStatement, Contradiction] | None:
    """Return the limit that a value is not on the side of that a claim says."""
    said = _WITHIN.search(own.text)
    if said is None or _NEGATED.search(own.text, 0, said.start()):
        return None
    mine = [value for value in own.values if value.end <= said.start() and value.kind in NUMERIC]
    if mine and not said["inside"] and not own.text[mine[-1].end : said.start()].strip():
        return None  # `6 km/h above the limit`: by how much
    if not mine or mine[-1].low != mine[-1].high or mine[-1].kind in {ValueKind.NUMBER, ValueKind.PERCENT}:
        return None
    value, total = mine[-1], weight_of(own.stems) or 1.0
    found: list[tuple[float, Statement, Statement, Value]] = []
    for whole in evidence.corpus.nearest(own.stems, _MOST):
        if evidence.origins[whole.source] is Origin.EARLIER or whole.text.rstrip().endswith("?"):
            continue
        for clause in clauses(whole) or (whole,):
            for other in clause.values:
                like = (other.kind, other.unit) == (value.kind, value.unit) and other.bound is not Bound.AT_LEAST
                if like and (_LIMITS.search(clause.text) or other.bound is Bound.AT_MOST):
                    found.append((share_of(own.stems, clause.stems, total), clause, whole, other))
    best = max((share for share, *_ in found), default=0.0)
    meant = [row for row in found if row[0] >= best - _NEARLY]
    inside = said["inside"] is not None
    if best < _ABOUT or any((value.low <= other.high) is inside for *_, other in meant):
        return None
    share, clause, whole, other = max(meant, key=lambda row: row[0])
    near = NearStatement(clause, share, share, evidence.origins[whole.source], share, whole)
    return near, Contradiction("threshold", _SURE, said.span(), (other.start, other.end))

"""The day of the week that was asked for, or that a text gives, against the one of the answer: Friday, where all that was said is Thursday."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ctxdebug.analysis.claims.clauses import compound
from ctxdebug.analysis.claims.contradiction import Contradiction
from ctxdebug.analysis.claims.statement import Statement
from ctxdebug.analysis.claims.words import STEM, weight_of
from ctxdebug.analysis.sources.claim import Origin
from ctxdebug.analysis.sources.evidence import Evidence
from ctxdebug.analysis.sources.near_statements import NearStatement, share_of
from ctxdebug.analysis.sources.question import UserQuestion
from ctxdebug.text.patterns import lazy

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAY = lazy(r"\b(" + "|".join(_DAYS) + r")s?\b", re.IGNORECASE)
_SPAN = lazy(
    r"day\s?(?:to|through|until|till|[-–])\s?(?:" + "|".join(_DAYS) + r")\b|weekend|\bdaily\b|\bevery day\b|weekdays",
    re.IGNORECASE,
)
"""Days that are not named one by one."""
_TURNED = lazy(
    r"\b(?:not|no|never|except|unless|but|closed|instead|rather|if|before|after|until|or|so that|because|when|day before|day after|eve)\b|n['’]t\b",
    re.IGNORECASE,
)
_ASKS = lazy(r"\b(?:when|what days?|which days?|what time|by when)\b", re.IGNORECASE)
_ADVICE = lazy(r"\b(?:should|shall|can|could|may|must|would|best)\b", re.IGNORECASE)
"""Words of a question that a day answers which no text needs to name."""
_ANSWERS = 0.3
"""Share of the question that a clause has, for its day to be the one asked for."""
_SAYS = 0.5
"""Share of the claim that a clause has, its days apart, for its day to be the claim's, whatever was asked."""
_CLEARLY = 0.2
_MOST = 24


def asked_day(
    own: Statement, evidence: Evidence, question: UserQuestion | None
) -> tuple[NearStatement, Contradiction] | None:
    """Return the clause whose days answer the question, or are said of what the claim says, where the claim has another day.

    Nothing counts where any text has the claim's day, or days are given as a span, or by what they are not.
    """
    mine = _days(own.text)
    if not mine or _SPAN.search(own.text) or _TURNED.search(own.text) or own.text.rstrip().endswith("?"):
        return None
    texts = evidence.corpus.text
    lone = {day: span for day, span in mine.items() if day not in texts}
    if not lone or _SPAN.search(texts) or "tomorrow" in texts or "today" in texts:
        return None
    said = own.stems - frozenset(map(STEM.__getitem__, _DAYS))
    asked = (
        question.stems
        if question is not None and _ASKS.search(question.text) and not _ADVICE.search(question.text)
        else frozenset[str]()
    )
    rows = sorted(_clauses(evidence, asked, said, len(mine)), key=lambda row: -row[0])
    if not rows or (len(rows) > 1 and rows[1][0] > rows[0][0] - _CLEARLY and rows[1][1].text != rows[0][1].text):
        return None
    fit, clause, whole = rows[0]
    there = _days(clause.text)
    stated = next(iter(there.values()))
    near = NearStatement(clause, fit, fit, evidence.origins[whole.source], fit, whole)
    return near, Contradiction("weekday", 0.85, next(iter(lone.values())), stated)


def _clauses(
    evidence: Evidence, asked: frozenset[str], said: frozenset[str], count: int
) -> list[tuple[float, Statement, Statement]]:
    """Return the clauses with as many days as the claim that answer the question or say what the claim says, and how well they fit."""
    found = []
    for whole in evidence.corpus.nearest(asked | said, _MOST):
        if evidence.origins[whole.source] is Origin.EARLIER or whole.text.rstrip().endswith("?"):
            continue
        for clause in compound(whole) or (whole,):
            if len(_days(clause.text)) != count or _TURNED.search(clause.text):
                continue
            fits: Sequence[float] = [
                share_of(stems, clause.stems, weight_of(stems) or 1.0) if stems else 0.0 for stems in (asked, said)
            ]
            if fits[0] >= _ANSWERS or fits[1] >= _SAYS:
                found.append((max(fits), clause, whole))
    return found


def _days(text: str) -> dict[str, tuple[int, int]]:
    """Return the days of the week that a text names, with where."""
    return {match[1].lower(): match.span() for match in _DAY.finditer(text)}

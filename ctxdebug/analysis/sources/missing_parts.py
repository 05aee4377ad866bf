"""What a part of a claim that no text has weighs: whether it was asked for, may not be added, or is more than a side remark."""

from __future__ import annotations

from collections.abc import Sequence

from ctxdebug.analysis.claims.values import ValueKind
from ctxdebug.analysis.sources.additions import is_full_name
from ctxdebug.analysis.sources.answer_part import AnswerPart
from ctxdebug.analysis.sources.claim import Difference
from ctxdebug.analysis.sources.contradicted import ON_TOPIC, SUPPORTS
from ctxdebug.analysis.sources.question import Asked, UserQuestion, is_worked_out
from ctxdebug.analysis.sources.reliance import Reliance
from ctxdebug.analysis.sources.thresholds import threshold

MEASURED = frozenset({"money", "percent", "quantity", "duration", "number", "URL", "e-mail address", "time of day"})
"""Kinds of values, by name, that a text has or has not."""
_FOREIGN = 0.3
"""Share of a claim that no text contains, from which a missing name or value is no side remark (set on WiCE, two thirds)."""
_SEVERAL = 3


def answers_in_words(part: AnswerPart, question: UserQuestion | None, reliance: Reliance) -> bool:
    """Whether a value in words is the one that was asked for, where answers must come from the given texts: `three hours before`."""
    asks = question is not None and question.asked in {Asked.NUMBER, Asked.DATE} and not is_worked_out(question.text)
    return asks and reliance is Reliance.GIVEN and part.kind in MEASURED - {ValueKind.NUMBER.value}


def is_relied_on(additions: Sequence[Difference], absent: Sequence[AnswerPart], reliance: Reliance) -> bool:
    """Whether a missing part is one that an answer may not add: a figure or a full name to records, any name to given texts alone."""
    if reliance is Reliance.FREE:
        return False
    if any(part.kind in MEASURED or part.kind == ValueKind.DATE.value for part in absent):
        return True
    return reliance is Reliance.GIVEN or any(is_full_name(one.claimed) for one in additions)


def is_sure(additions: Sequence[Difference], absent: Sequence[AnswerPart], window: float, foreign: float) -> bool:
    """Whether a missing part is more than a side remark, or than what the sources call by another word."""
    measured = any(part.kind in MEASURED or part.kind == ValueKind.DATE.value for part in absent)
    if not measured and all(one.start < threshold("subject_within") for one in additions):
        return False
    valued = any(any(map(str.isdigit, one.claimed)) for one in additions)
    if not valued and window < threshold("name_covered"):
        return False
    typed = window >= ON_TOPIC and any(part.kind in MEASURED for part in absent)
    return window >= SUPPORTS or foreign >= _FOREIGN or typed or len(additions) >= _SEVERAL

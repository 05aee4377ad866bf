"""What was examined for each question: the passes say it, and a verdict is earned by it.

A finding says that something does not hold. Only coverage says that everything else was looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING, TypeAlias

from ctxdebug.questions import Coverage, Question

if TYPE_CHECKING:
    from ctxdebug.analysis import Analysis

Measure: TypeAlias = "Callable[[Analysis], Coverage]"


def coverage(question: Question, analysis: Analysis) -> Coverage:
    """What was examined of an exchange for a question."""
    return _measures()[question](analysis)


@cache
def _measures() -> Mapping[Question, Measure]:
    from ctxdebug.engine.coverage import context, fallback, freedom, hierarchy

    return {**context.MEASURES, **hierarchy.MEASURES, **freedom.MEASURES, **fallback.MEASURES}

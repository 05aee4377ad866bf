"""Steps 4 and 5, the eval case and the fallback: what was examined for each of their questions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ctxdebug.engine.coverage.context import FAILED, NO_ANSWER, NO_SOURCES
from ctxdebug.engine.coverage.freedom import clauses
from ctxdebug.questions import Coverage, Question, nothing, unexamined

if TYPE_CHECKING:
    from ctxdebug.analysis import Analysis


def case_exists(analysis: Analysis) -> Coverage:  # noqa: ARG001 - one exchange does not tell; `inspect` looks it up
    """Return the folder of cases, which only commands know."""
    return unexamined("no folder of eval cases was looked through")


def abstained(analysis: Analysis) -> Coverage:
    """Return the answer, against what was there to answer from."""
    snapshot = analysis.snapshot
    if snapshot.error is not None:
        return unexamined(FAILED)
    if not analysis.answer.strip():
        return unexamined("the answer has no text" if snapshot.answer else NO_ANSWER)
    if not analysis.sourced.informed:
        return nothing(NO_SOURCES)
    hidden = analysis.sourced.hidden
    return unexamined(hidden) if hidden else Coverage(1, 1)


MEASURES = {
    Question.CASE_EXISTS: case_exists,
    Question.FALLBACK_DEFINED: clauses,
    Question.ABSTAINED_RIGHTLY: abstained,
}

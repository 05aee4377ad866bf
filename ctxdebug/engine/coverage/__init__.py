"""What was examined for each question: the passes say it, and a verdict is earned by it.

A finding says that something does not hold. Only coverage says that everything else was looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING, TypeAlias

from ctxdebug.model import UnseenKind
from ctxdebug.questions import Coverage, Question, unexamined

if TYPE_CHECKING:
    from ctxdebug.analysis import Analysis

Measure: TypeAlias = "Callable[[Analysis], Coverage]"

_CONTENT = frozenset({UnseenKind.CONVERSATION, UnseenKind.CACHE, UnseenKind.IDS, UnseenKind.REMOVED})
"""Kinds of what is not in the capture that may be anything at all."""
_RULES = _CONTENT | {UnseenKind.TEMPLATE, UnseenKind.NOT_LOGGED}
"""The same, and those that may be instructions: a log leaves out the system prompt, a server puts one together."""
_ABOUT_CALLS = frozenset({Question.TOOL_ARGUMENTS_VALID})
_HOLDING: Mapping[Question, frozenset[UnseenKind]] = {
    **dict.fromkeys((Question.SOURCES_AGREE, Question.NO_INJECTED_INSTRUCTIONS, Question.INJECTION_NOT_FOLLOWED), _CONTENT),
    **dict.fromkeys(
        (
            Question.NO_USER_OVERRIDE, Question.INSTRUCTIONS_CONSISTENT, Question.INSTRUCTIONS_PLACED,
            Question.INSTRUCTIONS_KEPT, Question.FORMAT_ENFORCED,
        ),
        _RULES,
    ),
}  # fmt: skip
"""What part of the prompt that is not in the capture could hold what a question is about: then it is not ok, nor not applicable."""


def coverage(question: Question, analysis: Analysis) -> Coverage:
    """Return what was examined of an exchange for a question."""
    whole = _measures()[question](analysis)
    snapshot = analysis.snapshot
    if whole.total == 0 and not snapshot.messages and question not in _ABOUT_CALLS:
        return unexamined("the request is not in the capture")
    kinds = _HOLDING.get(question, frozenset())
    missing = next((f"not in the capture: {one.what}" for one in snapshot.unseen if one.kind in kinds), None)
    if missing is None or missing in whole.unchecked:
        return whole
    if whole.total == 0:
        return unexamined(missing)
    return whole.but(missing) if whole.checked else whole


@cache
def _measures() -> Mapping[Question, Measure]:
    from ctxdebug.engine.coverage import context, fallback, freedom, hierarchy

    return {**context.MEASURES, **hierarchy.MEASURES, **freedom.MEASURES, **fallback.MEASURES}

"""The rules that a session is examined by: those that are about runs."""

from __future__ import annotations

from collections.abc import Iterable

from ctxdebug.engine.selection import Selection
from ctxdebug.questions import Question
from ctxdebug.records import replace
from ctxdebug.rules import Rule, catalogue

_OF_ONE_ANSWER = frozenset({
    Question.NO_INJECTED_INSTRUCTIONS, Question.INJECTION_NOT_FOLLOWED, Question.SOURCES_AGREE, Question.ANSWER_SUPPORTED,
    Question.FACTS_PRESENT, Question.ABSTAINED_RIGHTLY, Question.WELL_PLACED,
})  # fmt: skip
"""Questions about one answer and its sources, and about every word of untrusted text: `check` and `inspect` answer them."""


def of_runs(selection: Selection, own_rules: Iterable[Rule] = ()) -> Selection:
    """Return the rules that a session is examined by: those that were chosen, else all that are about runs."""
    if selection.select:
        return selection
    others = tuple(rule.code for rule in catalogue(own_rules).values() if rule.question in _OF_ONE_ANSWER)
    return replace(selection, ignore=(*selection.ignore, *others))

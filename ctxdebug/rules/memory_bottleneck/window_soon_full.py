"""At the present pace the conversation will not fit the window for long.

Each turn resends all that came before. The turn at which it overflows can be told in advance, and is better planned for than met.

## In short

Bad: the prompt grows by 9,000 tokens a turn, and 20,000 are left. Good: old turns are summarised from the fifth on. (Whole examples:
`fixtures/rules/MEM205`.)

## Fix

Plan what happens then: summarise old turns, drop stale tool results, or start a new conversation with the facts that still matter.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from ctxdebug.analysis import Analysis
from ctxdebug.model import Confidence, Hit, Need, NotChecked, Severity, value
from ctxdebug.questions import Question
from ctxdebug.records import replace
from ctxdebug.rules import rule

_SOON = 3
"""Turns."""
_FULL_ENOUGH = 0.5


@rule("MEM205", "window-soon-full", question=Question.PROMPT_ECONOMICAL, severity=Severity.NOTE, confidence=Confidence.MEDIUM,
      needs=(Need.SESSION,), tags=("OWASP:LLM10", "TRAIL:context-handling-failure"))  # fmt: skip
def check(analysis: Analysis) -> Iterator[Hit | NotChecked]:
    """Extend the growth of the last turns to the window's edge."""
    window = analysis.window
    if window is None:
        yield NotChecked(
            f"the window of {analysis.snapshot.model or 'the model'} is not known; set it with --window or in the configuration"
        )
        return
    turns = [turn for turn in (*analysis.earlier, analysis) if turn.snapshot.usage and turn.snapshot.usage.prompt]
    sizes = [turn.snapshot.usage.prompt or 0 for turn in turns if turn.snapshot.usage]
    growth = [later - earlier for earlier, later in pairwise(sizes)]
    if len(growth) < 2 or min(growth) <= 0 or window.guess or sizes[-1] < _FULL_ENOUGH * window.input_limit:
        return
    pace = sum(growth) / len(growth)
    left = window.free(sizes[-1], analysis.snapshot.settings.max_output or 0)
    ahead = left / pace
    if not 0 <= ahead < _SOON:
        return
    evidence = [
        replace(
            value(turn.snapshot.usage.pointer, f"prompt tokens: {turn.snapshot.usage.prompt:,}", "a turn"),
            snapshot=turn.snapshot,
        )
        for turn in turns[-3:]
        if turn.snapshot.usage
    ]
    yield Hit(
        f"the prompt grows by ~{pace:,.0f} tokens a turn, and {left:,} are free: it overflows in about {max(1, round(ahead))} turns",
        tuple(evidence),
        facts={"pace": round(pace), "left": left},
    )

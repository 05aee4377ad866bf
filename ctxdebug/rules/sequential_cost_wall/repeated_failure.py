"""The agent makes the same call with the same result over and over, and learns nothing new in between.

Each round costs a call of the model with the whole history, and its outcome is known before. Nothing in the context tells the model
that it has been here before, or what else to try.

## In short

Bad: `run_tests` fails with the same message four times, and nothing is changed in between. Good: it fails, a file is edited, it fails
with another message. (Whole examples: `fixtures/rules/CST107`.)

## Fix

Stop after the second identical result: have the harness say that the call was repeated and what it returned, or ask the user. Say in
the system prompt what to do when a step fails twice.

## Limits

A loop is the same tool, arguments and result, three times and more, with no message of the user and no call with an unseen result in
between. A tool that is called often with other arguments, or waits for something and is told so in other words each time, is none.
"""

from __future__ import annotations

from collections.abc import Iterator

from ctxdebug.analysis import Analysis
from ctxdebug.analysis.runs.thresholds import LOOP
from ctxdebug.analysis.runs.tool_calls import loops, shown, tool_uses
from ctxdebug.model import Hit, Severity
from ctxdebug.questions import Fallback, Question
from ctxdebug.rules import rule


@rule("CST107", "repeated-failure", question=Question.PROMPT_ECONOMICAL, fallback=Fallback.ESCALATE, severity=Severity.WARNING, explains=40,
      tags=("MAST:FM-1.3", "OWASP:LLM10", "ATLAS:AML.T0034"))  # fmt: skip
def check(analysis: Analysis) -> Iterator[Hit]:
    """Look for calls that are repeated with the same result while nothing new is learnt."""
    messages = analysis.snapshot.messages
    for group in loops(messages, tool_uses(messages), LOOP):
        first, last = group.uses[0], group.uses[-1]
        what = "failed the same way" if first.failed else "returned the same"
        yield Hit(
            f"{first.title} was called {group.times} times in a row of calls that brought nothing new, and {what} each time",
            (shown(analysis, first, "the first time"), shown(analysis, last, f"time {group.times}, the same result")),
            facts={"tool": first.call.name, "times": group.times, "failed": first.failed},
            subject=f"{first.key} {first.segment.id}",
        )

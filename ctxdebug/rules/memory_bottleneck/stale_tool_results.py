"""Old tool results fill the prompt, and nothing refers to them any more.

An agent that resends every file it ever read pays for them at every step, and the one that matters drowns among them.

## In short

Bad: step thirty still carries the eleven files of steps one to twelve, four times read since. Good: old results are replaced by a line that says
what they were. (Whole examples: `fixtures/rules/MEM206`.)

## Fix

Replace a tool result by a short note once it has been used, or when the same file is read again. Some providers do it for you (context
editing); say so in the prompt, and let the model read again.
"""

from __future__ import annotations

from collections.abc import Iterator

from ctxdebug.analysis import Analysis
from ctxdebug.analysis.budget.stale_results import stale_results
from ctxdebug.analysis.runs.tool_calls import reread_segments
from ctxdebug.model import Confidence, Hit, Repair, RepairKind, Severity, whole
from ctxdebug.questions import Question
from ctxdebug.rules import rule

_LEAST_TOKENS = 4000
_LEAST_SHARE = 0.4


@rule("MEM206", "stale-tool-results", question=Question.PROMPT_ECONOMICAL, severity=Severity.NOTE, confidence=Confidence.MEDIUM, explains=8,
      tags=("BREUNIG:distraction", "OWASP:LLM10"))  # fmt: skip
def check(analysis: Analysis) -> Iterator[Hit]:
    """Add up the results that were superseded by a later call with the same arguments."""
    read_again = reread_segments(analysis)
    stale = [segment for segment in stale_results(analysis.snapshot) if segment.id not in read_again]
    tokens = sum(analysis.prompt.segments[segment.id].value for segment in stale)
    if tokens < _LEAST_TOKENS or tokens < _LEAST_SHARE * analysis.prompt.total.value:
        return
    largest = sorted(stale, key=lambda segment: -analysis.prompt.segments[segment.id].value)
    yield Hit(
        f"{len(stale)} tool results (~{tokens:,} tokens) were superseded by a later call with the same arguments",
        tuple(whole(segment, "an older result") for segment in largest[:3]),
        facts={"results": len(stale), "tokens": tokens},
    )


@check.repairs
def repairs(_: Hit, analysis: Analysis) -> Iterator[Repair]:
    """Keep the calls in pairs, and clear what a later result replaced."""
    ids = tuple(segment.id for segment in stale_results(analysis.snapshot))
    yield Repair(
        "Clear the results that a later call replaced", RepairKind.REPLACE_TEXT, "[replaced by a later result]", ids
    )

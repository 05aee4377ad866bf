"""A summary took the place of earlier turns, and a standing instruction that it left out is nowhere any more.

Summarising is how long conversations survive. But a summary keeps what its writer found important: instructions that were
given once go first, and nobody is told. Facts that are lost the same way are MEM110.

## Bad

    system: You are the travel desk's assistant.
    user: From now on, always answer in at most two sentences. I travel in the morning.
    assistant: Noted, in the morning and in two sentences.
    user: Which train goes to Vienna in the morning?
    assistant: The 07:12 from platform four goes to Vienna without a change.
    === next turn ===
    system: You are the travel desk's assistant.
    user: Summary of the previous conversation: the customer is planning a journey by rail to the Austrian capital and was given a train.
    assistant: The 07:12 from platform four goes to Vienna without a change.
    user: Which hotel can I afford there?

## Good

    system: You are the travel desk's assistant.
    user: From now on, always answer in at most two sentences. I travel in the morning.
    assistant: Noted, in the morning and in two sentences.
    user: Which train goes to Vienna in the morning?
    assistant: The 07:12 from platform four goes to Vienna without a change.
    === next turn ===
    system: You are the travel desk's assistant.
    user: Summary of the previous conversation: from now on, always answer in at most two sentences. The customer travels to Vienna \
in the morning.
    assistant: The 07:12 from platform four goes to Vienna without a change.
    user: Which hotel can I afford there?

## Fix

Carry standing instructions over word for word, outside the summary, and check the summary against what it replaces before
the old turns go.

## Limits

Words are compared, not meanings: an instruction that the summary says in quite other words is reported as lost.
"""

from __future__ import annotations

from collections.abc import Iterator

from ctxdebug.analysis import Analysis
from ctxdebug.analysis.freedom.prompt_clauses import instructed
from ctxdebug.model import Confidence, Hit, Need, Repair, Severity
from ctxdebug.questions import Fallback, Question
from ctxdebug.rules import rule
from ctxdebug.rules.lost_context import lost_in_summary
from ctxdebug.rules.repairs import add_instruction


@rule(
    "MEM106",
    "constraint-lost-in-compaction",
    question=Question.INSTRUCTIONS_PLACED,
    fallback=Fallback.RETRIEVE,
    severity=Severity.WARNING,
    confidence=Confidence.MEDIUM,
    explains=65,
    needs=(Need.SESSION,),
    tags=("MAST:FM-1.4", "TRAIL:context-handling-failure"),
)
def check(analysis: Analysis) -> Iterator[Hit]:
    """Hold the instructions of the dropped turns against the new context."""
    yield from lost_in_summary(analysis, {"rule": "an instruction, before"}, "standing instruction")


@check.repairs
def repairs(hit: Hit, analysis: Analysis) -> Iterator[Repair]:
    """Say the lost instructions again."""
    texts = [shown.quote.strip() for shown in hit.evidence if shown.snapshot is not None]
    yield from add_instruction("Repeat the instructions that the summary lost", "\n".join(texts), instructed(analysis))

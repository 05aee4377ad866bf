"""A summary took the place of earlier turns, and facts or used results that it left out are nowhere any more.

Numbers, names and dates that were settled, and results that a later step builds on, are short and easily left out of a
summary. The model then asks again, or makes them up.

## Bad

    system: You are the travel desk's assistant.
    user: My budget for the hotel is 740 EUR and the booking number is KX4471, please keep both in mind.
    assistant: Noted, 740 EUR for booking KX4471.
    user: Which train goes to Vienna in the morning?
    assistant: The 07:12 from platform four goes to Vienna without a change.
    === next turn ===
    system: You are the travel desk's assistant.
    user: Summary of the previous conversation: the customer is planning a journey by rail to the Austrian capital and was given a train.
    assistant: The 07:12 from platform four goes to Vienna without a change.
    user: Which hotel can I afford there?

## Good

    system: You are the travel desk's assistant.
    user: My budget for the hotel is 740 EUR and the booking number is KX4471, please keep both in mind.
    assistant: Noted, 740 EUR for booking KX4471.
    user: Which train goes to Vienna in the morning?
    assistant: The 07:12 from platform four goes to Vienna without a change.
    === next turn ===
    system: You are the travel desk's assistant.
    user: Summary of the previous conversation: the budget for the hotel is 740 EUR, the booking number is KX4471. The customer \
travels to Vienna in the morning.
    assistant: The 07:12 from platform four goes to Vienna without a change.
    user: Which hotel can I afford there?

## Fix

Have the summary list names, numbers, decisions and open tasks first, and check it against what it replaces before the old
turns go.

## Limits

Values are compared as they are written, however they are punctuated; a value in words is not found.
"""

from __future__ import annotations

from collections.abc import Iterator

from ctxdebug.analysis import Analysis
from ctxdebug.model import Confidence, Hit, Need, Repair, Severity
from ctxdebug.questions import Fallback, Question
from ctxdebug.rules import rule
from ctxdebug.rules.lost_context import lost_in_summary
from ctxdebug.rules.repairs import put_back

_NOTES = {"fact": "a fact of the user's, before", "result": "a tool result that the model used, before"}


@rule(
    "MEM110",
    "compaction-lost-fact",
    question=Question.HISTORY_SENT,
    fallback=Fallback.RETRIEVE,
    severity=Severity.NOTE,
    confidence=Confidence.MEDIUM,
    explains=45,
    needs=(Need.SESSION,),
    tags=("MAST:FM-1.4", "TRAIL:context-handling-failure"),
)
def check(analysis: Analysis) -> Iterator[Hit]:
    """Hold the user's values and the used results of the dropped turns against the new context."""
    yield from lost_in_summary(analysis, _NOTES, "value", "that {were} settled before ")


@check.repairs
def repairs(hit: Hit, analysis: Analysis) -> Iterator[Repair]:
    """Send the messages again that held the lost values."""
    gone = [shown.segment for shown in hit.evidence if shown.snapshot is not None and shown.segment is not None]
    if analysis.history is not None:
        yield from put_back(
            "Send the messages with the lost values again", gone, analysis.history.before.snapshot, analysis
        )

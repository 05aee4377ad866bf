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
from dataclasses import replace

from ctxdebug.analysis import Analysis
from ctxdebug.model import Confidence, Hit, Need, Repair, Severity, quote, whole
from ctxdebug.questions import Fallback, Question
from ctxdebug.rules import rule
from ctxdebug.rules.repairs import put_back
from ctxdebug.text.plural import plural

_SHOWN = 5
_WORDS = {"fact": "fact of the user's", "result": "tool result that the model used"}


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
    from ctxdebug.analysis.turns.compaction import compaction

    found = compaction(analysis)
    if found is None or analysis.history is None:
        return
    lost = [one for one in found.lost if one.what in _WORDS]
    if not lost:
        return
    before = analysis.history.before.snapshot
    evidence = [
        replace(quote(one.segment, one.start, one.end, f"a {_WORDS[one.what]}, before"), snapshot=before)
        for one in lost[:_SHOWN]
    ]
    yield Hit(
        f"a summary replaced {plural(len(found.dropped), 'segment')}, and {plural(len(lost), 'value')} that "
        f"{'was' if len(lost) == 1 else 'were'} settled before cannot be read in the context any more",
        (*evidence, whole(found.summary, "the summary")),
        facts={
            "lost": [{"what": one.what, "text": one.text[:200]} for one in lost[:40]],
            "dropped": len(found.dropped),
        },
    )


@check.repairs
def repairs(hit: Hit, analysis: Analysis) -> Iterator[Repair]:
    """Send the messages again that held the lost values."""
    gone = [shown.segment for shown in hit.evidence if shown.snapshot is not None and shown.segment is not None]
    if analysis.history is not None:
        yield from put_back(
            "Send the messages with the lost values again", gone, analysis.history.before.snapshot, analysis
        )

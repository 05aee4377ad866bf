"""A summary took the place of earlier turns, and what it left out is nowhere any more.

Summarising is how long conversations survive. But a summary keeps what its writer found important: rules that the user gave
once, numbers and names that were settled, results that a later step builds on go first, and nobody is told.

## Bad (also LRC207)

    system: You are the travel desk's assistant.
    user: From now on, always answer in at most two sentences. My budget is 740 EUR and the booking number is KX4471.
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
    user: From now on, always answer in at most two sentences. My budget is 740 EUR and the booking number is KX4471.
    assistant: Noted, 740 EUR for booking KX4471.
    user: Which train goes to Vienna in the morning?
    assistant: The 07:12 from platform four goes to Vienna without a change.
    === next turn ===
    system: You are the travel desk's assistant.
    user: Summary of the previous conversation: from now on, always answer in at most two sentences. The budget is 740 EUR, the \
booking number is KX4471. The customer travels to Vienna in the morning.
    assistant: The 07:12 from platform four goes to Vienna without a change.
    user: Which hotel can I afford there?

## Fix

Carry standing rules over word for word, outside the summary. Have the summary list names, numbers, decisions and open tasks
first, and check it against what it replaces before the old turns go.

## Limits

Words are compared, not meanings: a rule that the summary says in quite other words is told as lost.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from ctxdebug.analysis import Analysis
from ctxdebug.model import Confidence, Hit, Need, Severity, quote, whole
from ctxdebug.questions import Fallback, Question
from ctxdebug.rules import rule

if TYPE_CHECKING:
    from ctxdebug.analysis.turns.compaction import Lost

_SHOWN = 5
_WORDS = {
    "rule": ("rule", "rules"),
    "fact": ("fact of the user's", "facts of the user's"),
    "result": ("used result", "used results"),
}


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
    """Hold the rules, facts and used results of the dropped turns against the new context."""
    from ctxdebug.analysis.turns.compaction import compaction

    found = compaction(analysis)
    if found is None or not found.lost or analysis.history is None:
        return
    order = {"rule": 0, "fact": 1, "result": 2}
    lost = sorted(found.lost, key=lambda one: order[one.what])
    before = analysis.history.before.snapshot
    evidence = [
        replace(quote(one.segment, one.start, one.end, f"a {_WORDS[one.what][0]}, before"), snapshot=before)
        for one in lost[:_SHOWN]
    ]
    yield Hit(
        f"a summary replaced {len(found.dropped)} segment{'s' if len(found.dropped) > 1 else ''}, "
        f"and {_counted(lost)} cannot be read in the context any more",
        (*evidence, whole(found.summary, "the summary")),
        severity=None if any(one.what == "rule" for one in lost) else Severity.NOTE,
        facts={
            "lost": [{"what": one.what, "text": one.text[:200]} for one in lost[:40]],
            "dropped": len(found.dropped),
        },
    )


def _counted(lost: list[Lost]) -> str:
    kinds = [one.what for one in lost]
    parts = [f"{kinds.count(what)} {words[kinds.count(what) > 1]}" for what, words in _WORDS.items() if what in kinds]
    return " and ".join(parts) if len(parts) < 3 else f"{parts[0]}, {parts[1]} and {parts[2]}"

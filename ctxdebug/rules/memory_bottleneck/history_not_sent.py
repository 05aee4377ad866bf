"""The user points back at an answer, and the request contains nothing to point at.

"Tell me more about the second one" means nothing without the list. A request that holds only the newest message makes every
follow-up a first question: the model guesses, or asks what is meant.

## Bad

    system: You help product teams to read feedback. F-101 logouts, F-102 umlauts, F-103 invoices, F-104 push at night.
    user: What are the three most urgent problems?
    assistant: 1. Logouts. 2. Push messages at night. 3. Umlauts in the export.
    === next turn ===
    system: You help product teams to read feedback. F-101 logouts, F-102 umlauts, F-103 invoices, F-104 push at night.
    user: Tell me more about the second one.

## Good

    system: You help product teams to read feedback. F-101 logouts, F-102 umlauts, F-103 invoices, F-104 push at night.
    user: What are the three most urgent problems?
    assistant: 1. Logouts. 2. Push messages at night. 3. Umlauts in the export.
    === next turn ===
    system: You help product teams to read feedback. F-101 logouts, F-102 umlauts, F-103 invoices, F-104 push at night.
    user: What are the three most urgent problems?
    assistant: 1. Logouts. 2. Push messages at night. 3. Umlauts in the export.
    user: Tell me more about the second one.

## Good

    system: You help product teams to read feedback. F-101 logouts, F-102 umlauts, F-103 invoices, F-104 push at night.
    user: What are the three most urgent problems?
    assistant: 1. Logouts. 2. Push messages at night. 3. Umlauts in the export.
    === next turn ===
    system: You help product teams to read feedback. F-101 logouts, F-102 umlauts, F-103 invoices, F-104 push at night.
    user: Which problems does the Android app have?

## Fix

Send the earlier turns with each request: the whole conversation, or a window of it with a summary of the rest. Where the
provider keeps the conversation, send its id.
"""

from __future__ import annotations

from collections.abc import Iterator

from ctxdebug.analysis import Analysis
from ctxdebug.analysis.message_shape.call_pairs import kept_on_server
from ctxdebug.analysis.turns.shape import unanchored
from ctxdebug.model import Confidence, Hit, NotChecked, Repair, Role, Severity, quote
from ctxdebug.questions import Fallback, Question
from ctxdebug.rules import rule
from ctxdebug.rules.lost_context import earlier_turn
from ctxdebug.rules.repairs import put_back


@rule(
    "MEM109",
    "history-not-sent",
    question=Question.HISTORY_SENT,
    fallback=Fallback.RETRIEVE,
    severity=Severity.WARNING,
    confidence=Confidence.MEDIUM,
    explains=60,
    tags=("MAST:FM-1.4", "TRAIL:context-handling-failure"),
)
def check(analysis: Analysis) -> Iterator[Hit | NotChecked]:
    """Look for a message that points back where no answer of the model is in the request."""
    elsewhere = kept_on_server(analysis.snapshot)
    if elsewhere is not None:
        yield NotChecked(elsewhere)
        return
    found = unanchored(analysis)
    if found is None:
        return
    evidence = [quote(found.message, found.start, found.end, "points back at an answer")]
    if found.answer is not None:
        note = "the answer of the turn before, which is not sent"
        evidence += earlier_turn([found.answer], note, analysis.earlier[-1].snapshot)
    yield Hit(
        "the user points back at an earlier answer, and the request contains none",
        tuple(evidence),
        severity=None if found.answer is not None else Severity.NOTE,
    )


@check.repairs
def repairs(_: Hit, analysis: Analysis) -> Iterator[Repair]:
    """Send the turn before, where it is known."""
    found = unanchored(analysis)
    if found is not None and found.answer is not None:
        before = analysis.earlier[-1].snapshot
        said = [*(s for s in before.segments() if s.role is Role.USER), found.answer]
        yield from put_back("Send the turn before too", said, before, analysis)

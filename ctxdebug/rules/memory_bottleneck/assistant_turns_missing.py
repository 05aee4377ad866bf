"""The user's messages are sent again, and the model's own answers are not.

A model has no memory: what it answered is known to it only where the next request contains it. Without its answers it sees a
row of questions, answers them all again, contradicts itself, and cannot know what "it" is.

## Bad

    system: You are the clinic's booking assistant.
    user: Which days are free next week for an appointment with Doctor Haas?
    assistant: Tuesday at nine and Thursday at four are free.
    === next turn ===
    system: You are the clinic's booking assistant.
    user: Which days are free next week for an appointment with Doctor Haas?
    user: The earlier one, please.

## Good

    system: You are the clinic's booking assistant.
    user: Which days are free next week for an appointment with Doctor Haas?
    assistant: Tuesday at nine and Thursday at four are free.
    === next turn ===
    system: You are the clinic's booking assistant.
    user: Which days are free next week for an appointment with Doctor Haas?
    assistant: Tuesday at nine and Thursday at four are free.
    user: The earlier one, please.

## Fix

Append the model's answer to the message list before the user's next message, or send the id of the previous response where
the provider keeps the conversation.
"""

from __future__ import annotations

from collections.abc import Iterator

from ctxdebug.analysis import Analysis
from ctxdebug.analysis.message_shape.call_pairs import kept_on_server
from ctxdebug.analysis.turns.shape import answers_missing
from ctxdebug.model import Hit, Need, NotChecked, Repair, Severity, whole
from ctxdebug.questions import Fallback, Question
from ctxdebug.rules import rule
from ctxdebug.rules.lost_context import earlier_turn
from ctxdebug.rules.repairs import put_back


@rule(
    "MEM108",
    "assistant-turns-missing",
    question=Question.HISTORY_SENT,
    fallback=Fallback.RETRIEVE,
    severity=Severity.WARNING,
    explains=55,
    needs=(Need.SESSION,),
    tags=("MAST:FM-1.4", "TRAIL:context-handling-failure"),
)
def check(analysis: Analysis) -> Iterator[Hit | NotChecked]:
    """Look for the last answer where the request repeats the last question."""
    elsewhere = kept_on_server(analysis.snapshot)
    if elsewhere is not None:
        yield NotChecked(elsewhere)
        return
    answer = answers_missing(analysis)
    if answer is None:
        return
    asked = analysis.question
    note = "what the model answered at the last turn; not in this request"
    evidence = earlier_turn([answer], note, analysis.earlier[-1].snapshot)
    if asked is not None:
        evidence.append(whole(asked, "the user goes on from it"))
    yield Hit("the user's messages are sent again, and the model's answers are not", tuple(evidence))


@check.repairs
def repairs(_: Hit, analysis: Analysis) -> Iterator[Repair]:
    """Send the missing answer before the question."""
    answer = answers_missing(analysis)
    if answer is not None:
        yield from put_back("Send the model's answers too", [answer], analysis.earlier[-1].snapshot, analysis)

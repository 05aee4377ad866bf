"""An LLM judge says that two instructions of different authority cannot both be followed.

"Translate what the user writes" against "solve the task below": nothing in the words clashes, the tasks do. A judge can tell.

## In short

Bad: the system prompt says to correct the grammar of every message, and the user asks to have the message answered. Good: both ask for
the same. (Whole examples: `fixtures/rules/LRC209`; they need a judge.)

## Fix

State which task has priority, and what to do with a message that asks for another.
"""

from __future__ import annotations

from collections.abc import Iterator

from ctxdebug.analysis import Analysis
from ctxdebug.model import Authority, Confidence, Hit, Need, NotChecked, Severity, quote, whole
from ctxdebug.questions import Question
from ctxdebug.rules import rule

_MOST = 4


@rule("LRC209", "judged-task-conflict", question=Question.INSTRUCTIONS_CONSISTENT, severity=Severity.NOTE, confidence=Confidence.MEDIUM,
      needs=(Need.JUDGE,), explains=30, tags=("BREUNIG:clash", "MAST:FM-1.1"))  # fmt: skip
def check(analysis: Analysis) -> Iterator[Hit | NotChecked]:
    """Ask whether the developer's instructions and the user's last request can both be followed."""
    judge, question = analysis.options.judge, analysis.question
    if judge is None or question is None:
        return
    rules = [entry for entry in analysis.constraints.binding if entry.authority >= Authority.DEVELOPER]
    unusable = 0
    for entry in [entry for entry in rules if entry.constraint.type == "untyped"][:_MOST]:
        judgement = judge(
            "Is it impossible to follow both the instruction and the request?",
            [("instruction", entry.constraint.text), ("request", question.text[:2000])],
        )
        unusable += judgement.answer is None
        if judgement.answer:
            yield Hit(
                f"an LLM judge says that the request and an instruction cannot both be followed: {judgement.why}",
                (
                    quote(entry.segment, entry.constraint.start, entry.constraint.end, "the rule"),
                    whole(question, "the request"),
                ),
            )
    if unusable:
        yield NotChecked(f"{unusable} of the LLM judge's replies could not be used")

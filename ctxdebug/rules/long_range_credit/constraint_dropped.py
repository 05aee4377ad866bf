"""A standing instruction of the last turn is no longer in the context.

Trimming took it away. From here on the model cannot keep it, however well it is meant. What a summary lost is MEM106.

## Bad (also MEM104)

    system: You plan the week for a nursing home.
    user: From now on, always answer in at most three sentences. Who has the early shift on Monday?
    assistant: Amir and Jelena have the early shift on Monday.
    user: And the late one on Tuesday?
    assistant: Tuesday's late shift is Ruben's.
    === next turn ===
    system: You plan the week for a nursing home.
    user: And the late one on Tuesday?
    assistant: Tuesday's late shift is Ruben's.
    user: Who can stand in for him?

## Good

    system: You plan the week for a nursing home.
    user: From now on, always answer in at most three sentences. Who has the early shift on Monday?
    assistant: Amir and Jelena have the early shift on Monday.
    === next turn ===
    system: You plan the week for a nursing home.
    user: From now on, always answer in at most three sentences. Who has the early shift on Monday?
    assistant: Amir and Jelena have the early shift on Monday.
    user: And the late one on Tuesday?

## Fix

Pin standing rules: keep them in the system message, or have the step that trims and summarises carry them over word for word.
"""

from __future__ import annotations

from collections.abc import Iterator

from ctxdebug.analysis import Analysis
from ctxdebug.analysis.constraints.drift import typed
from ctxdebug.analysis.constraints.entry import Status
from ctxdebug.analysis.freedom.prompt_clauses import instructed
from ctxdebug.model import Confidence, Hit, Need, Repair, Severity, quote
from ctxdebug.questions import Fallback, Question
from ctxdebug.records import replace
from ctxdebug.rules import rule
from ctxdebug.rules.repairs import add_instruction


@rule(
    "LRC207",
    "constraint-dropped",
    question=Question.INSTRUCTIONS_PLACED,
    fallback=Fallback.RETRIEVE,
    severity=Severity.ERROR,
    confidence=Confidence.MEDIUM,
    explains=60,
    needs=(Need.SESSION,),
    tags=("MAST:FM-1.4", "TRAIL:context-handling-failure"),
)
def check(analysis: Analysis) -> Iterator[Hit]:
    """Report typed constraints that the last turn's context held and this one's does not."""
    history = analysis.history
    if history is None or history.summary is not None:
        return
    gone = [entry for entry in typed(analysis.constraints.entries) if entry.status is Status.DROPPED]
    for entry in gone:
        constraint = entry.constraint
        words = quote(entry.segment, constraint.start, constraint.end, "was in the last turn's context")
        yield Hit(
            f"a standing instruction of the last turn is gone: {constraint.text.strip()[:80]!r}",
            (replace(words, snapshot=history.before.snapshot),),
            facts={"type": constraint.type, "lost_instructions": 1},
        )


@check.repairs
def repairs(hit: Hit, analysis: Analysis) -> Iterator[Repair]:
    """Say it again."""
    yield from add_instruction("State the instruction again", hit.evidence[0].quote.strip(), instructed(analysis))

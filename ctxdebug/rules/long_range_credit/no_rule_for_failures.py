"""A tool failed, and the prompt does not say what to do then.

The model may try again without end, or answer as if the call had worked.

## Fix

Say what to do when a call fails: how often to try again, what to tell the user, and that nothing may be invented instead.
"""

from __future__ import annotations

from collections.abc import Iterator

from ctxdebug.analysis import Analysis
from ctxdebug.analysis.freedom.prompt_clauses import authored, says, unread
from ctxdebug.model import Confidence, Hit, Kind, NotChecked, Repair, Severity, quote, whole
from ctxdebug.questions import Fallback, Question
from ctxdebug.rules import rule
from ctxdebug.rules.repairs import add_instruction


@rule(
    "LRC503",
    "no-rule-for-failures",
    question=Question.FALLBACK_DEFINED,
    fallback=Fallback.ESCALATE,
    severity=Severity.NOTE,
    confidence=Confidence.MEDIUM,
    explains=10,
    tags=("MAST:FM-2.2",),
)
def check(analysis: Analysis) -> Iterator[Hit | NotChecked]:
    """Where the last results of a turn are errors, look for a word about failures in the rules."""
    rules = authored(analysis)
    results = [s for s in analysis.segments if s.kind is Kind.TOOL_RESULT]
    if rules is None or not results or not results[-1].is_error or _tries_again(analysis) or says(analysis, "failure"):
        return
    reason = unread(analysis)
    if reason is not None:
        yield NotChecked(reason)
        return
    last = results[-1]
    yield Hit(
        f"{last.tool or 'a tool'} failed, and nothing says what to do then",
        (quote(last, 0, min(len(last.text), 300), "the failure"), whole(rules, "the instructions, which do not say")),
        facts={"failed": sum(s.is_error for s in results)},
    )


def _tries_again(analysis: Analysis) -> bool:
    return any(s.kind is Kind.TOOL_CALL for s in analysis.snapshot.answer_segments())


@check.repairs
def repairs(hit: Hit, _: Analysis) -> Iterator[Repair]:
    """Add the missing sentence to the rules."""
    text = "If a tool fails, say so and do not guess its result."
    yield from add_instruction("Say what to do when a tool fails", text, hit.evidence[1].segment)

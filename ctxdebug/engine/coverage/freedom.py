"""Step 3, degrees of freedom: what was examined for each of its questions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ctxdebug.analysis.freedom.prompt_clauses import documents, enforced, instructed, strict_format, unread
from ctxdebug.engine.coverage.context import NO_ANSWER, answered
from ctxdebug.questions import Coverage, Question, counted, nothing, unexamined

if TYPE_CHECKING:
    from ctxdebug.analysis import Analysis
    from ctxdebug.model import ToolCall


def format_enforced(analysis: Analysis) -> Coverage:
    """Return the format that the prompt demands, and the settings that enforce one.

    A demand that no setting enforces is never ok; where no rule reports it, it is left open.
    """
    if enforced(analysis) or analysis.snapshot.settings.response_format is not None:
        return Coverage(1, 1)
    entry = strict_format(analysis)
    if entry is None:
        reason = unread(analysis)
        return unexamined(reason) if reason else nothing("no format for a program is required")
    kind = entry.constraint.type.partition(".")[2]
    name = "one of several answers" if kind == "choice" else kind.upper()
    return unexamined(f"{name} is asked for in words, and no setting of the request enforces it")


def clauses(analysis: Analysis) -> Coverage:
    """Return the prompt's rules, read for what they say of the documents."""
    if not documents(analysis):
        return nothing("too little was retrieved for the prompt to need rules about it")
    if instructed(analysis) is None:
        return unexamined("no rules are in the capture")
    reason = unread(analysis)
    return unexamined(reason) if reason else Coverage(1, 1)


def arguments(analysis: Analysis) -> Coverage:
    """Every call that the model made, against the declaration of its tool."""
    snapshot = analysis.snapshot
    calls = [part.call for part in (*analysis.segments, *snapshot.answer_segments()) if part.call is not None]
    if not calls:
        return nothing("no tool was called")
    declared = {tool.name for tool in snapshot.tools if tool.schema is not None}
    made = counted(_unread(call, declared) for call in calls)
    return made if answered(snapshot) else made.but(NO_ANSWER)


def _unread(call: ToolCall, declared: set[str]) -> str | None:
    if call.error is not None or call.name in declared:
        return None
    return "its tool's declaration is not in the capture"


MEASURES = {
    Question.FORMAT_ENFORCED: format_enforced,
    Question.CITATIONS_REQUIRED: clauses,
    Question.UNSUPPORTED_CLAIMS_DISALLOWED: clauses,
    Question.TOOL_ARGUMENTS_VALID: arguments,
}

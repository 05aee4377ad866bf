"""Whether an answer keeps the entries of the ledger: what of it is the answer, and what can be checked at all."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ctxdebug.analysis.constraints import verify
from ctxdebug.analysis.constraints.compliance_outcome import Answer, Compliance, unchecked
from ctxdebug.model import FinishReason, Kind
from ctxdebug.text.patterns import lazy

if TYPE_CHECKING:
    from ctxdebug.analysis import Analysis
    from ctxdebug.analysis.constraints import Constraint
    from ctxdebug.analysis.constraints.entry import Entry
    from ctxdebug.model import ToolCall


def answer_of(analysis: Analysis) -> Answer | None:
    """The answer to check, with the calls of its turn; None when there is none to judge."""
    snapshot = analysis.snapshot
    if not snapshot.has_response or snapshot.error is not None:
        return None
    choices = snapshot.parameters.get("n")
    messages = snapshot.answer[:1] if isinstance(choices, int) and choices > 1 else snapshot.answer
    segments = [segment for message in messages for segment in message.segments]
    text = "\n".join(segment.text for segment in segments if segment.kind is Kind.TEXT)
    if _ACTS.search(text) and _FINAL not in text:
        return None
    question = analysis.question.text if analysis.question else ""
    last = tuple(s.call for s in segments if s.call is not None and s.kind is Kind.TOOL_CALL)
    return Answer(_final(text), _calls(analysis), question, last)


_FINAL = "Final Answer:"
_ACTS = lazy(r"^Action:[^\n]{1,200}\n+Action Input:", re.MULTILINE)
"""A step of ReAct that calls a tool in words: the turn goes on, and there is no answer yet."""


_THOUGHT = lazy(r"\s*<(think|thinking|reasoning|scratchpad|analysis|reflection)>.{0,50000}?</\1>", re.DOTALL)


def _final(text: str) -> str:
    """The final answer of a model that thinks aloud (in tags, or as ReAct does), or the whole text."""
    thought = _THOUGHT.match(text)
    text = text[thought.end() :] if thought else text
    before, mark, after = text.rpartition(_FINAL)
    return after if mark and (not before.strip() or before.endswith("\n")) else text


def _calls(analysis: Analysis) -> tuple[ToolCall, ...]:
    """The tool calls since the user last spoke."""
    asked = analysis.question
    index = int(asked.id[1:].partition(".")[0]) if asked else -1
    segments = [s for m in analysis.snapshot.messages if m.index > index for s in m.segments]
    segments += list(analysis.snapshot.answer_segments())
    return tuple(s.call for s in segments if s.call is not None and s.kind is Kind.TOOL_CALL)


_CUT = frozenset(
    {
        FinishReason.LENGTH,
        FinishReason.WINDOW,
        FinishReason.ABORTED,
        FinishReason.ERROR,
        FinishReason.FILTER,
        FinishReason.PAUSE,
    }
)


def answer_text(analysis: Analysis) -> str | None:
    """The words of a whole answer; None when it was cut, or when the model only called tools."""
    finish = analysis.snapshot.finish
    answer = answer_of(analysis)
    if answer is None or not answer.stripped or (finish is not None and finish.reason in _CUT):
        return None
    if any(s.kind is Kind.TOOL_CALL for s in analysis.snapshot.answer_segments()):
        return None
    return answer.stripped


def verdict_on(analysis: Analysis, entry: Entry, answer: Answer) -> Compliance:
    """Check an answer against one entry of the ledger, where it binds and can be checked."""
    if not entry.binding:
        return unchecked(f"it does not bind the answer: {entry.status.value}")
    constraint = entry.constraint
    finish = analysis.snapshot.finish
    if finish is not None and finish.reason in _CUT:
        return unchecked(f"the answer is not whole ({finish.captured})")
    structured = analysis.snapshot.settings.response_format is not None and answer.stripped[:1] in {"{", "["}
    structured = structured or answer.stripped.startswith("[[ ##")
    if structured and constraint.family not in {"tools", "format", "language"}:
        return unchecked("the answer is structured, and the rule may be about one of its fields")
    if constraint.family == "tools":
        reason = _no_tool(analysis, constraint, answer)
        if reason:
            return unchecked(reason)
    return verify(constraint, answer)


def _no_tool(analysis: Analysis, constraint: Constraint, answer: Answer) -> str | None:
    """Why a demand for tools cannot be checked yet, or here."""
    from ctxdebug.analysis.constraints.checks.actions import same_tool

    if constraint.type != "tools.require":
        return None
    if not answer.stripped:
        return "the turn is not over: the model called tools and did not answer yet"
    declared = [tool.name for tool in analysis.snapshot.tools]
    wanted = constraint.params.get("tool")
    if not declared:
        return "no tool is declared"
    if wanted is not None and not any(same_tool(wanted, name) for name in declared):
        return f"no tool {wanted!r} is declared"
    return None

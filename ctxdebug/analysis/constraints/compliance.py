"""Whether an answer keeps the entries of the register: what of it is the answer, and what can be checked at all."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ctxdebug.analysis.constraints import verify
from ctxdebug.analysis.constraints.compliance_outcome import Answer, Compliance, Outcome, unchecked
from ctxdebug.model import Authority, FinishReason, Kind
from ctxdebug.records import replace
from ctxdebug.text.patterns import lazy
from ctxdebug.text.recall import by_text
from ctxdebug.text.wordings import wording

if TYPE_CHECKING:
    from ctxdebug.analysis import Analysis
    from ctxdebug.analysis.constraints import Constraint
    from ctxdebug.analysis.constraints.entry import Entry
    from ctxdebug.model import Snapshot, ToolCall


def answer_of(analysis: Analysis) -> Answer | None:
    """Return the answer to check, with the calls of its turn; None when there is none to judge."""
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
    asked = int(analysis.question.id[1:].partition(".")[0]) if analysis.question else -1
    at = _final(text)
    body = text[at:]
    if at and _OPENED.match(text) and _CLOSED.search(body):
        body = _CLOSED.sub("", body)
    return Answer(body, calls_after(analysis, asked), question, last, at)


_FINAL = "Final Answer:"
_ACTS = lazy(r"^Action:[^\n]{1,200}\n+Action Input:", re.MULTILINE)
"""A step of ReAct that calls a tool in words: the turn goes on, and there is no answer yet."""


_THOUGHT = lazy(r"\s*<(think|thinking|reasoning|scratchpad|analysis|reflection)>.{0,50000}?</\1>", re.DOTALL)


_OPENED = lazy(r"\s*```\w*[ \t]*\n")
_CLOSED = lazy(r"\n?```\s*$")
"""A fence around the thinking and the answer together, which is none of the answer's."""


def _final(text: str) -> int:
    """Where the final answer of a model that thinks aloud begins (in tags, or as ReAct does); 0 for the whole text."""
    thought = _THOUGHT.match(text)
    start = thought.end() if thought else 0
    before, mark, _ = text[start:].rpartition(_FINAL)
    return start + len(before) + len(mark) if mark and (not before.strip() or before.endswith("\n")) else start


def calls_after(analysis: Analysis, message: int) -> tuple[ToolCall, ...]:
    """Return the tool calls after a message (its index), those of the answer included."""
    segments = [s for m in analysis.snapshot.messages if m.index > message for s in m.segments]
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


def refused(snapshot: Snapshot) -> bool:
    """Whether the provider marks the answer as a refusal, in a field of its own or as the reason why it ended."""
    if snapshot.finish is not None and snapshot.finish.captured == "refusal":
        return True
    pieces = [piece for s in snapshot.answer_segments() if s.kind is Kind.TEXT for piece in s.pieces]
    return bool(pieces) and all(piece.pointer and piece.pointer[-1] == "refusal" for piece in pieces)


def answer_text(analysis: Analysis) -> str | None:
    """Return the words of a whole answer; None when it was cut or refused, or when the model only called tools."""
    finish = analysis.snapshot.finish
    answer = answer_of(analysis)
    if answer is None or not answer.stripped or (finish is not None and finish.reason in _CUT):
        return None
    if refused(analysis.snapshot) or any(s.kind is Kind.TOOL_CALL for s in analysis.snapshot.answer_segments()):
        return None
    return answer.stripped


def verdict_on(analysis: Analysis, entry: Entry, answer: Answer) -> Compliance:
    """Check an answer against one entry of the register, where it binds and can be checked; spans count from the first word said."""
    found = _verdict(analysis, entry, answer)
    return replace(found, start=found.start + answer.offset, end=found.end + answer.offset) if found.end else found


def _verdict(analysis: Analysis, entry: Entry, answer: Answer) -> Compliance:
    if not entry.binding:
        return unchecked(f"it does not bind the answer: {entry.status.value}")
    constraint, snapshot = entry.constraint, analysis.snapshot
    if constraint.family == "acts":
        whole = constraint.type == "acts.before"
        run = answer.step if analysis.earlier and not whole else calls_after(analysis, entry.message)
        found = verify(constraint, Answer(answer.text, run, answer.question, answer.last))
        if (
            whole
            and analysis.earlier
            and constraint.params["then"] != "report"
            and not any(c.id == found.measured for c in answer.step)
        ):
            return (
                replace(found, outcome=Outcome.UNCHECKED) if found.outcome is Outcome.FAIL else found
            )  # told where it happened
        return found
    if constraint.family == "tools":
        return unchecked(why) if (why := constraint.unchecked) else _of_calls(analysis, entry, answer)
    if refused(snapshot):
        return unchecked("the model refused to answer")
    if answer.stripped and snapshot.finish is not None and snapshot.finish.reason is FinishReason.STOP_SEQUENCE:
        return _of_a_part(verify(constraint, answer), constraint, "it ended at a stop sequence")
    if snapshot.finish is not None and snapshot.finish.reason in _CUT:
        return _of_a_part(verify(constraint, answer), constraint, f"it is cut ({snapshot.finish.captured})")
    if _DECLINES.search(answer.stripped) and len(answer.stripped) < _SHORT_REFUSAL and _shapes(constraint):
        return unchecked("the answer declines, and how a refusal is to look is not said")
    if answer.last and answer.stripped:
        return unchecked("the model called tools, and its text is a message on the way")
    if constraint.type != "format.exact" and _given_for_a_case(analysis, answer):
        return unchecked("an instruction gives this answer for a case of its own")
    structured = snapshot.settings.response_format is not None and answer.stripped[:1] in {"{", "["}
    structured = structured or answer.stripped.startswith("[[ ##") or _BARE.fullmatch(answer.stripped) is not None
    if structured and (constraint.family not in {"format", "language"} or constraint.type in _LAID_OUT):
        return unchecked("the answer is structured, and the rule may be about one of its fields")
    return verify(constraint, answer)


def _given_for_a_case(analysis: Analysis, answer: Answer) -> bool:
    """Whether the answer is the text that an instruction gives for a case: `If the leaflet does not say, reply only with: …`."""
    if answer.given_for_a_case is None:
        said = _flat(answer.stripped)
        answer.given_for_a_case = 0 < len(said) <= _SHORT_ANSWER and any(
            segment.authority >= Authority.USER and segment.kind is Kind.TEXT and _gives(segment.text, said)
            for segment in analysis.segments
        )
    return answer.given_for_a_case


_SHORT_ANSWER = 200
"""Characters of an answer that an instruction gives in full."""


@by_text
def _gives(text: str, said: str) -> bool:
    flat = _flat(text)
    at = flat.find(said)
    while at >= 0:
        before = flat[max(0, at - _SHORT_ANSWER) : at]
        if (
            not flat[at - 1 : at].isalnum()
            and not flat[at + len(said) : at + len(said) + 1].isalnum()
            and _CASE.search(before)
        ):
            return True
        at = flat.find(said, at + len(said))
    return False


def _flat(text: str) -> str:
    return " ".join(text.split()).strip(" \"'“”‘’«»*_`.!?。！？").casefold()


_CASE = wording("constraint_subjects", "case")
"""A condition and a verb of saying before the text of an answer, in any language that is read."""
_DECLINES = wording("constraint_shapes", "refusal")
_SHORT_REFUSAL = 600
"""Characters of an answer that says little more than that it declines."""


def _shapes(constraint: Constraint) -> bool:
    """Whether an instruction asks for a shape or a content that a refusal need not have; what it forbids or limits it has to keep."""
    if constraint.negative or (constraint.params.get("lo") is None and constraint.params.get("hi") is not None):
        return False
    return constraint.family not in {"language", "tools", "acts"}


_BARE = lazy(r"[{\[].*[}\]]", re.DOTALL)
_LAID_OUT = frozenset({"format.bullets", "format.sections", "format.highlights", "format.headings", "format.title"})
_HEAD = frozenset({"position.start", "position.repeat"})
_ABSENCE = frozenset({"keywords.forbid", "punctuation.none", "case.lower", "case.upper", "language", "format.plain"})


def _of_a_part(found: Compliance, constraint: Constraint, why: str) -> Compliance:
    """Return what can be told of an answer of which only the beginning is there: nothing that follows mends a breach of these."""
    hi = constraint.params.get("hi")
    over = hi is not None and isinstance(found.measured, int) and found.measured > hi
    told = constraint.type in _HEAD or constraint.type in _ABSENCE or over
    if found.outcome is Outcome.FAIL and (told or (constraint.negative and constraint.family == "format")):
        return found
    if found.outcome is Outcome.UNCHECKED or (found.outcome is Outcome.PASS and constraint.type in _HEAD):
        return found
    return unchecked(f"the answer is not complete: {why}")


def _of_calls(analysis: Analysis, entry: Entry, answer: Answer) -> Compliance:
    """Hold the calls of the run against an instruction about tools."""
    constraint = entry.constraint
    if constraint.params.get("per") == "conversation":
        return verify(constraint, Answer(answer.text, calls_after(analysis, -1), answer.question, answer.last))
    if constraint.type != "tools.require":
        return verify(constraint, answer)
    if not answer.stripped:
        return unchecked("the turn is not over: the model called tools and did not answer yet")
    reason = _not_declared(analysis, constraint)
    if reason:
        return unchecked(reason)
    found = verify(constraint, answer)
    if found.outcome is not Outcome.FAIL:
        return found
    earlier = Answer(answer.text, calls_after(analysis, entry.message), answer.question)
    if verify(constraint, earlier).outcome is not Outcome.PASS:
        return found
    if entry.authority >= Authority.DEVELOPER:
        return unchecked("it was called in an earlier turn, and whether each turn needs it is not said")
    return verify(constraint, earlier)


def _not_declared(analysis: Analysis, constraint: Constraint) -> str | None:
    """Why a demand for a tool cannot be kept here."""
    from ctxdebug.analysis.constraints.checks.actions import same_tool

    declared = [tool.name for tool in analysis.snapshot.tools]
    wanted = constraint.params.get("tool")
    if not declared:
        return "no tool is declared"
    if wanted is not None and not any(same_tool(wanted, name) for name in declared):
        return f"no tool {wanted!r} is declared"
    return None

"""Step 1, the assembled context: what was examined for each of its questions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ctxdebug.model import FinishReason, Kind, Need, Provenance
from ctxdebug.questions import Coverage, Question, counted, nothing, unexamined

if TYPE_CHECKING:
    from ctxdebug.analysis import Analysis
    from ctxdebug.model import Segment

NO_ANSWER = "there is no answer in the capture"
FAILED = "the provider answered with an error"
ONE_TURN = "only one turn of the conversation is in the capture"
NO_SOURCES = "there are no sources to answer from"
_WIDEST = 0.35
"""Width of a count's band, as a share of the count, above which a loss could hide in it (bench `truncation`)."""
_ENDED = frozenset({FinishReason.STOP, FinishReason.TOOL_CALLS, FinishReason.STOP_SEQUENCE})


def prompt_read(analysis: Analysis) -> Coverage:
    """The prompt, compared with what the provider counted."""
    snapshot, prompt = analysis.snapshot, analysis.prompt
    if snapshot.error is not None and not snapshot.answer:
        return unexamined(FAILED)
    if not snapshot.has_response:
        return unexamined(f"{Need.RESPONSE.value} is missing")
    if snapshot.usage is None or snapshot.usage.prompt is None:
        return unexamined("the response does not say how many prompt tokens the provider counted")
    if not prompt.estimable:
        return unexamined(f"the prompt cannot be counted: {prompt.why_not}")
    if not snapshot.has_request:
        return unexamined("the request is not in the capture")
    if snapshot.unseen:
        return Coverage(1, 1).but("part of the prompt is not in the capture", len(snapshot.unseen))
    if prompt.total.high - prompt.total.low > _WIDEST * max(200, prompt.total.value):
        return unexamined("the count of this prompt is too uncertain to compare")
    if snapshot.usage.prompt > prompt.total.high * 1.5 + 50:
        return unexamined("the provider counted more than the capture contains")
    return Coverage(1, 1)


def content_complete(analysis: Analysis) -> Coverage:
    """Every document, tool result and instruction: whether its end was looked at."""
    parts = [segment for segment in analysis.segments if _content(segment)]
    if not parts:
        return nothing("there are no documents, tool results or instructions")
    return counted(_unread(segment) for segment in parts)


def _content(segment: Segment) -> bool:
    outside = segment.provenance in {Provenance.RETRIEVED, Provenance.TOOL_RESULT, Provenance.MEMORY}
    return (
        outside
        or segment.kind in {Kind.DOCUMENT, Kind.TOOL_RESULT, Kind.MEDIA, Kind.OPAQUE}
        or (segment.provenance is Provenance.AUTHORED and segment.kind is Kind.TEXT and bool(segment.text.strip()))
    )


def _unread(segment: Segment) -> str | None:
    if segment.kind is Kind.MEDIA:
        return "an image, sound or file is not text"
    return "its content was not understood" if segment.kind is Kind.OPAQUE else None


def answer_complete(analysis: Analysis) -> Coverage:
    """The answer's end: the provider's reason, which must be known."""
    snapshot = analysis.snapshot
    if snapshot.error is not None:
        return unexamined(FAILED)
    if not snapshot.answer or not any(part.text.strip() or part.call for part in snapshot.answer_segments()):
        return unexamined(NO_ANSWER if not snapshot.has_response else "the answer is empty")
    if snapshot.finish is None:
        return unexamined("the capture does not say why the answer ended")
    if snapshot.finish.reason not in _ENDED:
        return unexamined(f"the answer ended otherwise than by itself ({snapshot.finish.captured})")
    return Coverage(1, 1)


def prompt_fits(analysis: Analysis) -> Coverage:
    """The prompt's size against the window."""
    if analysis.snapshot.error is not None and not analysis.snapshot.answer:
        return unexamined(FAILED)
    if analysis.window is None:
        return unexamined("the context window is not known: --model or --window")
    usage = analysis.snapshot.usage
    if (usage is None or usage.prompt is None) and not analysis.prompt.estimable:
        return unexamined(f"the prompt cannot be counted: {analysis.prompt.why_not}")
    if not analysis.window.certain:
        return unexamined(f"the context window is a guess ({analysis.window.source})")
    return Coverage(1, 1)


def history_sent(analysis: Analysis) -> Coverage:
    """The turn before, against this one."""
    if not analysis.earlier:
        return unexamined(ONE_TURN)
    return Coverage(1, 1) if analysis.history is not None else unexamined("no earlier request continues in this one")


def facts_present(analysis: Analysis) -> Coverage:
    """The facts that the user expects in the context."""
    facts = analysis.options.facts
    return Coverage(len(facts), len(facts)) if facts else unexamined("no expected fact was given: --fact")


def sources_agree(analysis: Analysis) -> Coverage:
    """The sources that were looked up, pair by pair as far as values and statements can be compared."""
    sourced = analysis.sourced
    if sourced.competing < 2:
        return nothing("fewer than two sources were looked up")
    whole = Coverage(sourced.competing, sourced.competing)
    if sourced.hidden:
        whole = whole.but(sourced.hidden)
    if analysis.options.judge is None:
        whole = whole.but("contradictions of meaning need an LLM judge: --judge")
    return whole


def answer_supported(analysis: Analysis) -> Coverage:
    """Every claim of the answer, looked for in the sources."""
    snapshot, sourced = analysis.snapshot, analysis.sourced
    if snapshot.error is not None:
        return unexamined(FAILED)
    if not analysis.answer.strip():
        return unexamined(NO_ANSWER)
    if not sourced.informed:
        return nothing(NO_SOURCES)
    sentences = [one for one in sourced.examination.supports if one.verdict.value != "no claim"]
    if not sentences:
        return nothing("the answer claims nothing that sources could support")
    whole = counted(
        None if one.verdict.value == "supported" else "no source supports the sentence" for one in sentences
    )
    return whole.but(sourced.hidden) if sourced.hidden else whole


def well_placed(analysis: Analysis) -> Coverage:
    """The places of question, instructions and evidence, which matter in a long prompt only."""
    from ctxdebug.analysis.position import LONG

    if not analysis.prompt.estimable:
        return unexamined(f"the prompt cannot be counted: {analysis.prompt.why_not}")
    if analysis.prompt.total.high < LONG:
        return nothing("the prompt is too short for places to matter")
    return Coverage(1, 1)


def prompt_economical(analysis: Analysis) -> Coverage:
    """The prompt's own text, and the turn before it for what is sent again."""
    if not analysis.prompt.estimable:
        return unexamined(f"the prompt cannot be counted: {analysis.prompt.why_not}")
    return Coverage(2, 2) if analysis.earlier else Coverage(1, 1).but(ONE_TURN)


MEASURES = {
    Question.PROMPT_READ_IN_FULL: prompt_read,
    Question.CONTENT_COMPLETE: content_complete,
    Question.ANSWER_COMPLETE: answer_complete,
    Question.PROMPT_FITS: prompt_fits,
    Question.HISTORY_SENT: history_sent,
    Question.FACTS_PRESENT: facts_present,
    Question.SOURCES_AGREE: sources_agree,
    Question.ANSWER_SUPPORTED: answer_supported,
    Question.WELL_PLACED: well_placed,
    Question.PROMPT_ECONOMICAL: prompt_economical,
}

"""Step 1, the assembled context: what was examined for each of its questions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ctxdebug.analysis.sources.claim import Claim, ClaimVerdict
from ctxdebug.analysis.truncation.examined import answer_complete, content_complete, prompt_fits, prompt_read_in_full
from ctxdebug.questions import Coverage, Question, counted, nothing, unexamined

if TYPE_CHECKING:
    from ctxdebug.analysis import Analysis
    from ctxdebug.model import Snapshot

NO_ANSWER = "there is no answer in the capture"
FAILED = "the provider answered with an error"
ONE_TURN = "only one turn of the conversation is in the capture"
NO_SOURCES = "there are no sources to answer from"


def answered(snapshot: Snapshot) -> bool:
    """Whether the exchange ends with an answer: with words or with a call."""
    return any(part.text.strip() or part.call for part in snapshot.answer_segments())


def prompt_read(analysis: Analysis) -> Coverage:
    """Return the prompt, compared with what the provider counted."""
    if analysis.snapshot.error is not None and not analysis.snapshot.answer:
        return unexamined(FAILED)
    whole = prompt_read_in_full(analysis)
    unseen = len(analysis.snapshot.unseen)
    return whole.but("part of the prompt is not in the capture", unseen) if unseen and whole.checked else whole


def history_sent(analysis: Analysis) -> Coverage:
    """Return the turn before, against this one."""
    if not analysis.earlier:
        return unexamined(ONE_TURN)
    return Coverage(1, 1) if analysis.history is not None else unexamined("no earlier request continues in this one")


def facts_present(analysis: Analysis) -> Coverage:
    """Return the facts that the user expects in the context."""
    facts = analysis.options.facts
    return Coverage(len(facts), len(facts)) if facts else unexamined("no expected fact was given: --fact")


def sources_agree(analysis: Analysis) -> Coverage:
    """Return the sources that were looked up, pair by pair as far as values and statements can be compared."""
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
    """Every claim of the answer, held against the sources and everything else that the model was told."""
    snapshot, sourced = analysis.snapshot, analysis.sourced
    if snapshot.error is not None:
        return unexamined(FAILED)
    if not analysis.answer.strip():
        return unexamined("the answer has no text" if snapshot.answer else NO_ANSWER)
    if not (sourced.informed or sourced.stated):
        return nothing(NO_SOURCES)
    claims = [claim for claim in sourced.claims if claim.asserts]
    if not claims:
        return nothing("the answer claims nothing that sources could support")
    whole = counted(_unsupported(claim) for claim in claims)
    return whole.but(sourced.hidden) if sourced.hidden and sourced.hidden not in whole.unchecked else whole


_REASONS = {
    ClaimVerdict.CONTRADICTED: "a given text contradicts it",
    ClaimVerdict.UNSUPPORTED: "not found in any given text",
}


def _unsupported(claim: Claim) -> str | None:
    if claim.verdict is ClaimVerdict.SUPPORTED:
        return None
    return claim.why if claim.verdict is ClaimVerdict.NOT_EXAMINED else _REASONS[claim.verdict]


def well_placed(analysis: Analysis) -> Coverage:
    """Return the places of question, instructions and evidence, which matter in a long prompt only."""
    from ctxdebug.analysis.position import LONG

    if not analysis.prompt.estimable:
        return unexamined(f"the prompt cannot be counted: {analysis.prompt.why_not}")
    if analysis.prompt.total.high < LONG:
        return nothing("the prompt is too short for places to matter")
    return Coverage(1, 1)


def prompt_economical(analysis: Analysis) -> Coverage:
    """Return the prompt's own text, and the turn before it for what is sent again."""
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

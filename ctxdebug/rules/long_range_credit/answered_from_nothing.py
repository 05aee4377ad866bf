"""Nothing was found, and the model answered all the same.

Every look-up came back empty, the rules allow only what was looked up, and the answer declines nothing. What it says comes from
somewhere else.

## Bad

    system: You answer from the parish archive. Use only what `search_archive` returns. If it returns nothing, say that you do not know.
    user: When was the bell cast?
    tool[search_archive]: []
    assistant: The bell was cast in 1712 by a founder from Trier.

## Good

    system: You answer from the parish archive. Use only what `search_archive` returns. If it returns nothing, say that you do not know.
    user: When was the bell cast?
    tool[search_archive]: <document id="bells">The bell was cast in 1712 by a founder from Trier.</document>
    assistant: The bell was cast in 1712 by a founder from Trier.

## Fix

Check in code whether a look-up returned anything, and answer "not found" without the model, or let it ask the user for other
words to search for.
"""

from __future__ import annotations

from collections.abc import Iterator

from ctxdebug.analysis import Analysis
from ctxdebug.analysis.freedom.prompt_clauses import says
from ctxdebug.analysis.sources.sourced import is_look_up
from ctxdebug.model import Confidence, Hit, Kind, Need, NotChecked, Segment, Severity, quote, whole
from ctxdebug.questions import Fallback, Question
from ctxdebug.rules import rule
from ctxdebug.text.abstention import declines, is_empty

_SHORTEST = 20


@rule(
    "LRC504",
    "answered-from-nothing",
    question=Question.ABSTAINED_RIGHTLY,
    fallback=Fallback.ABSTAIN,
    severity=Severity.WARNING,
    confidence=Confidence.MEDIUM,
    explains=60,
    needs=(Need.RESPONSE,),
    tags=("OWASP:LLM09",),
)
def check(analysis: Analysis) -> Iterator[Hit | NotChecked]:
    """Look for an answer that states something after nothing but empty look-ups."""
    if analysis.unread_prompt:
        yield NotChecked(f"caused by MEM101: {analysis.unread_prompt}")
        return
    answer = analysis.answer.strip()
    results = [s for s in _since_question(analysis) if s.kind in {Kind.TOOL_RESULT, Kind.DOCUMENT}]
    searched = [s for s in results if is_look_up(s.tool)]
    if len(answer) < _SHORTEST or not searched or not all(is_empty(s.text) for s in results) or answer.endswith("?"):
        return
    strict = says(analysis, "only", "grounding.only_context") or says(analysis, "abstain", "grounding.abstain")
    if (
        not strict
        or declines(answer) is not None
        or any(s.kind is Kind.TOOL_CALL for s in analysis.snapshot.answer_segments())
    ):
        return
    spoken = next(s for s in analysis.snapshot.answer_segments() if s.kind is Kind.TEXT and s.text.strip())
    yield Hit(
        f"{searched[-1].tool} returned nothing, and the answer declines nothing",
        (whole(searched[-1], "all that was found"), quote(spoken, 0, min(len(spoken.text), 300), "the answer")),
    )


def _since_question(analysis: Analysis) -> list[Segment]:
    asked = analysis.question
    if asked is None:
        return []
    return list(analysis.segments[analysis.segments.index(asked) + 1 :])

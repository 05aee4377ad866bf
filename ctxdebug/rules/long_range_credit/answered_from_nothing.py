"""Nothing was found, and the model answered all the same.

Every look-up came back empty and the rules allow only what was looked up; or the place for retrieved text in the prompt is empty.
The answer does not abstain: what it says comes from somewhere else.

## Bad

    system: You answer from the parish archive. Use only what `search_archive` returns. If it returns nothing, say that you do not know.
    user: When was the bell cast?
    tool[search_archive]: []
    assistant: The bell was cast in 1712 by a founder from Trier.

## Bad

    system: Use the following context. If you do not know the answer, say so.
    <context>

    </context>
    user: When was the bell of the parish church cast?
    assistant: The bell of the parish church was cast in 1712.

## Bad

    system: Use the search for questions about orders.
    user: When will order 8812 arrive?
    tool[search_orders]: []
    assistant: Order 8812 will arrive on Friday, 3 July.

## Good

    system: Use the search for questions about orders.
    user: When will order 8812 arrive?
    tool[search_orders]: []
    assistant: The search found no order with the number 8812. Please check the number.

## Good

    system: Use the following context. If you do not know the answer, say so.
    <context>

    </context>
    user: When was the bell of the parish church cast?
    assistant: The context does not say when the bell was cast.

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
from ctxdebug.analysis.sources.reliance import Reliance
from ctxdebug.analysis.sources.slots import empty_slots
from ctxdebug.analysis.sources.source_segments import is_look_up, is_workspace
from ctxdebug.model import Confidence, Demand, Evidence, Finding, Hit, Kind, Need, Segment, Severity, quote, whole
from ctxdebug.questions import Fallback, Question
from ctxdebug.rules import rule
from ctxdebug.text.abstention import clarification, declines, has_empty_list, is_empty
from ctxdebug.text.patterns import lazy

_READS = lazy(r"(?:get|search|find|look_?up|query|list|fetch|read|retrieve)(?:[A-Z_-]|$)")
"""Names of tools that return something, and do nothing else."""
_READ = 2000
"""Characters of an answer whose values are looked at."""
_SHORTEST = 20
_TELLING = 2
"""Content words of a question that asks for something."""


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
def check(analysis: Analysis) -> Iterator[Hit]:
    """Look for an answer that states something after nothing but empty look-ups, or beside an empty place for context."""
    answer = analysis.answer.strip()
    calls = any(s.kind is Kind.TOOL_CALL for s in analysis.snapshot.answer_segments())
    if len(answer) < _SHORTEST or answer.endswith("?") or calls or declines(answer) is not None:
        return
    spoken = next(s for s in analysis.snapshot.answer_segments() if s.kind is Kind.TEXT and s.text.strip())
    said = quote(spoken, 0, min(len(spoken.text), 300), "the answer")
    results = [s for s in _since_question(analysis) if s.kind in {Kind.TOOL_RESULT, Kind.DOCUMENT}]
    searched = [s for s in results if is_look_up(s.tool)]
    asked = searched or [s for s in results if s.tool and (_READS.match(s.tool) or has_empty_list(s.text))]
    if not asked and analysis.sourced.reliance is Reliance.GIVEN:
        asked = [s for s in results if s.tool and not is_workspace(s.tool)]
    if asked and all(is_empty(s.text) for s in results):
        told = says(analysis, "only", "grounding.only_context") or says(analysis, "abstain", "grounding.abstain")
        told = told or analysis.sourced.reliance is Reliance.GIVEN
        if (told and (searched or clarification(answer) is None)) or _states_a_value(analysis, answer):
            yield Hit(
                f"{asked[-1].tool} returned no results, but the model answered anyway",
                (whole(asked[-1], "all that was found"), said),
            )
    elif not analysis.sourced.sources:
        yield from _beside_empty_slot(analysis, said)


def _states_a_value(analysis: Analysis, answer: str) -> bool:
    """Whether an answer states a date, a time, a price or the like of which nothing in the prompt says anything."""
    from ctxdebug.analysis.claims.values import ValueKind, values

    looked_for = {
        ValueKind.DATE,
        ValueKind.CLOCK,
        ValueKind.MONEY,
        ValueKind.PERCENT,
        ValueKind.DURATION,
        ValueKind.QUANTITY,
    }
    given = "\n".join(one.text for one in analysis.segments).lower()
    stated = [value for value in values(answer[:_READ]) if value.kind in looked_for]
    return any(value.text.lower() not in given for value in stated)


def _beside_empty_slot(analysis: Analysis, said: Evidence) -> Iterator[Hit]:
    """Yield an empty place for retrieved text, a question, and an answer with a claim that nothing given supports."""
    slots, examined = empty_slots(analysis.segments), analysis.sourced.examination
    if not slots or examined.question is None or len(examined.question.stems) < _TELLING:
        return
    if any(claim.asserts and claim.verdict.value != "supported" for claim in examined.claims):
        slot = slots[-1]
        yield Hit(
            f"the place for “{slot.name}” in the prompt is empty, but the model answered anyway",
            (quote(slot.segment, slot.start, slot.end, "nothing was put in here"), said),
            facts={"slot": slot.name},
        )


def _since_question(analysis: Analysis) -> list[Segment]:
    asked = analysis.question
    if asked is None:
        return []
    return list(analysis.segments[analysis.segments.index(asked) + 1 :])


@check.demands
def demands(_: Finding, __: Analysis | None) -> Iterator[Demand]:
    """Demand an abstention."""
    yield Demand("abstains", True, "the context cannot answer this")

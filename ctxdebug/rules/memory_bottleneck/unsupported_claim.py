"""The answer states a number, a date or an address that no source holds, or that a source contradicts.

Every typed value of the answer is looked for in the sources, in the developer's and the user's own words, and in what was said
before; then the arithmetic is tried that the answer may have done. What is left is in nothing that the model was given. Absent
is not false: the two are told apart.

## Bad

    system: Answer only from the documents and cite their ids. If they do not hold the answer, say so.
    user: What does the Business account cost?
    tool[search_prices]: <document id="prices">The monthly fee of the Business account is £12. Card payments are free of charge.</document>
    assistant: The monthly fee of the Business account is £15 [prices].

## Bad

    system: Answer only from the documents and cite their ids. If they do not hold the answer, say so.
    user: Who can open the Business account?
    tool[search_prices]: <document id="prices">The Business account is open to registered firms and to sole traders.</document>
    assistant: The Business account is open to registered firms that have a yearly revenue of at least £85,000 [prices].

## Good

    system: Answer only from the documents and cite their ids. If they do not hold the answer, say so.
    user: What does the Business account cost in a year?
    tool[search_prices]: <document id="prices">The monthly fee of the Business account is £12. Card payments are free of charge.</document>
    assistant: The fee of the Business account is £12 a month, which makes £144 a year: £12 × 12 [prices].

## Fix

Ask for citations, forbid what is not in the sources, and say what to answer instead. For sums, give the model a tool.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ctxdebug.analysis import Analysis
from ctxdebug.model import Confidence, Hit, Need, NotChecked, Severity
from ctxdebug.questions import Fallback, Question
from ctxdebug.rules import rule

if TYPE_CHECKING:
    from ctxdebug.analysis.sources.grounding import AnswerPart, Support
    from ctxdebug.analysis.sources.sourced import Sourced

_TOLD = frozenset(
    {"number", "quantity", "money", "percent", "duration", "date", "time of day", "URL", "e-mail address"}
)
_ON_TOPIC = 0.35
"""Share of a sentence's words that some source sentence must hold before a missing value in it is told."""
MOST = 8


@rule(
    "MEM404",
    "unsupported-claim",
    question=Question.ANSWER_SUPPORTED,
    fallback=Fallback.ABSTAIN,
    severity=Severity.WARNING,
    confidence=Confidence.MEDIUM,
    explains=70,
    needs=(Need.RESPONSE,),
    tags=("TRAIL:hallucination", "OWASP:LLM09"),
)
def check(analysis: Analysis) -> Iterator[Hit | NotChecked]:
    """Tell the sentences with a value that is contradicted or nowhere to be found."""
    facts = analysis.sourced
    if not analysis.answer or not facts.informed:
        return
    if facts.hidden:
        yield NotChecked(facts.hidden)
        return
    told = 0
    for support in facts.examination.supports:
        hit = _contradicted(facts, support) or _absent(facts, support)
        if hit is not None:
            yield hit
            told += 1
            if told >= MOST:
                return


def _contradicted(facts: Sourced, support: Support) -> Hit | None:
    part = next((part for part in support.parts if part.verdict.value == "contradicted" and part.kind in _TOLD), None)
    if part is None or part.passage is None:
        return None
    source = facts.name(part.passage.source)
    return Hit(
        f"the answer says {part.text}; {part.how} ({source})",
        (facts.answered(part.start, part.end, "the answer"), facts.evidence(part.passage, f"{source} says otherwise")),
        confidence=Confidence.HIGH,
        facts={"verdict": "contradicted", "value": part.text, "source": source, **_scores(support)},
    )


def _absent(facts: Sourced, support: Support) -> Hit | None:
    parts = [
        part for part in support.parts if part.verdict.value == "absent" and part.specific and _tells(part, support)
    ]
    if not parts:
        return None
    words = ", ".join(dict.fromkeys(part.text for part in parts[:4]))
    return Hit(
        f"in no source: {words}",
        tuple(
            facts.answered(
                part.start,
                part.end,
                f"this {part.kind} is in no source, in nothing else that was said, and follows from nothing that was tried",
            )
            for part in parts[:4]
        )
        + tuple(facts.evidence(passage, "the nearest source sentence") for passage in support.passages[:1]),
        facts={"verdict": "absent", "values": [part.text for part in parts], **_scores(support)},
    )


def _tells(part: AnswerPart, support: Support) -> bool:
    return part.kind in {"URL", "e-mail address"} or (part.kind in _TOLD and support.share >= _ON_TOPIC)


def _scores(support: Support) -> dict[str, float]:
    return {
        "unsupported": round(support.unsupported, 2),
        "contradicted": round(support.contradicted, 2),
        "covered": round(support.share, 2),
    }

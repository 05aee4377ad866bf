"""The answer states something that no text it was given contains.

Every sentence of the answer is looked for in the sources, in the developer's and the user's own words, and in what was said before;
for numbers, the arithmetic is tried that the answer may have done. A warning is a value, an address or a name that nothing given
has and no given values make. Words alone that no text has are a note, and only where the prompt says that answers must come from
the given texts: they may say in other words what the texts say. Unsupported is not false; what a source contradicts is MEM410.

## Bad

    system: Answer only from the documents and cite their ids. If they do not hold the answer, say so.
    user: Who can open the Business account?
    tool[search_prices]: <document id="prices">The Business account is open to registered firms and to sole traders.</document>
    assistant: The Business account is open to registered firms that have a yearly revenue of at least £85,000 [prices].

## Bad

    system: Answer only from the documents and cite their ids. If they do not hold the answer, say so.
    user: Which firms make the cloth?
    tool[search_suppliers]: <document id="cloth">The cloth of the spring line is woven by Harrow Mills and dyed by the Linden Works.</document>
    assistant: The cloth of the spring line is woven by Harrow Mills, dyed by the Linden Works and printed by Castellane [cloth].

## Good

    system: Answer only from the documents and cite their ids. If they do not hold the answer, say so.
    user: What does the Business account cost in a year?
    tool[search_prices]: <document id="prices">The monthly fee of the Business account is £12. Card payments are free of charge.</document>
    assistant: The fee of the Business account is £12 a month, which makes £144 a year: £12 × 12 [prices].

## Good

    system: Answer only from the documents and cite their ids. If they do not hold the answer, say so.
    user: When does the late shift end?
    tool[search_shifts]: <document id="shifts">Late shift: 14:00 to 22:30. Early shift: 06:00 to 14:00.</document>
    assistant: The late shift ends at **10:30 PM** [shifts].

## Good

    system: Answer only from the documents and cite their ids. If they do not hold the answer, say so.
    user: How long is the warranty?
    tool[search_manuals]: <document id="care">The warranty covers the kettle and its lid, but not its filter.</document>
    assistant: The manuals do not say how long the warranty is.

## Fix

Ask for citations, forbid what is not in the sources, and say what to answer instead. For sums, give the model a tool.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ctxdebug.analysis import Analysis
from ctxdebug.analysis.sources.reliance import Reliance
from ctxdebug.model import Confidence, Demand, Finding, Hit, Need, NotChecked, Severity
from ctxdebug.questions import Fallback, Question
from ctxdebug.rules import rule
from ctxdebug.rules.facts import fact_texts
from ctxdebug.text.abstention import is_empty

if TYPE_CHECKING:
    from ctxdebug.analysis.sources.claim import Claim, Difference
    from ctxdebug.analysis.sources.sourced import Sourced

_SURE = 0.5
"""Confidence from which an unsupported part is more than a side remark."""
_SAID = 0.75
"""Share of a claim that the user's or the developer's words contain for a value in it to be expected there too."""
_ASKED = 0.4
"""Share of the question that such a claim contains."""
_ROOT = 5
"""Letters with which a name and a word of the texts begin alike."""
MOST = 8
"""Claims reported per exchange."""


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
    """Report the claims with a part that is nowhere in what the model was given."""
    facts = analysis.sourced
    if not analysis.answer or not facts.examinable:
        return
    if facts.hidden:
        yield NotChecked(facts.hidden)
        return
    if facts.informed and all(is_empty(source.text) for source in facts.sources):
        return  # LRC504
    unsupported = [
        claim
        for claim in facts.claims
        if claim.verdict.value == "unsupported"
        and _is_expected(facts, claim)
        and (facts.reliance is Reliance.GIVEN or any(_is_concrete(facts, claim, one) for one in claim.differences))
    ]
    for claim in unsupported[:MOST]:
        yield _hit(facts, claim)


def _is_expected(facts: Sourced, claim: Claim) -> bool:
    """Whether the texts are expected to contain the missing part: of a user's own words, only a value in what else they say."""
    valued = any(map(_is_value, claim.differences))
    if facts.informed and (facts.retrieved or valued):
        return True
    if any(one.kind == "item" for one in claim.differences):
        return True
    if not facts.retrieved and any(one.kind == "clause" for one in claim.differences):
        return False  # a remark on records, and not on passages
    if facts.reliance and claim.confidence >= _SURE and (valued or _is_of_the_matter(facts, claim)):
        return True
    if facts.informed:
        return False
    if not facts.examination.asks_for_what_is_said or not facts.examination.has_one_value(claim):
        return False
    return valued and claim.covered >= _SAID and facts.examination.relevance(claim) >= _ASKED


def _is_of_the_matter(facts: Sourced, claim: Claim) -> bool:
    """Whether records are expected to contain a missing name: a full one or one with a title; any, where only given texts may be used."""
    if facts.reliance is Reliance.GIVEN and (facts.retrieved or not facts.sources):
        return True  # codes of records have names that everybody knows: `NL` for the Netherlands
    from ctxdebug.analysis.sources.additions import is_full_name

    names = [one.claimed for one in claim.differences if one.claimed[:1].isupper()]
    return len(names) < len(claim.differences) or any(map(is_full_name, names))


def _is_concrete(facts: Sourced, claim: Claim, difference: Difference) -> bool:
    """Whether a figure, a date, an address or a name is missing: other words may say what the texts say in theirs.

    A name that begins as a word of the texts is theirs: `Vietnamese`, of a question about Vietnam.
    """
    from ctxdebug.analysis.sources.additions import is_common_name, is_titled

    if _is_value(difference) or "`" in difference.claimed:
        return True
    before = claim.text[: max(0, claim.text.find(difference.claimed))]
    words = difference.claimed.split()
    named = [word.strip("\"'“”‘’*(") for word in (words if before.strip(" -*•") else words[1:])]
    given = facts.examination.evidence.corpus.text
    return any(
        word[:1].isupper()
        and len(word) > 1
        and not is_common_name(word)
        and not (len(word) > _ROOT and word[:_ROOT].lower() in given)
        for word in named
    ) or is_titled(difference.claimed)


def _is_a_thing(facts: Sourced, difference: Difference) -> bool:
    """Whether a thing, or an item of a list, was added to texts that an answer has to keep to, and whose words it keeps to otherwise.

    An added clause may be a paraphrase (`smokers must step outside`).
    """
    if facts.reliance is not Reliance.GIVEN or not facts.informed:
        return False
    return difference.kind == "thing" or (difference.kind == "item" and len(difference.claimed.split()) > 1)


def _is_value(difference: Difference) -> bool:
    """Whether a figure, a date or an address is missing: names and words are expected of what was looked up, not of records."""
    from ctxdebug.analysis.claims.values import ValueKind, values

    if any(map(str.isdigit, difference.claimed)) or "@" in difference.claimed or "." in difference.claimed:
        return True
    return any(
        one.kind in {ValueKind.DURATION, ValueKind.PERCENT, ValueKind.MONEY}
        and 2 * len(one.text) > len(difference.claimed)
        for one in values(difference.claimed)
    )


def _hit(facts: Sourced, claim: Claim) -> Hit:
    words = ", ".join(dict.fromkeys(one.claimed for one in claim.differences[:4]))
    sure = (
        claim.confidence >= _SURE
        and not facts.generative
        and any(_is_concrete(facts, claim, one) or _is_a_thing(facts, one) for one in claim.differences)
    )
    evidence = [
        facts.answered(
            one.start, one.end, "in no source, in nothing else that was given, and derived from nothing that was tried"
        )
        for one in claim.differences[:4]
    ] or [facts.answered(claim.start, claim.end, "most of its words are in no source")]
    if claim.passage is not None:
        evidence.append(facts.given(claim.passage, "the nearest sentence"))
    return Hit(
        f"not found in any source: {words}" if words else "a sentence of the answer is not found in any source",
        tuple(evidence),
        severity=None if sure else Severity.NOTE,
        confidence=None if sure else Confidence.LOW,
        facts={
            "verdict": "absent",
            "values": [one.claimed for one in claim.differences],
            "covered": round(claim.covered, 2),
        },
    )


@check.demands
def demands(finding: Finding, _: Analysis | None) -> Iterator[Demand]:
    """Demand that the value is not said again, and an abstention where the sources say nothing of it."""
    verdict = finding.facts.get("verdict", "unsupported")
    for text in fact_texts(finding, "values", "value"):
        yield Demand("not-contains", text, f"{verdict}: no source says it")
    if verdict == "absent":
        yield Demand("abstains", True, "the sources do not say it, so the answer should say so")

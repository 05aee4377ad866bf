"""The answer contradicts a text that it was given.

Every sentence of the answer is held against the sentences nearest to it in the sources and in what the user and the
developer state. Told is what turns the meaning round while the rest stays: a negation, an opposite, `may` for `must`, `all` for
`some`, a name or a value in another's place, subject and object exchanged; a cell of another row of a table, a row that does not come
first; a yes that a limit forbids (`at most 8`, asked of ten). Where one source agrees with the answer and
another does not, the sources conflict (MEM402, MEM403), and this rule is silent.

## Bad

    system: Answer only from the documents and cite their ids. If they do not hold the answer, say so.
    user: Are pets allowed in the rooms?
    tool[search_rules]: <document id="house">Pets are not allowed in the rooms. Breakfast is served from seven to ten.</document>
    assistant: Pets are allowed in the rooms [house].

## Bad

    system: Answer only from the documents and cite their ids. If they do not hold the answer, say so.
    user: What does the Business account cost?
    tool[search_prices]: <document id="prices">The monthly fee of the Business account is £12. Card payments are free of charge.</document>
    assistant: The monthly fee of the Business account is £15 [prices].

## Bad

    system: Answer only from the documents and cite their ids. If they do not hold the answer, say so.
    user: Who took over whom?
    tool[search_news]: <document id="news">Harrow Mills bought the Linden Works in the spring. The price was not published.</document>
    assistant: The Linden Works bought Harrow Mills in the spring [news].

## Bad

    user: The hotel limit for Berlin is 120 EUR per night. The hotel limit for Rome is 100 EUR per night. What is the hotel limit for Berlin?
    assistant: The hotel limit for Berlin is 100 EUR per night.

## Bad

    system: You help with travel.
    User memories:
    - User lives in Oslo.
    - User prefers window seats.
    user: Which airport is near me?
    assistant: As you live in Bergen, take Flesland.

## Bad

    user: A hire car can be taken by drivers who are at least 21 years old. I am 19. Can I hire a car?
    assistant: Yes, you can hire a car.

## Bad

    system: Answer only from the table. If it does not hold the answer, say so.
    | Lane | Depth | Reserved for |
    |---|---|---|
    | 1 | 1.3 m | learners |
    | 2 | 2.0 m | clubs |
    user: Who trains in lane 2?
    assistant: Lane 2 is reserved for learners.

## Good

    user: A hire car can be taken by drivers who are at least 21 years old. I am 23. Can I hire a car?
    assistant: Yes, you can hire a car.

## Good

    system: You help with travel.
    User memories:
    - User lives in Oslo.
    - User prefers window seats.
    user: I am in Bergen since May. Which airport is near me?
    assistant: As you live in Bergen, take Flesland.

## Good

    user: The hotel limit for Berlin is 120 EUR per night. The hotel limit for Rome is 100 EUR per night. What is the hotel limit for Rome?
    assistant: The hotel limit for Rome is 100 EUR per night.

## Good

    system: Answer only from the documents and cite their ids. If they do not hold the answer, say so.
    user: Are pets allowed in the rooms?
    tool[search_rules]: <document id="house">Pets are not allowed in the rooms. Breakfast is served from seven to ten.</document>
    assistant: No pets are allowed in the rooms [house].

## Good

    system: Answer only from the documents and cite their ids. If they do not hold the answer, say so.
    user: Who took over whom?
    tool[search_news]: <document id="news">Harrow Mills bought the Linden Works in the spring. The price was not published.</document>
    assistant: The Linden Works was bought by Harrow Mills in the spring [news].

## Good

    system: Answer only from the documents and cite their ids. If they do not hold the answer, say so.
    user: How long is the trial?
    tool[search_plans]: <document id="plans">The trial of the Team plan lasts 30 days. The trial of the Solo plan lasts 14 days.</document>
    assistant: The trial of the Solo plan lasts 14 days [plans].

## Fix

Ask for a quotation beside each claim and compare the two before the answer is shown. Where it happens often, send fewer passages,
and put the one that answers the question first or last.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ctxdebug.analysis import Analysis
from ctxdebug.model import Confidence, Demand, Finding, Hit, Need, NotChecked, Severity
from ctxdebug.questions import Fallback, Question
from ctxdebug.rules import rule
from ctxdebug.rules.facts import fact_texts

if TYPE_CHECKING:
    from ctxdebug.analysis.sources.claim import Claim
    from ctxdebug.analysis.sources.sourced import Sourced

MOST = 8
"""Contradictions reported per exchange."""
_SURE = 0.85
_ASKED = 0.4
"""Share of the question's content from which a claim answers it, and a contradiction is an error."""


@rule("MEM410", "contradicted-claim", question=Question.ANSWER_SUPPORTED, fallback=Fallback.ABSTAIN, severity=Severity.ERROR,
      confidence=Confidence.MEDIUM, explains=80, needs=(Need.RESPONSE,), tags=("TRAIL:hallucination", "OWASP:LLM09"))  # fmt: skip
def check(analysis: Analysis) -> Iterator[Hit | NotChecked]:
    """Report the claims that a text of the context contradicts, with both spans."""
    facts = analysis.sourced
    if not analysis.answer or not (facts.examinable or facts.remembered.denied):
        return
    contradicted = [claim for claim in facts.claims if claim.verdict.value == "contradicted"]
    if (
        facts.hidden and not contradicted
    ):  # then a claim is compared with what the provider cites for it, and with nothing else
        yield NotChecked(facts.hidden)
        return
    for claim in contradicted[:MOST]:
        yield _hit(facts, claim)


def _hit(facts: Sourced, claim: Claim) -> Hit:
    difference = claim.differences[0]
    assert difference.spot is not None
    source = facts.evidence_name(difference.spot)
    relevance = facts.examination.relevance(claim)
    return Hit(
        f"the answer contradicts {source} ({difference.kind}): “{difference.claimed}” against “{difference.stated}”",
        (
            facts.answered(difference.start, difference.end, "the answer"),
            facts.given(difference.spot, f"what {source} says"),
        ),
        severity=Severity.ERROR if relevance >= _ASKED and difference.kind != "condition" else Severity.WARNING,
        confidence=Confidence.HIGH if claim.confidence >= _SURE else Confidence.MEDIUM,
        facts={
            "kind": difference.kind, "verdict": "contradicted", "claimed": difference.claimed, "stated": difference.stated, "source": source,
            **({"value": difference.claimed} if any(map(str.isdigit, difference.claimed)) or difference.kind == "name" else {}),
            "score": round(claim.confidence, 2), "covered": round(claim.covered, 2), "relevance": round(relevance, 2),
        },
    )  # fmt: skip


@check.demands
def demands(finding: Finding, _: Analysis | None) -> Iterator[Demand]:
    """Demand that the contradicted value is not said again."""
    for text in fact_texts(finding, "values", "value"):
        yield Demand("not-contains", text, "contradicted: the sources say something else")

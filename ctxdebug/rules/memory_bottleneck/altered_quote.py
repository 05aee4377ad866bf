"""The answer quotes text that no source contains in these words.

A quotation is exact or it is none. Typography, spacing and letter case are folded, an ellipsis may leave words out; a changed
word is told, with the nearest words that a source does have. Where the prompt asks for a quotation of what it gives, words that
nothing given contains are told too.

## Bad

    system: Answer only from the documents, quote them and cite their ids. If they do not hold the answer, say so.
    user: What does the leaflet say about driving?
    tool[search_leaflets]: <document id="leaflet">Patients must not drive for six hours after the first dose of the medicine.</document>
    assistant: The leaflet says: "Patients should not drive for six hours after the first dose of the medicine" [leaflet].

## Bad

    user: Sheet 4 says: Add the acid to the water slowly, never the other way round. Wear goggles and gloves. Quote me the sentence about the order.
    assistant: Here is the sentence: "Always pour the acid slowly into the water".

## Good

    user: Sheet 4 says: Add the acid to the water slowly, never the other way round. Wear goggles and gloves. Quote me the sentence about the order.
    assistant: Here is the sentence: "Add the acid to the water slowly, never the other way round."

## Good

    system: Answer only from the documents, quote them and cite their ids. If they do not hold the answer, say so.
    user: What does the leaflet say about driving?
    tool[search_leaflets]: <document id="leaflet">Patients must not drive for six hours after the first dose of the medicine.</document>
    assistant: The leaflet says: “Patients must not drive … after the first dose of the medicine” [leaflet].

## Bad

    user: Hi, since the update my screen flickers whenever I open the map.
    assistant: Thanks, I will open a ticket.
    user: Please write it, and quote me on the problem.
    assistant: Ticket: the screen flickers when the map is opened. In their words: "my screen is completely broken".

## Good

    user: Hi, since the update my screen flickers whenever I open the map.
    assistant: Thanks, I will open a ticket.
    user: Please write it, and quote me on the problem.
    assistant: Ticket: the map makes the screen flicker. In their words: "my screen flickers whenever I open the map".

## Fix

Ask the model for the place of a quotation and cut the words out of the source yourself, or check every quotation before it is
shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ctxdebug.analysis import Analysis
from ctxdebug.analysis.sources.reliance import states_facts
from ctxdebug.analysis.sources.stated import before_question
from ctxdebug.model import Confidence, Demand, Finding, Hit, Kind, Need, NotChecked, Role, Severity, value, whole
from ctxdebug.questions import Fallback, Question
from ctxdebug.rules import rule
from ctxdebug.rules.facts import fact_texts
from ctxdebug.text.patterns import lazy
from ctxdebug.text.wordings import wording

_DENIES = wording("source_additions", "denies")
_WANTED = tuple(
    wording("source_citations", "wants_quotation", language=language) for language in ("en", "de", "fr", "es", "it")
)
_MARKS = '"“„«'
_ASKED = 600
"""Characters at the end of the question's message in which the question stands."""
_STATED = 2
"""Sentences of a question's message that state something, for it to hold a text to quote from."""
_FEWEST = 5
"""Words of a quotation that is more than a title or a name."""
_ATTRIBUTED = lazy(
    r"\b(?:in (?:their|his|her|your|the (?:customer|user|client)['’]s) (?:own )?words|you (?:said|wrote|told me)|"
    r"(?:customer|user|client) (?:said|says|wrote|writes))\b",
    re.IGNORECASE,
)
"""Words before a quotation that give it to the user."""
_BEFORE = 60

if TYPE_CHECKING:
    from ctxdebug.analysis.sources.quotations import Quotation
    from ctxdebug.analysis.sources.returned import CheckedCitation
    from ctxdebug.analysis.sources.sourced import Sourced


@rule("MEM406", "altered-quote", question=Question.ANSWER_SUPPORTED, fallback=Fallback.ABSTAIN, severity=Severity.WARNING, explains=45,
      needs=(Need.RESPONSE,), tags=("TRAIL:hallucination", "OWASP:LLM09"))  # fmt: skip
def check(analysis: Analysis) -> Iterator[Hit | NotChecked]:
    """Look every quotation up in the sources; tell those that are near a source's words and not them."""
    facts = analysis.sourced
    for citation in facts.citations_returned:
        if citation.altered:
            yield _repeated(facts, citation)
    if not analysis.answer:
        return
    yield from _of_the_user(facts)
    yield from _invented(facts)
    if not facts.retrieved:
        return
    if facts.hidden:
        yield NotChecked(facts.hidden)
        return
    for quotation in facts.examination.quotations:
        if quotation.altered and quotation.passage is not None:
            yield _hit(facts, quotation)


def _of_the_user(facts: Sourced) -> Iterator[Hit]:
    """Yield words that the answer gives as the user's own, and that no message of the user's contains."""
    answer = facts.analysis.answer
    if not _ATTRIBUTED.search(answer):
        return
    said = [one for one in facts.analysis.segments if one.role is Role.USER and one.kind is Kind.TEXT]
    for quotation in facts.examination.quotations:
        if (
            not quotation.exact
            and said
            and _ATTRIBUTED.search(answer[max(0, quotation.start - _BEFORE) : quotation.start])
        ):
            yield Hit(
                "the answer quotes the user with words that no message of theirs contains",
                (
                    facts.answered(quotation.start, quotation.end, "quoted so in the answer"),
                    whole(said[0], "what the user wrote"),
                ),
                confidence=Confidence.MEDIUM,
                facts={"quoted": quotation.text, "source": "the user's message"},
            )


def _invented(facts: Sourced) -> Iterator[Hit]:
    """Yield a quotation that the prompt asks for of what it gives, and that nothing given contains or has in like words."""
    asked = facts.analysis.question
    if asked is None or facts.hidden or not any(mark in facts.analysis.answer for mark in _MARKS):
        return
    told = [one.text for one in facts.analysis.segments if one.role in {Role.SYSTEM, Role.DEVELOPER}]
    if facts.generative and not any(one.search(text) for one in _WANTED for text in told):
        return
    given = (
        facts.retrieved
        or states_facts(before_question(asked.text), least=1)
        or states_facts(asked.text, least=_STATED)
        or any(states_facts(one, least=1) for one in told)
    )
    if not given or not any(one.search(text) for one in _WANTED for text in (asked.text[-_ASKED:], *told)):
        return
    for quotation in facts.examination.quotations:
        seen = quotation.altered and facts.retrieved
        before = facts.analysis.answer[max(0, quotation.start - _BEFORE) : quotation.start]
        if _DENIES.search(before):
            continue  # `it does not say "…"`
        if not quotation.exact and not seen and len(quotation.text.split()) >= _FEWEST:
            yield Hit(
                "the answer quotes words that nothing it was given contains, where a quotation was asked for",
                (
                    facts.answered(quotation.start, quotation.end, "quoted so in the answer"),
                    whole(asked, "what was asked"),
                ),
                confidence=Confidence.MEDIUM,
                facts={"quoted": quotation.text, "source": "what was given"},
            )


def _repeated(facts: Sourced, citation: CheckedCitation) -> Hit:
    source = facts.name(citation.sources[0])
    return Hit(
        f"a citation repeats words that {source} does not contain",
        (
            value(citation.captured.pointer, citation.captured.quote, f"given as the words of {source}"),
            facts.answered(citation.start, citation.end, "the answer stands on them"),
        ),
        confidence=Confidence.HIGH,
        facts={"quoted": citation.captured.quote[:400], "source": source, "returned": True},
    )


def _hit(facts: Sourced, quotation: Quotation) -> Hit:
    assert quotation.passage is not None
    source = facts.name(quotation.passage.source)
    return Hit(
        f"a quotation that no source contains; the nearest is “{quotation.nearest}” ({source})",
        (
            facts.answered(quotation.start, quotation.end, "quoted so in the answer"),
            facts.evidence(quotation.passage, f"what {source} says"),
        ),
        confidence=Confidence.HIGH if quotation.likeness >= 90 else Confidence.MEDIUM,
        facts={
            "quoted": quotation.text,
            "nearest": quotation.nearest,
            "likeness": round(quotation.likeness),
            "source": source,
        },
    )


@check.demands
def demands(finding: Finding, _: Analysis | None) -> Iterator[Demand]:
    """Demand that the words are not quoted again."""
    for text in fact_texts(finding, "quoted"):
        yield Demand("not-contains", text, "no source has these words")

"""Retrieval spent tokens on passages that came twice, or that have no bearing on the question.

The copies push better passages out, and make what they say look confirmed; the strangers distract.

## Bad

    system: Answer only from the documents and cite their ids. If they do not hold the answer, say so.
    user: How do I descale the Kestrel kettle?
    tool[search_manuals]: <document id="kettle-1">Descale the Kestrel kettle with vinegar twice a year, and rinse it with cold water.
    Never put the base of the kettle under running water.</document>
    <document id="toaster-1">Descale the Kestrel kettle with vinegar twice a year, and rinse it with cold water.
    Never put the base of the kettle under running water. Ask us.</document>
    assistant: Descale the Kestrel kettle with vinegar twice a year [kettle-1].

## Good

    system: Answer only from the documents and cite their ids. If they do not hold the answer, say so.
    user: How do I descale the Kestrel kettle?
    tool[search_manuals]: <document id="kettle-1">Descale the Kestrel kettle with vinegar twice a year, and rinse it with cold water.</document>
    <document id="kettle-2">Never put the base of the kettle under running water.</document>
    assistant: Descale the Kestrel kettle with vinegar twice a year [kettle-1].

## Fix

Drop near-duplicates before the prompt is assembled, let chunks overlap less, and cut the list of passages at a score and not
at a number.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ctxdebug.analysis import Analysis
from ctxdebug.model import Confidence, Hit, Repair, Severity
from ctxdebug.questions import Question
from ctxdebug.rules import rule
from ctxdebug.rules.repairs import cut_out, remove

if TYPE_CHECKING:
    from ctxdebug.analysis.sources.sourced import Sourced


@rule("MEM407", "retrieval-waste", question=Question.PROMPT_ECONOMICAL, severity=Severity.NOTE, explains=5,
      tags=("BREUNIG:distraction", "TRAIL:poor-retrieval"))  # fmt: skip
def check(analysis: Analysis) -> Iterator[Hit]:
    """Tell repeated passages, and those that share no content word with the question or the answer."""
    facts = analysis.sourced
    if facts.competing < 2:
        return
    yield from _repeated(facts)
    yield from _unrelated(facts)


def _repeated(facts: Sourced) -> Iterator[Hit]:
    found = facts.examination.waste.duplicates
    if not found:
        return
    characters = sum(one.characters for one in found)
    first = found[0]
    count = f"{len(found)} passages repeat" if len(found) > 1 else f"{facts.name(first.source)} repeats"
    yield Hit(
        f"{count} what an earlier passage says ({characters:,} characters for nothing)",
        (
            facts.evidence(first.original, f"first in {facts.name(first.earlier)}"),
            facts.evidence(first.passage, f"again in {facts.name(first.source)}"),
        ),
        facts={
            "duplicates": [
                [facts.name(one.source), facts.name(one.earlier), round(one.share, 2)] for one in found[:50]
            ],
            "characters": characters,
        },
    )


def _unrelated(facts: Sourced) -> Iterator[Hit]:
    corpus, unrelated = facts.examination.corpus, facts.examination.waste.unrelated
    if not unrelated or (2 * len(unrelated) < len(corpus.retrieved) and len(unrelated) < 3):
        return
    statements = [corpus.of(number)[0] for number in unrelated if corpus.of(number)]
    yield Hit(
        f"{len(unrelated)} of {len(corpus.retrieved)} passages share no content word with the question or the answer",
        tuple(facts.evidence(corpus.passage(one), f"{facts.name(one.source)} begins so") for one in statements[:3]),
        confidence=Confidence.LOW,
        facts={"unrelated": [facts.name(number) for number in unrelated[:50]]},
    )


@check.repairs
def repairs(hit: Hit, analysis: Analysis) -> Iterator[Repair]:
    """Leave out what repeats an earlier passage, or has nothing of the question and the answer."""
    facts = analysis.sourced
    if "unrelated" in hit.facts:
        yield from remove(
            "Leave the unrelated passages out", [facts.segments[one] for one in facts.examination.waste.unrelated]
        )
        return
    for one in facts.examination.waste.duplicates:
        yield from cut_out("Leave the repeated passage out", facts.evidence(one.passage, "again"))

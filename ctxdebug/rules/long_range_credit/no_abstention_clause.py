"""Documents are given, and the prompt does not say what to do when they do not contain the answer.

A model that is not allowed to say "I don't know" answers all the same. Permission to abstain is the cheapest protection against
invented answers.

## Fix

Add: "If the documents do not contain the answer, say that you do not know", and name who does.

## Source

Anthropic, "Reduce hallucinations" (allow the model to say "I don't know"); OpenAI, GPT-4.1 prompting guide, section 2.
"""

from __future__ import annotations

from collections.abc import Iterator

from ctxdebug.analysis import Analysis
from ctxdebug.analysis.freedom.prompt_clauses import Silent, silent_on
from ctxdebug.model import Confidence, Hit, NotChecked, Repair, RepairKind, Severity, whole
from ctxdebug.questions import Question
from ctxdebug.rules import rule


@rule(
    "LRC501",
    "no-abstention-clause",
    question=Question.FALLBACK_DEFINED,
    severity=Severity.NOTE,
    confidence=Confidence.MEDIUM,
    explains=15,
)
def check(analysis: Analysis) -> Iterator[Hit | NotChecked]:
    """Look for a word about missing answers wherever documents are given to answer from."""
    found = silent_on(analysis, "abstain", "grounding.abstain")
    if not isinstance(found, Silent):
        yield from () if found is None else (found,)
        return
    yield Hit(
        "the prompt does not say what to do when the documents do not contain the answer",
        (whole(found.rules, "the instructions, which do not say"), whole(found.documents[0], "the first document")),
    )


@check.repairs
def repairs(hit: Hit, _: Analysis) -> Iterator[Repair]:
    """Add the missing sentence to the rules."""
    rules = hit.evidence[0].segment
    if rules is not None:
        text = "If the documents do not contain the answer, say that you do not know."
        yield Repair(
            "Say what to do when the documents do not contain the answer", RepairKind.ADD_INSTRUCTION, text, (rules.id,)
        )

"""Documents are given, and nothing asks for citations.

An answer without citations cannot be checked, neither by the reader nor by a test; and a model that has to name its source
invents less.

## Fix

Ask for the id of the document after every claim, and show the form: `[doc-3]`.

## Source

Anthropic, "Reduce hallucinations" (verify with citations); OpenAI, GPT-4.1 prompting guide, customer service example.
"""

from __future__ import annotations

from collections.abc import Iterator

from ctxdebug.analysis import Analysis
from ctxdebug.analysis.freedom.prompt_clauses import documents, instructed, says, unread
from ctxdebug.model import Confidence, Hit, NotChecked, Repair, RepairKind, Severity, whole
from ctxdebug.questions import Question
from ctxdebug.rules import rule


@rule(
    "LRC405",
    "no-citation-demand",
    question=Question.CITATIONS_REQUIRED,
    severity=Severity.NOTE,
    confidence=Confidence.MEDIUM,
    explains=5,
)
def check(analysis: Analysis) -> Iterator[Hit | NotChecked]:
    """Look for a word about citations wherever documents are given to answer from."""
    retrieved, rules = documents(analysis), instructed(analysis)
    if not retrieved or rules is None or says(analysis, "cite", "grounding.cite") or _native(analysis):
        return
    reason = unread(analysis)
    if reason is not None:
        yield NotChecked(reason)
        return
    yield Hit(
        f"{len(retrieved)} document{'s' if len(retrieved) > 1 else ''} given, and nothing asks for citations",
        (whole(rules, "the rules, which do not speak of citations"), whole(retrieved[0], "the first document")),
    )


def _native(analysis: Analysis) -> bool:
    """Whether the provider cites by itself (Anthropic's document citations, Cohere's documents)."""
    snapshot = analysis.snapshot
    if snapshot.format.startswith("cohere"):
        return True
    return (
        "citations" in str(snapshot.request)[:2_000_000]
        if snapshot.format.startswith(("anthropic", "bedrock"))
        else False
    )


@check.repairs
def repairs(hit: Hit, _: Analysis) -> Iterator[Repair]:
    """Add the missing sentence to the rules."""
    rules = hit.evidence[0].segment
    if rules is not None:
        text = "Cite the document for every claim."
        yield Repair("Require a citation for every claim", RepairKind.ADD_INSTRUCTION, text, (rules.id,))

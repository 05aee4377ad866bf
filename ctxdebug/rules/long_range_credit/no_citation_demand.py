"""Documents are given, and the prompt does not ask for citations.

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
from ctxdebug.analysis.freedom.prompt_clauses import Silent, provides, silent_on
from ctxdebug.model import Confidence, Hit, NotChecked, Repair, RepairKind, Severity, whole
from ctxdebug.questions import Question
from ctxdebug.rules import rule
from ctxdebug.text.plural import plural


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
    found = None if _cites_itself(analysis) else silent_on(analysis, "cite", "grounding.cite")
    if not isinstance(found, Silent):
        yield from () if found is None else (found,)
        return
    yield Hit(
        f"{plural(len(found.documents), 'document')} given, and nothing asks for citations",
        (
            whole(found.rules, "the instructions, which do not mention citations"),
            whole(found.documents[0], "the first document"),
        ),
    )


_MOST_READ = 2_000_000
"""Characters of a request that are searched for the provider's own word."""


def _cites_itself(analysis: Analysis) -> bool:
    """Whether the provider adds citations by itself, always or because the request turns them on."""
    cites = provides(analysis, "cites")
    return cites == "always" or (cites == "on request" and "citations" in str(analysis.snapshot.request)[:_MOST_READ])


@check.repairs
def repairs(hit: Hit, _: Analysis) -> Iterator[Repair]:
    """Add the missing sentence to the rules."""
    rules = hit.evidence[0].segment
    if rules is not None:
        text = "Cite the document for every claim."
        yield Repair("Require a citation for every claim", RepairKind.ADD_INSTRUCTION, text, (rules.id,))

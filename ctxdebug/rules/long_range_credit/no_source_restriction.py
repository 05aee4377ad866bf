"""Documents are given, and the prompt does not say that the answer must be supported by them.

The model then mixes what it read with what it learned in training, and nobody can tell the two apart.

## Fix

Say whether the model may use its own knowledge: "Answer only from the documents" or "Use the documents first, and say so when
you add general knowledge".

## Source

OpenAI, GPT-4.1 prompting guide, section 2 (internal and external knowledge); Anthropic, "Reduce hallucinations".
"""

from __future__ import annotations

from collections.abc import Iterator

from ctxdebug.analysis import Analysis
from ctxdebug.analysis.freedom.prompt_clauses import Silent, silent_on
from ctxdebug.model import Confidence, Hit, NotChecked, Repair, RepairKind, Severity, whole
from ctxdebug.questions import Question
from ctxdebug.rules import rule


@rule(
    "LRC406",
    "no-source-restriction",
    question=Question.UNSUPPORTED_CLAIMS_DISALLOWED,
    severity=Severity.NOTE,
    confidence=Confidence.MEDIUM,
    explains=15,
)
def check(analysis: Analysis) -> Iterator[Hit | NotChecked]:
    """Look for a rule about own knowledge wherever documents are given to answer from."""
    found = silent_on(analysis, "only", "grounding.only_context")
    if not isinstance(found, Silent):
        yield from () if found is None else (found,)
        return
    yield Hit(
        "documents are given, and nothing says whether the answer may go beyond them",
        (whole(found.rules, "the instructions, which do not say"), whole(found.documents[0], "the first document")),
    )


@check.repairs
def repairs(hit: Hit, _: Analysis) -> Iterator[Repair]:
    """Add the missing sentence to the rules."""
    rules = hit.evidence[0].segment
    if rules is not None:
        text = "Answer only from the documents."
        yield Repair("Restrict the answer to the documents", RepairKind.ADD_INSTRUCTION, text, (rules.id,))

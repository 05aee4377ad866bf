"""Documents are given, and nothing says that the answer must stand on them.

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
from ctxdebug.analysis.freedom.prompt_clauses import documents, instructed, says, unread
from ctxdebug.model import Confidence, Hit, NotChecked, Severity, Step, whole
from ctxdebug.rules import rule


@rule(
    "LRC406",
    "no-source-restriction",
    step=Step.FREEDOM,
    severity=Severity.NOTE,
    confidence=Confidence.MEDIUM,
    explains=15,
    adds="Answer only from the documents.",
)
def check(analysis: Analysis) -> Iterator[Hit | NotChecked]:
    """Look for a rule about own knowledge wherever documents are given to answer from."""
    retrieved, rules = documents(analysis), instructed(analysis)
    if not retrieved or rules is None or says(analysis, "only", "grounding.only_context"):
        return
    reason = unread(analysis)
    if reason is not None:
        yield NotChecked(reason)
        return
    yield Hit(
        "documents are given, and nothing says whether the answer may go beyond them",
        (whole(rules, "the rules, which do not say"), whole(retrieved[0], "the first document")),
    )

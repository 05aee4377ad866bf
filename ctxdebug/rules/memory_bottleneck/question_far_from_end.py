"""The question is before long documents, and the model's vendor advises to put it after them.

What was asked is thousands of tokens away when the answer begins. Vendors of long-context models measure better answers with the
documents on top and the question last.

## In short

Bad: `Which sheet did Ola write?`, and then nine thousand tokens of documents. Good: the documents, and then the question. (Whole
examples: `fixtures/rules/MEM302`.)

## Fix

Put the documents first and the question last; or say the question again behind them.

## Limits

Advice and no law: it is told only for models whose vendor gives it, and only for documents that the program put there. Tool results come
after their question by nature.
"""

from __future__ import annotations

from collections.abc import Iterator

from ctxdebug.analysis import Analysis
from ctxdebug.analysis.position import question_far
from ctxdebug.model import Confidence, Hit, Severity, quote, whole
from ctxdebug.questions import Question
from ctxdebug.rules import rule
from ctxdebug.rules.repairs import question_last


@rule("MEM302", "question-far-from-end", question=Question.WELL_PLACED, severity=Severity.NOTE, confidence=Confidence.MEDIUM, explains=12,
      tags=("TRAIL:context-handling-failure",))  # fmt: skip
def check(analysis: Analysis) -> Iterator[Hit]:
    """Measure what stands behind the question."""
    found = question_far(analysis)
    if found is None:
        return
    yield Hit(
        f"~{found.behind:,} of ~{analysis.prompt.total.value:,} tokens are documents behind the question; "
        f"the vendor's advice for {analysis.snapshot.model}: {found.advice.advice}",
        (
            whole(found.question, "the question"),
            quote(found.first, 0, min(80, len(found.first.text)), "the first document behind it"),
        ),
        facts={"behind": found.behind, "source": found.advice.source},
    )


check.repairs(question_last)

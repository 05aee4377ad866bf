"""The question is before long documents, and the model's vendor advises the other order.

Vendors measured where a question is answered best. For their own models Anthropic and Google advise long documents first and
the question last; others advise both ends. So this is told for the models that it holds for, and for long documents only.

## Fix

Put the documents first and the question, with the rules for its answer, after them.

## Source

Anthropic, long context prompting tips (documents of 20K tokens and more); Google Cloud, Gemini 3 prompting guide.
"""

from __future__ import annotations

from collections.abc import Iterator

from ctxdebug.analysis import Analysis
from ctxdebug.analysis.freedom.prompt_clauses import advised, documents
from ctxdebug.model import Confidence, Hit, Severity, quote, whole
from ctxdebug.questions import Question
from ctxdebug.rules import rule
from ctxdebug.rules.repairs import question_last


@rule(
    "LRC412",
    "question-before-documents",
    question=Question.WELL_PLACED,
    severity=Severity.NOTE,
    confidence=Confidence.MEDIUM,
    explains=20,
)
def check(analysis: Analysis) -> Iterator[Hit]:
    """Compare the place of the question with that of the documents in the same message."""
    row, question = advised(analysis, "question-after-documents"), analysis.question
    if row is None or question is None:
        return
    prompt = analysis.prompt
    message = question.id.partition(".")[0]
    after = [
        d
        for d in documents(analysis)
        if d.id.partition(".")[0] == message and prompt.starts[d.id] > prompt.starts[question.id]
    ]
    tokens = sum(prompt.segments[document.id].value for document in after)
    if tokens >= row["tokens"]:
        yield Hit(
            f"~{tokens:,} tokens of documents are after the question; for this model the question belongs at the end",
            (
                quote(question, 0, min(len(question.text), 200), "the question"),
                whole(after[0], "the first document after it"),
            ),
            facts={"tokens": tokens, "source": row["source"]},
        )


check.repairs(question_last)

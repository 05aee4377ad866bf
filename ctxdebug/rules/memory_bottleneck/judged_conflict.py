"""An LLM judge says that two sources contradict each other on what was asked.

Offline methods find different values for the same thing. They do not find "open to everyone" against "members only". A judge
can; its word is a finding of its own, with its own confidence, and is recorded so that the run can be repeated.

## In short

Bad: one page says that dogs are welcome, another that no animals may enter, and the question was about a dog. Good: both speak of
opening hours and agree. (Whole examples: `fixtures/rules/MEM408`; they need a judge.)

## Fix

Decide which source wins, keep the other out of the index, and say in the prompt what to do when sources disagree.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import TYPE_CHECKING

from ctxdebug.analysis import Analysis
from ctxdebug.model import Confidence, Hit, Need, NotChecked, Severity
from ctxdebug.questions import Question
from ctxdebug.rules import rule

if TYPE_CHECKING:
    from ctxdebug.analysis.sources.source import Passage

_MOST_PAIRS = 6


@rule("MEM408", "judged-conflict", question=Question.SOURCES_AGREE, severity=Severity.WARNING, confidence=Confidence.MEDIUM,
      needs=(Need.JUDGE,), explains=55, tags=("BREUNIG:clash", "OWASP:LLM09"))  # fmt: skip
def check(analysis: Analysis) -> Iterator[Hit | NotChecked]:
    """Ask about the passages nearest to the question, source against source, where no typed conflict was found."""
    judge, question = analysis.options.judge, analysis.question
    sourced = analysis.sourced
    if judge is None or question is None or sourced.competing < 2:
        return
    found = sourced.examination
    known = {frozenset((conflict.left.source, conflict.right.source)) for conflict in found.conflicts}
    asked = found.question
    nearest = found.corpus.nearest(asked.stems if asked is not None else frozenset(), 12)
    best: dict[int, Passage] = {}
    for statement in nearest:
        passage = found.corpus.passage(statement)
        if found.sources[passage.source].retrieved:
            best.setdefault(passage.source, passage)
    pairs = [
        pair for pair in combinations(best.values(), 2) if frozenset((pair[0].source, pair[1].source)) not in known
    ]
    unusable = 0
    for left, right in pairs[:_MOST_PAIRS]:
        judgement = judge(
            f"Do these two passages contradict each other on this question: {question.text[:500]}",
            [
                (sourced.name(left.source), found.corpus.words(left)),
                (sourced.name(right.source), found.corpus.words(right)),
            ],
        )
        unusable += judgement.answer is None
        if judgement.answer:
            yield Hit(
                f"an LLM judge says that {sourced.name(left.source)} and {sourced.name(right.source)} contradict each other: {judgement.why}",
                (sourced.evidence(left, "one side"), sourced.evidence(right, "the other side")),
            )
    if unusable:
        yield NotChecked(f"{unusable} of the LLM judge's replies could not be used")

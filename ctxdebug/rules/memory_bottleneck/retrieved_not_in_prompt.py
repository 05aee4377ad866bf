"""Retrieval returned passages, and the code between it and the model left them out.

The trace holds a retriever's run with documents, and the model call of the same trace has none of their sentences, or only the
beginning of them. The index is in order; the fault is in the code that assembles the prompt: a wrong variable, a filter, a budget that
cuts the best passage first. With a fact (`--fact`), MEM401 says where that fact got lost, and this rule is silent.
(Complete examples: `fixtures/rules/MEM411`.)

## Fix

Log the assembled prompt beside what was retrieved, and assert that every passage that passed the filter is in it. Look at the code
between the retriever and the model, not at the index.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ctxdebug.analysis import Analysis
from ctxdebug.model import Confidence, Evidence, Hit, Need, Severity, whole
from ctxdebug.questions import Fallback, Question
from ctxdebug.rules import rule

if TYPE_CHECKING:
    from ctxdebug.analysis.sources.retrieval import Passed, Retrieved

_MOST_SHOWN = 3
_BETTER = 0.3
"""Share of the question by which a passage that was left out must cover more than every one that was put in."""


@rule("MEM411", "retrieved-not-in-prompt", question=Question.FACTS_PRESENT, fallback=Fallback.RETRIEVE, severity=Severity.ERROR,
      explains=92, needs=(Need.RESPONSE,), tags=("TRAIL:poor-retrieval", "OWASP:LLM08"))  # fmt: skip
def check(analysis: Analysis) -> Iterator[Hit]:
    """Compare what the trace retrieved with what the prompt contains."""
    if analysis.options.facts or not analysis.beside:
        return
    ways = analysis.sourced.passed
    left = [one for one in ways if one.way.value == "never put into the prompt"]
    cut = [one for one in ways if one.way.value == "cut on the way into the prompt"]
    if left and len(left) == len(ways):
        yield _hit(
            analysis, left, f"{len(left)} of {len(ways)} retrieved passages were never put into the prompt", None
        )
        return
    best = max(
        (analysis.sourced.covers(one.passage.text) for one in ways if one not in left and one not in cut), default=0.0
    )
    for found, words in (
        (left, "was retrieved and never put into the prompt"),
        (cut, "was cut on the way into the prompt"),
    ):
        better = [one for one in found if analysis.sourced.covers(one.passage.text) >= best + _BETTER]
        if better:
            yield _hit(analysis, better, f"the passage that covers the question best {words}", Severity.WARNING)


def _hit(analysis: Analysis, found: list[Passed], words: str, severity: Severity | None) -> Hit:
    names = ", ".join(one.passage.id or "a passage" for one in found[:_MOST_SHOWN])
    evidence: list[Evidence] = [_shown(one.passage) for one in found[:_MOST_SHOWN]]
    if analysis.question is not None:
        evidence.append(whole(analysis.question, "the question, which the model answered without them"))
    return Hit(
        f"{words}: {names}",
        tuple(evidence),
        severity=severity,
        confidence=Confidence.HIGH if severity is None else Confidence.MEDIUM,
        facts={"retrieved": len(analysis.beside), "left": [one.passage.id for one in found][:50]},
    )


def _shown(passage: Retrieved) -> Evidence:
    note = "retrieved, and not in the prompt"
    if passage.segment is None:
        return Evidence(note, pointer=passage.pointer, text=passage.text[:400])
    return Evidence(note, passage.segment, 0, len(passage.segment.text), snapshot=passage.snapshot)

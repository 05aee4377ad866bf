"""The passage that fits the question best is in the middle of a long context, and the answer does not use it.

Models read the beginning and the end of a long context best. What stands between is found less often, though it was
retrieved, paid for and sent.

## In short

Bad: of seventy passages, the thirtieth names who did what was asked for, and the answer says that no document does. Good: it is the
first or the last. (Whole examples: `fixtures/rules/MEM301`.)

## Fix

Send fewer passages, and put the best ones first or last. Name the expected fact (`--fact`) to learn whether it was there at all.

## Limits

A heuristic, after Liu et al. 2023 ("Lost in the Middle", arXiv:2307.03172): which passage fits best is judged by shared words, and
newer models overlook less.
"""

from __future__ import annotations

from collections.abc import Iterator

from ctxdebug.analysis import Analysis
from ctxdebug.analysis.position import overlooked
from ctxdebug.model import Confidence, Evidence, Hit, Kind, Need, Repair, RepairKind, Severity, whole
from ctxdebug.questions import Question
from ctxdebug.rules import rule


@rule("MEM301", "lost-in-the-middle", question=Question.WELL_PLACED, severity=Severity.NOTE, confidence=Confidence.MEDIUM, explains=40,
      needs=(Need.RESPONSE,), tags=("TRAIL:context-handling-failure", "BREUNIG:distraction"))  # fmt: skip
def check(analysis: Analysis) -> Iterator[Hit]:
    """Find the source that covers the question, where it stands, and whether the answer used it."""
    found = overlooked(analysis)
    if found is None:
        return
    name = analysis.sourced.name(found.source)
    evidence: list[Evidence] = [
        analysis.sourced.evidence(
            found.passage, f"covers {found.coverage:.0%} of the question's words, {found.share:.0%} into the prompt"
        )
    ]
    if analysis.question is not None:
        evidence.append(whole(analysis.question, "the question"))
    does = "declines" if found.declined else "is based on other sources"
    yield Hit(
        f"{name} fits the question best and is {found.share:.0%} into a prompt of ~{analysis.prompt.total.value:,} tokens, "
        f"where models look least; the answer {does}",
        tuple(evidence),
        confidence=None if found.declined else Confidence.LOW,
        facts={
            "source": name,
            "position": round(found.share, 2),
            "coverage": round(found.coverage, 2),
            "declined": found.declined,
        },
    )


@check.repairs
def repairs(_: Hit, analysis: Analysis) -> Iterator[Repair]:
    """Move the best source to the front of the documents."""
    found = overlooked(analysis)
    best = analysis.sourced.segments[found.source] if found is not None else None
    first = next((one for one in analysis.sourced.segments if one is not None and one.kind is Kind.DOCUMENT), None)
    if best is not None and first is not None and best.kind is Kind.DOCUMENT and best.role is first.role:
        yield Repair("Put the best source first", RepairKind.MOVE_BLOCK, segments=(best.id,), before=first.id)

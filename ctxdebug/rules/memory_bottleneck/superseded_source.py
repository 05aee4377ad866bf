"""The answer used the older of two sources that disagree.

Both documents came back from retrieval, they show dates, versions or a mark that one was replaced, and the answer took its
value from the older one. Dated memories in the prompt are read in the same way.

## Bad

    system: Answer only from the documents and cite their ids. If they do not hold the answer or disagree, say so.
    user: How many days of unused leave can I carry over?
    tool[search_policies]: <document id="handbook-2022">Last updated: 2022-03-01. Up to 10 days of unused leave may be carried \
over to the next year.</document>
    <document id="policy-2025">Last updated: 2025-01-15. Up to 5 days of unused leave may be carried over to the next year.</document>
    assistant: You can carry over up to 10 days of unused leave [handbook-2022].

## Bad

    system: You remember what the user told you.
    - 2024-03-01: The user lives in Hamburg.
    - 2025-06-10: The user lives in Lisbon.
    user: In which city do I live?
    assistant: The user lives in Hamburg.

## Good

    system: You remember what the user told you.
    - 2024-03-01: The user lives in Hamburg.
    - 2025-06-10: The user lives in Lisbon.
    user: In which city do I live?
    assistant: The user lives in Lisbon.

## Good

    system: Answer only from the documents and cite their ids. If they do not hold the answer or disagree, say so.
    user: How many days of unused leave can I carry over?
    tool[search_policies]: <document id="handbook-2025">Last updated: 2025-03-01. Up to 5 days of unused leave may be carried \
over to the next year.</document>
    <document id="policy-2025">Last updated: 2025-01-15. Up to 5 days of unused leave may be carried over to the next year.</document>
    assistant: You can carry over up to 5 days of unused leave [policy-2025].

## Fix

Retrieve the version in force: store valid-from and valid-to dates with each document and filter by them, or remove what was
replaced. Show the dates to the model, and tell it which one wins.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ctxdebug.analysis import Analysis
from ctxdebug.model import Confidence, Demand, Finding, Hit, Repair, Severity, quote
from ctxdebug.questions import Fallback, Question
from ctxdebug.rules import rule
from ctxdebug.rules.facts import fact_texts
from ctxdebug.rules.repairs import cut_out, remove

if TYPE_CHECKING:
    from ctxdebug.analysis.sources.examination import Superseded
    from ctxdebug.analysis.sources.memories import SupersededMemory
    from ctxdebug.analysis.sources.sourced import Sourced


@rule("MEM403", "superseded-source", question=Question.SOURCES_AGREE, fallback=Fallback.CLARIFY, severity=Severity.ERROR, explains=95,
      tags=("BREUNIG:clash", "OWASP:LLM09"))  # fmt: skip
def check(analysis: Analysis) -> Iterator[Hit]:
    """Hold the dates of conflicting sources against the side that the answer took."""
    facts = analysis.sourced
    if analysis.answer and facts.competing > 1:
        for one in facts.examination.superseded:
            yield _hit(facts, one)
    if analysis.answer:
        for memory in facts.remembered.superseded:
            yield _of_memory(memory)


def _of_memory(one: SupersededMemory) -> Hit:
    older, newer = one.older, one.newer
    return Hit(
        f"two memories disagree, and the answer used the older one: “{one.older_value}” ({older.date}) ↔ “{one.newer_value}” ({newer.date})",
        (
            quote(older.segment, older.start, older.start + len(older.said.text), "the older memory; the answer follows it"),
            quote(newer.segment, newer.start, newer.start + len(newer.said.text), "the newer memory"),
        ),
        confidence=Confidence.HIGH,
        facts={
            "kind": one.kind, "basis": "memory", "older_value": one.older_value, "newer_value": one.newer_value, "older_date": older.date,
            "newer_date": newer.date,
        },
    )  # fmt: skip


def _hit(facts: Sourced, one: Superseded) -> Hit:
    conflict = one.conflict
    left_is_older = conflict.left.source == one.older
    older, newer = (conflict.left, conflict.right) if left_is_older else (conflict.right, conflict.left)
    old, new = (
        (conflict.left_value, conflict.right_value) if left_is_older else (conflict.right_value, conflict.left_value)
    )
    typed = conflict.sure
    return Hit(
        f"two sources disagree, and the answer used the older one: “{old}” ({facts.name(one.older)}, {one.older_dating.shown or 'replaced'}) ↔ "
        f"“{new}” ({facts.name(one.newer)}, {one.newer_dating.shown or 'not marked as replaced'})",
        (facts.evidence(older, f"the older source says {old}; the answer follows it"), facts.evidence(newer, f"the newer source says {new}")),
        severity=None if typed else Severity.WARNING,
        confidence=Confidence.HIGH if typed and conflict.score >= 0.7 else Confidence.MEDIUM if typed else Confidence.LOW,
        facts={
            "kind": conflict.kind, "older": facts.name(one.older), "newer": facts.name(one.newer), "older_value": old, "newer_value": new,
            "older_date": one.older_dating.shown, "newer_date": one.newer_dating.shown, "basis": conflict.basis.value,
            "score": round(conflict.score, 2), "relevance": round(conflict.relevance, 2),
        },
    )  # fmt: skip


@check.demands
def demands(finding: Finding, _: Analysis | None) -> Iterator[Demand]:
    """Demand the current value and not the superseded one."""
    for text in fact_texts(finding, "newer_value"):
        yield Demand("contains", text, "the current value")
    for text in fact_texts(finding, "older_value"):
        yield Demand("not-contains", text, "the superseded value")


@check.repairs
def repairs(hit: Hit, _: Analysis) -> Iterator[Repair]:
    """Leave the older source or memory out."""
    if hit.facts["basis"] == "memory":
        yield from cut_out("Leave the older memory out", hit.evidence[0])
    else:
        yield from remove("Leave the older source out", [hit.evidence[0].segment])

"""Two sources contradict each other.

The model picks one, without saying so, and picks another one tomorrow. Both values are shown, with the dates of both sources
and the side that the answer took. Which of them is right is not decided here.

## Bad

    system: Answer only from the documents and cite their ids. If they do not hold the answer or disagree, say so.
    user: How many days can I return unused items?
    tool[search_policies]: <document id="shop-faq">Customers may return unused items within 30 days of delivery.</document>
    <document id="terms">Customers may return unused items within 14 days of delivery.</document>
    assistant: You may return unused items within 30 days of delivery [shop-faq].

## Bad

    system: Answer only from the documents and cite their ids. If they do not hold the answer or disagree, say so.
    user: How many days can I return unused items?
    tool[search_policies]: <document id="shop-faq" date="2023-02-01">Customers may return unused items within 30 days of delivery.</document>
    <document id="terms" date="2025-06-01">Customers may return unused items within 14 days of delivery.</document>

## Bad

    system: You help with travel.
    User memories:
    - User lives in Hamburg.
    - User has two cats.
    - User lives in Lisbon.
    user: Where do I live?
    assistant: You live in Hamburg.

## Good

    system: You help with travel.
    User memories:
    - User lives in Hamburg.
    - User's sister lives in Lisbon.
    user: Where do I live?
    assistant: You live in Hamburg.

## Good

    system: Answer only from the documents and cite their ids. If they do not hold the answer or disagree, say so.
    user: How many days can I return unused items?
    tool[search_policies]: <document id="shop-faq">Customers may return unused items within 30 days of delivery.</document>
    <document id="terms">Unused items can be sent back for 30 days after delivery. Refunds are paid within 5 days.</document>
    assistant: You may return unused items within 30 days of delivery [shop-faq].

## Good

    system: Answer only from the documents and cite their ids. If they do not hold the answer or disagree, say so.
    user: How long are audit logs kept on the Team plan?
    tool[search_docs]: <document id="team">Audit logs are retained for 90 days on the Team plan.</document>
    <document id="enterprise">Audit logs are retained for 365 days on the Enterprise plan.</document>
    assistant: On the Team plan, audit logs are retained for 90 days [team].

## Fix

Keep one owner per fact: drop the outdated document from the index, or filter by date, plan and region before retrieval. In
the prompt, say what to do when sources disagree: name both, prefer the newer, or ask.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ctxdebug.analysis import Analysis
from ctxdebug.model import Confidence, Demand, Finding, Hit, NotChecked, Repair, Severity, quote
from ctxdebug.questions import Fallback, Question
from ctxdebug.rules import rule
from ctxdebug.rules.facts import fact_texts
from ctxdebug.rules.repairs import remove

if TYPE_CHECKING:
    from ctxdebug.analysis.sources.conflict import Conflict
    from ctxdebug.analysis.sources.dating import Dating
    from ctxdebug.analysis.sources.memories import SupersededMemory
    from ctxdebug.analysis.sources.sourced import Sourced

MOST = 8
"""Conflicts told per exchange; the rest is counted."""
_SURE = 0.7


_RELEVANT = 0.5
"""The least relevance of a conflict for the question, 0 to 1, at which a case demands both values."""


@rule("MEM402", "conflicting-sources", question=Question.SOURCES_AGREE, fallback=Fallback.CLARIFY, severity=Severity.WARNING, explains=60,
      tags=("BREUNIG:clash", "OWASP:LLM09"))  # fmt: skip
def check(analysis: Analysis) -> Iterator[Hit | NotChecked]:
    """Tell the conflicts, those that matter for the question first; superseded ones are told by MEM403."""
    facts = analysis.sourced
    for memory in facts.remembered.disagreeing:
        yield _of_memories(memory)
    if facts.competing < 2:
        return
    examined = facts.examination
    told = {id(one.conflict) for one in examined.superseded}
    conflicts = [conflict for conflict in examined.conflicts if id(conflict) not in told]
    for conflict in conflicts[:MOST]:
        yield _hit(facts, conflict, len(conflicts))
    if examined.not_checked:
        yield NotChecked("offline, without a model to ask (--judge): " + "; ".join(examined.not_checked))


def _of_memories(one: SupersededMemory) -> Hit:
    a, b = one.older, one.newer
    note = "a memory says this, and not since when"
    return Hit(
        f"two memories disagree, and no date says which one is newer: “{one.older_value}” ↔ “{one.newer_value}”",
        (
            quote(a.segment, a.start, a.start + len(a.said.text), note),
            quote(b.segment, b.start, b.start + len(b.said.text), note),
        ),
        advice="Store the date with each memory and show it, and replace a memory instead of adding another one.",
        confidence=Confidence.MEDIUM,
        facts={"kind": one.kind, "basis": "memory", "left": one.older_value, "right": one.newer_value},
    )


def _hit(facts: Sourced, conflict: Conflict, total: int) -> Hit:
    left, right = conflict.left.source, conflict.right.source
    examined = facts.examination
    datings = {number: examined.dating(number) for number in (left, right)}
    words = " ↔ ".join(
        f"“{_short(value)}” ({facts.name(source)}{_dated(datings[source])})"
        for value, source in ((conflict.left_value, left), (conflict.right_value, right))
    )
    doubt = "" if conflict.anchored else "; neither names its subject: different referents?"
    more = f"; one of {total} conflicts" if total > MOST else ""
    typed = conflict.sure
    confidence = Confidence.LOW if not typed else Confidence.HIGH if conflict.score >= _SURE else Confidence.MEDIUM
    return Hit(
        f"two sources disagree on a {conflict.kind}: {words}{_taken(facts, conflict)}{doubt}{more}",
        (
            facts.evidence(conflict.left, f"{facts.name(left)} says {_short(conflict.left_value)}"),
            facts.evidence(conflict.right, f"{facts.name(right)} says {_short(conflict.right_value)}"),
        ),
        severity=Severity.WARNING if typed else Severity.NOTE,
        confidence=confidence,
        facts={
            "kind": conflict.kind, "basis": conflict.basis.value, "left": conflict.left_value, "right": conflict.right_value,
            "left_source": facts.name(left), "right_source": facts.name(right), "left_date": datings[left].shown, "right_date": datings[right].shown,
            "answer_used": conflict.used.value if conflict.used else None, "relevance": round(conflict.relevance, 2),
            "score": round(conflict.score, 2),
        },
    )  # fmt: skip


def _short(words: str) -> str:
    words = " ".join(words.split())
    return words if len(words) <= 60 else words[:57].rsplit(" ", 1)[0] + "…"


def _dated(dating: Dating) -> str:
    return f", {dating.shown}" if dating.shown else ""


def _taken(facts: Sourced, conflict: Conflict) -> str:
    if conflict.used is None:
        return ""
    if conflict.used.value == "neither":
        return "; the answer uses neither"
    if conflict.used.value == "both":
        return "; the answer names both"
    return f"; the answer uses {facts.name(conflict.left.source if conflict.used.value == 'left' else conflict.right.source)}"


@check.demands
def demands(finding: Finding, _: Analysis | None) -> Iterator[Demand]:
    """Nobody knows which side is right, so an answer that took one must name both, or ask."""
    values = fact_texts(finding, "left")[:1] + fact_texts(finding, "right")[:1]
    if finding.facts.get("answer_used") and finding.facts.get("relevance", 1.0) >= _RELEVANT and len(values) == 2:
        reason = "the sources disagree: name both values, or ask back"
        yield Demand(
            "any", (Demand("contains-all", values, reason), Demand("asks-clarification", True, reason)), reason
        )


@check.repairs
def repairs(hit: Hit, _: Analysis) -> Iterator[Repair]:
    """Leave the older source out, where both show their dates."""
    dates = [str(hit.facts.get(name) or "") for name in ("left_date", "right_date")]
    if all(dates) and dates[0] != dates[1]:
        older = hit.evidence[dates.index(min(dates))].segment
        yield from remove("Leave the older source out", [older])

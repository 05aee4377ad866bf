"""Two sources disagree, and the prompt does not say which one counts.

The model takes one of them without telling, the one that stands nearer to the end or that sounds surer.

## Bad (also MEM402, MEM403)

    system: Answer only from the documents, cite their ids, and say so if they do not hold the answer.
    user: How many days of leave may I carry over?
    tool[search]: <document id="handbook-2022" updated="2022-03-01">Employees may carry over up to 10 days of leave.</document>
    <document id="policy-2025" updated="2025-01-15">Employees may carry over up to 5 days of leave.</document>

## Good

    system: Answer only from the documents, cite their ids, and say so if they do not hold the answer.
    user: How many days of leave may I carry over?
    tool[search]: <document id="policy-2025" updated="2025-01-15">Employees may carry over up to 5 days of leave.</document>

## Fix

Say what to do: "If documents disagree, use the newest, and name both with their dates", or "ask which one applies".
"""

from __future__ import annotations

from collections.abc import Iterator

from ctxdebug.analysis import Analysis
from ctxdebug.analysis.freedom.prompt_clauses import authored, says, unread
from ctxdebug.model import Confidence, Evidence, Hit, NotChecked, Repair, RepairKind, Severity, whole
from ctxdebug.questions import Question
from ctxdebug.rules import rule


@rule(
    "LRC502",
    "no-rule-for-conflicts",
    question=Question.FALLBACK_DEFINED,
    severity=Severity.NOTE,
    confidence=Confidence.MEDIUM,
    explains=20,
)
def check(analysis: Analysis) -> Iterator[Hit | NotChecked]:
    """Where sources that matter for the question conflict, look for a word about it in the rules."""
    sourced, rules = analysis.sourced, authored(analysis)
    if rules is None or not sourced.retrieved:
        return
    conflicts = sourced.examination.conflicts
    if not conflicts or says(analysis, "disagree"):
        return
    reason = unread(analysis)
    if reason is not None:
        yield NotChecked(reason)
        return
    first = conflicts[0]
    evidence: list[Evidence] = [whole(rules, "the instructions, which do not say which source counts")]
    evidence += [
        sourced.evidence(side, "one side" if side is first.left else "the other") for side in (first.left, first.right)
    ]
    yield Hit(
        f"{sourced.name(first.left.source)} and {sourced.name(first.right.source)} disagree, and nothing says which one counts",
        tuple(evidence),
        facts={"conflicts": len(conflicts)},
    )


@check.repairs
def repairs(hit: Hit, _: Analysis) -> Iterator[Repair]:
    """Add the missing sentence to the rules."""
    rules = hit.evidence[0].segment
    if rules is not None:
        text = "If the documents disagree, use the most recent one and name both."
        yield Repair("Say which document counts when they disagree", RepairKind.ADD_INSTRUCTION, text, (rules.id,))

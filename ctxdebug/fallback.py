"""What a feature should do instead of guessing, as the findings of a case speak for it.

Ask a clarifying question, route to retrieval, escalate to a person, or abstain: one is recommended, with the
reason, for the finding that explains most.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from ctxdebug.model import Finding
from ctxdebug.rules import RULES


class Kind(StrEnum):
    """The four ways out."""

    CLARIFY = "clarify"
    RETRIEVE = "retrieve"
    ESCALATE = "escalate"
    ABSTAIN = "abstain"


@dataclass(frozen=True, slots=True)
class Fallback:
    """A recommendation: what to do, in words, and why."""

    kind: Kind
    what: str
    why: str
    code: str
    """The finding that speaks for it."""


_ROWS: tuple[tuple[tuple[str, ...], Kind, str, str], ...] = (
    (("LRC308",), Kind.ESCALATE, "stop before the next action and ask a person",
     "an order without authority was carried out"),
    (("MEM101", "MEM102", "MEM104", "MEM106"), Kind.RETRIEVE, "shorten the context, or fetch again what was lost, before answering",
     "the model did not have the whole context"),
    (("MEM105",), Kind.RETRIEVE, "fetch the rest of what was cut before answering", "the content was cut"),
    (("MEM403",), Kind.CLARIFY, "prefer the newer source and name both with their dates, or ask which one applies",
     "two sources disagree, and one is older"),
    (("MEM402",), Kind.CLARIFY, "ask which source applies, or give both with their origins", "two sources disagree"),
    (("MEM401",), Kind.RETRIEVE, "search again with other words; without a hit, say so", "the fact is not in the context"),
    (("MEM404", "MEM405", "MEM406", "LRC504"), Kind.ABSTAIN, "say that the sources do not hold it",
     "the answer says more than its sources"),
    (("LRC301", "LRC302", "LRC303", "LRC304", "LRC305", "LRC307"), Kind.ESCALATE,
     "let no tool with side effects run before a person has looked", "untrusted text gives orders"),
    (("LRC201", "LRC202", "LRC204"), Kind.CLARIFY, "ask which of the two rules holds", "the rules contradict each other"),
)  # fmt: skip


def recommended(findings: Sequence[Finding]) -> Fallback | None:
    """The fallback that the best explanation among the findings speaks for; None when nothing does."""
    rules = RULES.all()
    for finding in sorted(findings, key=lambda finding: -rules[finding.code].explains):
        row = next((row for row in _ROWS if finding.code.startswith(row[0])), None)
        if row is not None:
            _, kind, what, why = row
            return Fallback(kind, what, why, finding.code)
    return None

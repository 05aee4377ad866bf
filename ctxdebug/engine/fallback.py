"""What to do when an answer cannot be trusted: ask, retrieve, escalate or abstain, read off the findings of a case."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ctxdebug.model import Finding


class Fallback(StrEnum):
    """The four ways out."""

    CLARIFY = "ask a clarifying question"
    RETRIEVE = "retrieve again"
    ESCALATE = "escalate to a person"
    ABSTAIN = "abstain"


@dataclass(frozen=True, slots=True)
class Recommendation:
    """A way out, why, and the findings that speak for it."""

    action: Fallback
    reason: str
    codes: tuple[str, ...]


_TABLE: tuple[tuple[tuple[str, ...], Fallback, str], ...] = (
    (("LRC308",), Fallback.ESCALATE, "an order in untrusted content was obeyed: stop, and let a person look at what was done"),
    (("MEM101", "MEM102", "MEM104", "MEM105", "MEM106"), Fallback.RETRIEVE,
     "part of the context never reached the model: send it again before anything is concluded"),
    (("LRC207",), Fallback.RETRIEVE, "a standing rule was lost on the way: put it back and ask again"),
    (("MEM401",), Fallback.RETRIEVE, "the fact is not in the context: search again with other words, and abstain if it is not found"),
    (("LRC505",), Fallback.RETRIEVE, "the answer was there and was not used: send fewer passages, the best one first, and ask again"),
    (("MEM402", "MEM403"), Fallback.CLARIFY, "the sources disagree: ask which one applies, or take the newest and name both"),
    (("LRC201", "LRC202", "LRC204"), Fallback.CLARIFY, "the instructions cannot all be kept: ask which one counts"),
    (("LRC504", "MEM404", "MEM405", "MEM406"), Fallback.ABSTAIN, "the answer does not stand on the sources: say so instead of answering"),
    (("LRC503",), Fallback.ESCALATE, "a tool failed: try once more, then hand over"),
    (("LRC206",), Fallback.ESCALATE, "a rule that can be checked was broken: check in code, try once more with the fault named, then hand over"),
)  # fmt: skip
"""Codes of findings, strongest first, with the way out that they call for."""


def recommend(findings: Iterable[Finding]) -> Recommendation | None:
    """Recommend a way out; None when no finding puts the answer in doubt."""
    codes = tuple(dict.fromkeys(finding.code for finding in findings))
    for wanted, action, reason in _TABLE:
        seen = tuple(code for code in codes if code in wanted)
        if seen:
            return Recommendation(action, reason, seen)
    return None

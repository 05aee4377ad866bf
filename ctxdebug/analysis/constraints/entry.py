"""One instruction in its place in a context."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from ctxdebug.analysis.constraints import (
    Compliance,
    Constraint,
    Outcome,
)
from ctxdebug.model import Authority
from ctxdebug.records import record

if TYPE_CHECKING:
    from ctxdebug.model import Segment


class Status(StrEnum):
    """What became of a constraint before the model could obey it."""

    ACTIVE = "active"
    SUPERSEDED = "superseded"
    MISALIGNED = "misaligned"
    WITHOUT_AUTHORITY = "without authority"
    PAST = "of an earlier turn"
    DROPPED = "dropped"


class Examination(StrEnum):
    """What came of examining one instruction: exactly one of the three."""

    KEPT = "kept"
    BROKEN = "broken"
    NOT_CHECKABLE = "not checkable"


@record(frozen=True, slots=True)
class Entry:
    """One constraint in its place. `depth` is the share of the prompt before it, 0 to 1; `to_end` the tokens after it."""

    id: str
    constraint: Constraint
    segment: Segment
    message: int
    authority: Authority
    before: int
    to_end: int
    depth: float
    status: Status = Status.ACTIVE
    by: str | None = None
    """The entry that supersedes or outranks it, or delegates to it."""
    verdict: Compliance | None = None
    """None when there is no answer to check."""

    @property
    def binding(self) -> bool:
        """Whether the answer had to keep it."""
        return self.status is Status.ACTIVE

    @property
    def examination(self) -> Examination:
        """Whether the answer keeps it, breaks it, or cannot be held against it."""
        outcome = None if self.verdict is None else self.verdict.outcome
        return {Outcome.PASS: Examination.KEPT, Outcome.FAIL: Examination.BROKEN}.get(
            outcome or Outcome.UNCHECKED, Examination.NOT_CHECKABLE
        )

    @property
    def why(self) -> str:
        """Why it is kept, broken or not checkable, in a few words."""
        if self.verdict is not None:
            return self.verdict.reason
        return self.constraint.unchecked or "there is no answer to check"

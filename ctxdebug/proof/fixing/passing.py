"""When a repaired request passes: the expectation holds, whatever the words of the failure were."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ctxdebug.cases.exchanges import answer_of
from ctxdebug.proof.expectation import SameFailure, Seen
from ctxdebug.records import record

if TYPE_CHECKING:
    from ctxdebug.engine.run import RunOptions
    from ctxdebug.model import Snapshot


@record(frozen=True, slots=True)
class Broken(SameFailure):
    """Any answer that does not meet the expectation: an empty one never does, one that declines does where nothing else is demanded."""

    def judge(self, answered: Snapshot, run: RunOptions) -> Seen:
        """Judge a request with its new answer, offline."""
        text, calls = answer_of(answered)
        if not text.strip() and not calls:
            return Seen(True, "the answer is empty")
        return SameFailure.judge(self, answered, run)


def broken(failure: SameFailure) -> Broken:
    """Return the failure as a repair has to end it: the demanded words need not stay, since another answer is wanted."""
    return Broken(failure.expectation, failure.words, (), True)

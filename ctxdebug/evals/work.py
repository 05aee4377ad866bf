"""One case under way in a live run, and what is to be said of all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ctxdebug.evals.trials import Target, Trial, independent
from ctxdebug.records import field, record

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ctxdebug.cases.store import StoredCase

MOST_REPEATS = 5
"""Answers in a row that repeat earlier ones, after which a case is asked no more."""


@record(slots=True)
class Work:
    """One case under way."""

    stored: StoredCase
    body: dict[str, Any]
    digest: str
    target: Target
    trials: dict[int, Trial] = field(default_factory=dict)
    asked: int = 0
    pending: int = 0
    fault: str = ""
    decided: bool = False
    repeating: bool = False
    """Its answers repeat, so that asking on proves nothing more."""
    ready: bool = True
    """In the row of cases that may be asked."""

    def in_order(self) -> list[Trial]:
        """Return the trials up to the first that is missing, so that quick answers do not count before slow ones."""
        ordered = []
        for index in range(self.asked):
            if index not in self.trials:
                break
            ordered.append(self.trials[index])
        return ordered


def notes(works: Sequence[Work], format: str) -> Iterator[str]:
    """Yield what the results do not say themselves: rewritten requests, repeated and unjudged answers."""
    rewritten = [work for work in works if work.body and work.stored.case.request.format != format]
    if rewritten:
        formats = ", ".join(sorted({work.stored.case.request.format for work in rewritten}))
        yield f"{len(rewritten)} requests were written anew as {format}; the cases contain {formats}"
    repeated = sum(len(work.trials) - len(independent(work.trials.values())) for work in works)
    unjudged = sum(trial.outcome.passed is None for work in works for trial in work.trials.values())
    if repeated - unjudged > 0:
        yield f"{repeated - unjudged} answers came twice (the same response, or from a cache) and count once"
    repeating = [work for work in works if work.repeating]
    if repeating:
        names = ", ".join(work.stored.case.id for work in repeating[:4])
        more = f" and {len(repeating) - 4} more" if len(repeating) > 4 else ""
        yield (
            f"stopped early because {MOST_REPEATS} answers in a row repeated earlier ones (a seed, or a cache): "
            f"{names}{more}; asking on would prove nothing more"
        )
    if unjudged:
        yield f"{unjudged} answers could not be judged"

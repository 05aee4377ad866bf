"""Find a smallest context that still fails for the same reason, and say what was proved of it."""

from __future__ import annotations

from collections import Counter
from enum import StrEnum
from typing import TYPE_CHECKING

from ctxdebug.errors import EndpointError
from ctxdebug.evals.endpoint import BudgetError, NoAnswerError
from ctxdebug.proof.context import Context, finest
from ctxdebug.proof.reduction import Reduction
from ctxdebug.proof.sequential import Counts, FailureProof
from ctxdebug.proof.shrunk_doses import doses_of
from ctxdebug.records import record

if TYPE_CHECKING:
    from collections.abc import Callable

    from ctxdebug.proof.doses import DoseResponse
    from ctxdebug.proof.reduction import Progress
    from ctxdebug.proof.request import Request
    from ctxdebug.proof.trial import Experiment
    from ctxdebug.proof.units import Unit


class Outcome(StrEnum):
    """What came of shrinking."""

    SHRUNK = "shrunk"
    """What is left fails, confirmed on answers of its own."""
    NOT_CONFIRMED = "not confirmed"
    """It was shrunk, and the confirmation is missing or failed."""
    NOT_REPRODUCED = "not reproduced"
    """The whole request does not fail."""
    UNDECIDED = "undecided"
    """It is not clear whether the whole request fails."""


@record(frozen=True, slots=True)
class Kept:
    """A unit that is left, and what happened without it: answers, why it could not be left out, or None where it was not tried."""

    unit: Unit
    without: Counts | str | None


@record(frozen=True, slots=True)
class Shrunk:
    """The result of shrinking, as far as it came."""

    outcome: Outcome
    original: Request
    request: Request
    """What is left."""
    total: int
    """Units of the whole context."""
    kept: tuple[Kept, ...]
    whole: Counts
    """Answers to the whole request."""
    final: Counts
    """The answers that confirm what is left."""
    low: float
    """The rate of failure that counts as "does not fail"."""
    confidence: float
    answer: str = ""
    """A failing answer to what is left."""
    stopped: str = ""
    """Why it ended early, where it did."""
    error: EndpointError | None = None
    more: int | None = None
    """About how many more answers would show whether the whole request fails, where that is undecided."""
    doses: DoseResponse | None = None
    """How often it failed on the way, where what is left is not confirmed and answers are drawn."""
    notes: tuple[str, ...] = ()

    @property
    def removed(self) -> int:
        """How many units do not matter."""
        return self.total - len(self.kept)


def shrink(
    experiment: Experiment, confidence: float = 0.95, watch: Callable[[Progress[Request]], None] | None = None
) -> Shrunk:
    """Shrink the request of an experiment; what asking raises ends it with the best so far, Ctrl-C too."""
    context = Context(experiment)
    start = experiment.original
    reduction = Reduction(context, start, confidence, deterministic=experiment.deterministic, watch=watch)
    stopped, error = "", None
    verdict = None
    try:
        verdict = reduction.reproduced()
        if verdict is FailureProof.FAILS:
            reduction.reduce()
    except KeyboardInterrupt:
        stopped = "interrupted"
    except BudgetError as problem:
        stopped = str(problem)
    except NoAnswerError as problem:
        stopped, error = str(problem), problem
    return _result(context, reduction, verdict, stopped, error)


def _result(
    context: Context,
    reduction: Reduction[Request],
    verdict: FailureProof | None,
    stopped: str,
    error: EndpointError | None,
) -> Shrunk:
    experiment, progress = context.experiment, reduction.progress
    held = progress.thresholds
    if held is None:
        outcome = Outcome.NOT_REPRODUCED if verdict is FailureProof.PASSES else Outcome.UNDECIDED
    else:
        outcome = Outcome.SHRUNK if progress.confirmed else Outcome.NOT_CONFIRMED
    asks = not stopped and error is None
    drawn = outcome is Outcome.NOT_CONFIRMED and not experiment.deterministic
    doses = doses_of(experiment, progress.way, asks=asks) if drawn else None
    total = finest(experiment.original, experiment.run)
    kept = _kept(context, progress) if held is not None else tuple(Kept(unit, None) for unit in total)
    return Shrunk(
        outcome, experiment.original, progress.state, len(total), kept, progress.whole, progress.final,
        held.low if held is not None else 0.0, reduction.confidence, _failing_answer(experiment, progress),
        stopped, error, reduction.more_to_reproduce() if outcome is Outcome.UNDECIDED else None, doses, tuple(experiment.notes()),
    )  # fmt: skip


def _kept(context: Context, progress: Progress[Request]) -> tuple[Kept, ...]:
    """Return the units that are left, each with the last test without it; units are known again by their words."""
    tried: dict[tuple[str, str], Counts | str] = {}
    for name, why in progress.needed.items():
        unit = context.labels[name]
        tried[unit.kind, unit.label] = why
    left = finest(progress.state, context.experiment.run)
    alike = Counter((unit.kind, unit.label) for unit in left)
    return tuple(
        Kept(unit, tried.get((unit.kind, unit.label)) if alike[unit.kind, unit.label] == 1 else None) for unit in left
    )


def _failing_answer(experiment: Experiment, progress: Progress[Request]) -> str:
    if progress.thresholds is None:
        return ""
    held = experiment.held(progress.state)
    return next((answer.text for answer in held if answer.seen.fails), "")

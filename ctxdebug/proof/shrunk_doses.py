"""How often a request failed on the way from the whole to what is left: what is known where what is left is not confirmed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ctxdebug.evals.endpoint import NoAnswerError
from ctxdebug.proof.context import finest
from ctxdebug.proof.doses import Dose, DoseResponse
from ctxdebug.proof.trial import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ctxdebug.proof.request import Request
    from ctxdebug.proof.trial import Experiment

_STEPS = 5
"""States that are told of, the whole and the smallest among them."""
_RUNS = 20
"""Answers to each, as far as the budget goes."""


def doses_of(experiment: Experiment, states: Sequence[Request], *, asks: bool) -> DoseResponse | None:
    """Return the answers to some of the states, from all parts to the fewest; more are asked for unless the asking ended."""
    sized = {state.digest: (len(finest(state, experiment.run)), state) for state in states}
    steps = sorted(dict(sized.values()).items(), reverse=True)
    if len(steps) < 3:
        return None
    chosen = sorted({round(number * (len(steps) - 1) / (_STEPS - 1)) for number in range(_STEPS)})
    doses = []
    for size, state in (steps[number] for number in chosen):
        if asks:
            try:
                experiment.answers(state, _RUNS)
            except NoAnswerError:
                asks = False
        doses.append(Dose(size, counted(experiment.held(state))))
    return DoseResponse(tuple(dose for dose in doses if dose.counts.runs))

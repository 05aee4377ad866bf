"""Ask a request with fewer and fewer of its parts, in one order that is drawn once."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from ctxdebug.proof.blaming.verdicts import LOOKS
from ctxdebug.proof.doses import Dose, DoseResponse
from ctxdebug.proof.trial import RefusedError
from ctxdebug.proof.units import without

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ctxdebug.proof.sequential import Counts
    from ctxdebug.proof.trial import Experiment
    from ctxdebug.proof.units import Unit

FEWEST_DOSED = 4
"""Parts below which there are too few steps for a trend."""
_SHARES = (0.75, 0.5, 0.25, 0.0)


def dose_response(experiment: Experiment, units: Sequence[Unit], whole: Counts) -> DoseResponse:
    """Ask with three quarters of the parts, with half, a quarter and none; a step that may not be sent is left out."""
    order = list(units)
    random.Random(experiment.original.digest).shuffle(order)  # noqa: S311  (an order, no secret)
    doses = [Dose(len(order), whole)]
    for share in _SHARES:
        left = round(len(order) * share)
        try:
            counts = experiment.counts(without(experiment.original, order[left:]), LOOKS[-1])
        except RefusedError:
            continue
        doses.append(Dose(left, counts))
    return DoseResponse(tuple(doses))

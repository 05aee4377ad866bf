"""From how often a whole request fails to the rates at which a part of it still fails, or does not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ctxdebug.records import record

if TYPE_CHECKING:
    from ctxdebug.proof.sequential import Counts

_SHARE, _LOWEST, _NOISE = 0.8, 0.33, 0.13
"""The rate that still fails, as a share of the whole request's, and at least; and the least rate that is told from noise;
`tests/bench/shrinking.py` set them."""


@record(frozen=True, slots=True)
class Thresholds:
    """Rates of failure: at `high` a state still fails, at `low` it does not."""

    low: float
    high: float

    @classmethod
    def after(cls, whole: Counts, *, deterministic: bool) -> Thresholds:
        """Return the thresholds for a request that failed so often.

        A third of the rate counts as "does not fail": noise below that is told apart. Where every answer of a request
        without sampling fails, one answer tells.
        """
        if deterministic and whole.fails == whole.runs:
            return cls(0.05, 0.95)
        rate = (whole.fails + 0.5) / (whole.runs + 1)
        high = min(0.9, max(_LOWEST, _SHARE * rate))
        return cls(max(_NOISE, high / 3), high)

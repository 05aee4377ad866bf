"""Attribution after ContextCite (Cohen-Wang and others 2024): leave out random halves of the parts, and fit what that does.

What is fitted are the log-odds of the failing words, read from the log-probabilities of one answer a request, without
sampling. One answer tells more than "it fails", so it takes fewer calls than asking for each part; but a fit is no proof.
"""

from __future__ import annotations

import math
import random
from typing import TYPE_CHECKING

from ctxdebug.proof.attribution.failing_words import failing_words
from ctxdebug.proof.attribution.sparse_fit import sparse_fit
from ctxdebug.proof.attribution.token_logprobs import way_of
from ctxdebug.proof.trial import RefusedError
from ctxdebug.proof.units import without
from ctxdebug.records import record

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from ctxdebug.proof.attribution.failing_words import FailingWords
    from ctxdebug.proof.attribution.sparse_fit import Fit
    from ctxdebug.proof.attribution.token_logprobs import Token, Way
    from ctxdebug.proof.request import Request
    from ctxdebug.proof.trial import Experiment
    from ctxdebug.proof.units import Unit

FEWEST_PARTS = 4
"""Below it each part is asked for at once: a fit would need as many calls."""
_FIRST, _BATCH, _MOST = 16, 8, 64
"""Ablations before the first fit, between fits, and at most; `tests/bench/attribution.py` measures them."""
_ENOUGH = 0.8
"""Share of the variance of rows that are left out that a fit explains, for it to be taken when it names the same parts again."""
_LEAST = math.log(2)
"""Log-odds by which a part has to raise the failing words to be named: it doubles their odds."""
_TRIES = 4
"""Draws of a half before it is held that there is none that may be sent."""


@record(frozen=True, slots=True)
class Attributed:
    """One part, and by how much its being there raises the log-odds of the failing words."""

    unit: Unit
    weight: float
    error: float

    @property
    def times(self) -> float:
        """By how much it multiplies the odds."""
        return math.exp(min(self.weight, 20.0))


@record(frozen=True, slots=True)
class Attribution:
    """What was attributed, or why nothing could be."""

    words: str = ""
    """The failing words, quoted."""
    is_wanted: bool = False
    """Whether the failure is that these words do not come."""
    calls: int = 0
    parts: tuple[Attributed, ...] = ()
    """The parts that raise the odds of the failure, the strongest first."""
    looked_at: int = 0
    """How many parts were left out in turn."""
    explained: float = 0.0
    """The share of the variance that the fit explains, of ablations that it did not see."""
    missing: str = ""
    """Why there is no attribution; empty where there is one."""


def attribute(experiment: Experiment, units: Sequence[Unit]) -> Attribution:
    """Attribute the failure of an experiment's request to parts of it; raises what asking raises, but for refusals."""
    way, words = way_of(experiment.format), failing_words(experiment.failure)
    if way is None:
        return Attribution(missing=f"{experiment.format} endpoints give no log-probabilities")
    if words is None:
        return Attribution(missing="no words decide the failure, of which a log-probability could be read")
    before = experiment.spent.calls
    asked = _accepted(experiment, way)
    if isinstance(asked, str):
        return Attribution(str(words), words.is_wanted, experiment.spent.calls - before, missing=asked)
    rows, fit = _ablated(experiment, way, asked, words, units)
    calls = experiment.spent.calls - before
    if fit is None:
        return Attribution(
            str(words), words.is_wanted, calls, looked_at=len(units),
            missing=f"only {len(rows)} of the requests with parts left out could be sent and read",
        )  # fmt: skip
    named = fit.strong(_LEAST)
    parts = tuple(Attributed(units[number], fit.weights[number], fit.errors[number]) for number in named)
    return Attribution(str(words), words.is_wanted, calls, parts, len(units), fit.explained)


def _accepted(experiment: Experiment, way: Way) -> Mapping[str, Any] | str:
    """Return what the endpoint takes beside the request to give log-probabilities, or why it gives none."""
    refusal = ""
    for more in (way.ask, way.fewer):
        try:
            (reply,) = experiment.replies([experiment.original], more)
        except RefusedError as refused:
            refusal = refusal or f"the endpoint refuses to give log-probabilities: {refused}"
            continue
        if isinstance(reply, RefusedError):
            refusal = refusal or f"the endpoint refuses to give log-probabilities: {reply}"
            continue
        return more if way.tokens(reply) else "the endpoint's replies contain no log-probabilities"
    return refusal


def _ablated(
    experiment: Experiment, way: Way, more: Mapping[str, Any], words: FailingWords, units: Sequence[Unit]
) -> tuple[list[list[float]], Fit | None]:
    """Ask with random halves left out until a fit explains what comes, and names the same parts twice."""
    generator = random.Random(experiment.original.digest)  # noqa: S311  (halves, no secrets)
    rows: list[list[float]] = [[1.0] * len(units)]
    (whole,) = experiment.replies([experiment.original], more)
    values = [words.odds(_read(way, whole))]
    named: list[int] | None = None
    fit: Fit | None = None
    tried = 0
    while tried < _MOST:
        halves = _halves(experiment, units, generator, _FIRST if not tried else _BATCH)
        tried += _FIRST if not tried else _BATCH
        replies = experiment.replies([request for _, request in halves], more)
        for (kept, _), reply in zip(halves, replies, strict=True):
            if tokens := _read(way, reply):
                rows.append(kept)
                values.append(words.odds(tokens))
        if len(rows) < _FIRST // 2:
            return rows, None
        fit = sparse_fit(rows, values)
        now = sorted(fit.strong(_LEAST))
        if now and now == named and fit.explained >= _ENOUGH:
            break
        named = now
    return rows, fit


def _read(way: Way, reply: Any) -> tuple[Token, ...]:
    return () if isinstance(reply, RefusedError) else way.tokens(reply)


def _halves(
    experiment: Experiment, units: Sequence[Unit], generator: random.Random, count: int
) -> list[tuple[list[float], Request]]:
    """Return so many random halves of the parts as requests that may be sent, each with a 1 for what is in it."""
    found = []
    for _ in range(count):
        for _ in range(_TRIES):
            kept = [generator.random() < 0.5 for _ in units]
            request = without(experiment.original, [unit for unit, stays in zip(units, kept, strict=True) if not stays])
            if experiment.flaw(request) is None:
                found.append(([float(stays) for stays in kept], request))
                break
    return found

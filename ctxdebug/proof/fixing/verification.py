"""Verify repairs by asking: the failing case must pass, and no case of the suite that passed may fail."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING

from ctxdebug.evals.endpoint import NoAnswerError
from ctxdebug.evals.statistics import holm
from ctxdebug.proof.sequential import (
    Counts,
    Effect,
    FailureProof,
    FailureTest,
    effect,
    effect_without_sampling,
    more_to_tell,
)
from ctxdebug.proof.trial import RefusedError
from ctxdebug.records import field, record, replace

if TYPE_CHECKING:
    from ctxdebug.proof.fixing.proposals import Proposal
    from ctxdebug.proof.fixing.suite import SuiteCase
    from ctxdebug.proof.request import Request
    from ctxdebug.proof.trial import Experiment

RUNS = 20
"""Answers to the request as it was, and to the repair that is shown."""
_STILL = 3
"""The same without sampling, while the answers are alike."""
_MAY_FAIL = 0.1
"""The rate up to which a repaired request may fail."""
_FAILS = 0.5


class Standing(StrEnum):
    """What the answers say of a repair."""

    PASSES = "passes"
    FAILS = "still fails"
    REGRESSES = "breaks a case that passed"
    UNDECIDED = "undecided"
    NOT_SENT = "not sent"


@record(frozen=True, slots=True)
class Tried:
    """One proposal and the answers to it."""

    proposal: Proposal
    standing: Standing
    counts: Counts = field(default_factory=Counts)
    effect: Effect | None = None
    """How much more the request fails without the repair."""
    p: float = 1.0
    """Of that difference, corrected for the number of repairs that were tried (Holm)."""
    suite: tuple[tuple[str, Counts, Counts], ...] = ()
    """Cases of the suite to which it applies: name, failures before, failures after."""
    reason: str = ""
    more: int | None = None
    """About how many more answers would decide it."""


@record(frozen=True, slots=True)
class Verified:
    """What was found: how often the request fails as it was, every repair that was tried, and the one that passes."""

    before: Counts
    tried: tuple[Tried, ...]
    reproduced: bool
    error: NoAnswerError | None = None
    """What ended the asking early."""
    interrupted: bool = False
    """Whether Ctrl-C ended it."""
    suite_cases: int = 0
    sampled: bool = True
    """False where all answers came without sampling and were alike, so that no p-value is needed."""
    notes: tuple[str, ...] = field(default=())

    @property
    def winner(self) -> Tried | None:
        """The smallest repair that passes, alone or together with another."""
        return next((tried for tried in self.tried if tried.standing is Standing.PASSES), None)


def verify(
    experiment: Experiment,
    candidates: Iterable[Proposal],
    suite: Sequence[SuiteCase] = (),
    *,
    sendable: Callable[[Request], Request] = lambda request: request,
    runs: int = RUNS,
    confidence: float = 0.95,
) -> Verified:
    """Try candidates in their order until one passes; `sendable` hides the secrets of a request.

    A candidate is given up as soon as its failures are clear, and confirmed on `runs` answers.
    """
    offered = list(candidates) if experiment.deterministic else candidates
    if experiment.deterministic:
        found = _verified(experiment, offered, suite, sendable, min(_STILL, runs), confidence, still=True)
        if found is not None:
            return found
    found = _verified(experiment, offered, suite, sendable, runs, confidence, still=False)
    assert found is not None
    return found


def _verified(
    experiment: Experiment, candidates: Iterable[Proposal], suite: Sequence[SuiteCase],
    sendable: Callable[[Request], Request], runs: int, confidence: float, *, still: bool,
) -> Verified | None:  # fmt: skip
    """Return what was found; None where answers without sampling are not alike, so that they have to be counted."""
    tried: list[Tried] = []
    before, error, interrupted = Counts(), None, False
    try:
        before = experiment.counts(experiment.original, runs)
        if still and not before.are_alike:
            return None
        if before.fails:
            for proposal in candidates:
                one = _tried(experiment, proposal, before, suite, sendable, runs, confidence, still=still)
                if still and not one.counts.are_alike:
                    return None
                tried = _corrected([*tried, one], confidence)
                if any(one.standing is Standing.PASSES for one in tried):
                    break
    except NoAnswerError as fault:
        error = fault
    except KeyboardInterrupt:
        interrupted = True
    return Verified(
        before, tuple(tried), before.fails > 0, error, interrupted, len(suite), not still, tuple(experiment.notes())
    )


def _tried(
    experiment: Experiment, proposal: Proposal, before: Counts, suite: Sequence[SuiteCase],
    sendable: Callable[[Request], Request], runs: int, confidence: float, *, still: bool,
) -> Tried:  # fmt: skip
    if proposal.request is None:
        return Tried(proposal, Standing.NOT_SENT, reason=proposal.unwritable)
    request = sendable(proposal.request)
    test = FailureTest(_MAY_FAIL, _FAILS, 1 - confidence, 1 - confidence, runs)
    counts, asked = Counts(), 0
    verdict = None
    try:
        if still:
            counts, asked = experiment.counts(request, runs), runs
            verdict = FailureProof.PASSES if not counts.fails else FailureProof.FAILS
        while verdict is None and asked < runs:
            asked = min(runs, asked + test.least(counts))
            counts = experiment.counts(request, asked)
            verdict = test.verdict(counts)
        if verdict is FailureProof.PASSES:
            counts = experiment.counts(request, runs)
    except RefusedError as refused:
        return Tried(proposal, Standing.NOT_SENT, counts, reason=str(refused))
    seen = effect_without_sampling(before, counts) if still else effect(before, counts, confidence)
    told = Tried(proposal, Standing.FAILS, counts, seen, seen.p)
    if verdict is FailureProof.FAILS:
        return told
    if counts.runs == 0 or counts.rate > _MAY_FAIL or verdict is not FailureProof.PASSES:
        return replace(told, standing=Standing.UNDECIDED, more=test.more(counts))
    compared = tuple(case.compared(proposal, sendable, runs) for case in suite)
    applied = tuple(one for one in compared if one is not None)
    worse = [name for name, was, now in applied if effect(now, was, confidence).difference > _MAY_FAIL]
    if worse:
        return replace(told, standing=Standing.REGRESSES, suite=applied, reason=", ".join(worse))
    return replace(told, standing=Standing.PASSES, suite=applied)


def _corrected(tried: Sequence[Tried], confidence: float) -> list[Tried]:
    """Return what was tried with p-values for that many looks; a repair whose effect is not clear among them is undecided."""
    asked = [one for one in tried if one.effect is not None]
    adjusted = dict(zip(map(id, asked), holm([one.effect.p for one in asked if one.effect]), strict=True))
    corrected = []
    for one in tried:
        p = adjusted.get(id(one), 1.0)
        if one.standing is Standing.PASSES and p > 1 - confidence:
            corrected.append(
                replace(one, standing=Standing.UNDECIDED, p=p, reason="it failed too rarely before to tell")
            )
        else:
            corrected.append(replace(one, p=p))
    return corrected


def more_answers(before: Counts, tried: Tried, confidence: float) -> int | None:
    """Return how many more answers on each side would make the effect of a repair clear; None where that is out of reach."""
    return tried.more if tried.more is not None else more_to_tell(before, tried.counts, confidence)

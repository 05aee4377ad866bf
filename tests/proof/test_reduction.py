from __future__ import annotations

import random

import pytest

from ctxdebug.evals.endpoint import BudgetError
from ctxdebug.proof.reduction import DriftedError, Progress, Reduction
from ctxdebug.proof.sequential import Counts, FailureProof
from ctxdebug.proof.trial import RefusedError
from tests.bench.shrinking import UNITS, Planted, State, measured

WHOLE = frozenset(f"{number:02d}" for number in range(UNITS))


def planted(*causes: str, rate: float = 0.9, noise: float = 0.05, seed: int = 1) -> Planted:
    return Planted(frozenset(causes), rate, noise, random.Random(seed))


@pytest.mark.parametrize(("causes", "rate", "most"), [(1, 0.8, 60), (1, 0.95, 60), (3, 0.5, 200), (3, 0.95, 200)])
def test_causes_are_kept_within_the_bound_and_the_calls(causes: int, rate: float, most: int) -> None:
    found = measured(causes, rate, 0.05, 0.95, 40)
    assert found.kept >= 0.95
    assert found.median <= most


def test_a_context_that_does_not_fail_is_not_reproduced() -> None:
    assert Reduction(planted("01", rate=0.02, noise=0.02), WHOLE).reproduced() is FailureProof.PASSES


def test_one_that_fails_now_and_then_is_undecided_and_says_how_many_more_calls() -> None:
    reduction = Reduction(planted("01", rate=0.14), WHOLE, 0.9999)
    assert reduction.reproduced() is FailureProof.UNDECIDED
    assert reduction.progress.whole.runs >= 40


def test_without_sampling_one_answer_tells() -> None:
    space = planted("03", "17", rate=1.0, noise=0.0)
    reduction: Reduction[State] = Reduction(space, WHOLE, deterministic=True)
    assert reduction.reproduced() is FailureProof.FAILS
    assert reduction.reduce().state == {"03", "17"}
    assert space.calls <= 40


def test_a_failure_that_needs_nothing_of_the_context_leaves_nothing() -> None:
    reduction: Reduction[State] = Reduction(planted(), WHOLE)
    assert reduction.reproduced() is FailureProof.FAILS
    assert reduction.reduce().state == frozenset()


def test_what_cannot_be_asked_stays_and_is_tried_again_once_less_is_left() -> None:
    class Tools(Planted):
        def ask(self, state: State, runs: int) -> Counts:
            if "00" not in state and "01" in state:
                raise RefusedError("00 declares what 01 calls")
            return super().ask(state, runs)

    space = Tools(frozenset({"05"}), 0.95, 0.0, random.Random(2))
    reduction: Reduction[State] = Reduction(space, WHOLE)
    reduction.reproduced()
    assert reduction.reduce().state == {"05"}


def test_the_best_so_far_is_kept_where_asking_ends() -> None:
    class Short(Planted):
        def ask(self, state: State, runs: int) -> Counts:
            if self.calls > 25:
                raise BudgetError("used up")
            return super().ask(state, runs)

    seen: list[int] = []

    def watch(progress: Progress[State]) -> None:
        seen.append(len(progress.state))

    reduction = Reduction(Short(frozenset({"05", "06"}), 0.95, 0.0, random.Random(2)), WHOLE, watch=watch)
    reduction.reproduced()
    with pytest.raises(BudgetError):
        reduction.reduce()
    assert {"05", "06"} <= reduction.progress.state < WHOLE
    assert not reduction.progress.confirmed
    assert seen == sorted(seen, reverse=True)


def test_an_endpoint_that_changes_on_the_way_is_told() -> None:
    class Changing(Planted):
        def ask(self, state: State, runs: int) -> Counts:
            if self.calls > 12:
                self.rate = self.noise = 0.0
            return super().ask(state, runs)

    reduction = Reduction(Changing(frozenset({"05"}), 0.95, 0.0, random.Random(2)), WHOLE)
    reduction.reproduced()
    with pytest.raises(DriftedError, match="does not fail any more"):
        reduction.reduce()

from __future__ import annotations

import itertools
import math
import random

import pytest

from ctxdebug.engine.intervals import wilson
from ctxdebug.evals.statistics import (
    Decision,
    SequentialTest,
    at_least,
    fisher,
    holm,
    lower_bound,
    mcnemar,
    pass_all,
    pass_at,
    runs_needed,
    sign_flip,
    upper_bound,
    verdict,
)


def chance(count: int, runs: int, rate: float) -> float:
    return math.comb(runs, count) * rate**count * (1 - rate) ** (runs - count)


@pytest.mark.parametrize("runs", [1, 3, 5, 10, 20, 50])
def test_clopper_pearson_never_covers_less_than_it_says(runs: int) -> None:
    for step in range(1, 100):
        rate = step / 100
        covered = sum(chance(k, runs, rate) for k in range(runs + 1) if lower_bound(k, runs) <= rate + 1e-12)
        assert covered >= 0.95 - 1e-9
        covered = sum(chance(k, runs, rate) for k in range(runs + 1) if upper_bound(k, runs) >= rate - 1e-12)
        assert covered >= 0.95 - 1e-9


@pytest.mark.parametrize(
    ("runs", "least", "mean"), [(5, 0.859, 0.955), (10, 0.904, 0.955), (20, 0.925, 0.954), (50, 0.911, 0.950)]
)
def test_wilson_coverage_is_the_known_one(runs: int, least: float, mean: float) -> None:
    coverage = []
    for step in range(1, 100):
        rate = step / 100
        bounds = [wilson(k, runs) for k in range(runs + 1)]
        coverage.append(sum(chance(k, runs, rate) for k, bound in enumerate(bounds) if bound.low <= rate <= bound.high))
    assert min(coverage) == pytest.approx(least, abs=0.002)
    assert sum(coverage) / len(coverage) == pytest.approx(mean, abs=0.002)


@pytest.mark.parametrize(("passes", "low"), [(1, 0.05), (3, 0.368), (5, 0.549), (10, 0.741), (20, 0.861), (59, 0.950)])
def test_bound_after_only_passes(passes: int, low: float) -> None:
    assert lower_bound(passes, passes) == pytest.approx(low, abs=0.001)


def test_bound_solves_its_own_equation() -> None:
    for passes, runs in [(1, 5), (7, 9), (40, 50), (3, 1200), (1150, 1200)]:
        assert at_least(passes, runs, lower_bound(passes, runs)) == pytest.approx(0.05, abs=1e-6)


@pytest.mark.parametrize(
    ("rate", "needed"),
    [
        (0.5, [5, 8, 11, 13]),
        (0.7, [9, 14, 19, 24]),
        (0.8, [14, 22, 30, 37]),
        (0.9, [29, 46, 61, 76]),
        (0.95, [59, 93, 124, 153]),
    ],
)
def test_runs_needed(rate: float, needed: list[int]) -> None:
    assert [runs_needed(rate, failures) for failures in range(4)] == needed


def test_no_number_of_runs_proves_certainty() -> None:
    assert runs_needed(1.0) is None


@pytest.mark.parametrize(
    ("passes", "runs", "target", "expected"),
    [
        (29, 29, 0.9, Decision.PASS),
        (28, 28, 0.9, Decision.UNDECIDED),
        (29, 30, 0.9, Decision.UNDECIDED),
        (0, 3, 0.9, Decision.FAIL),
        (0, 0, 0.5, Decision.UNDECIDED),
        (9, 10, 1.0, Decision.FAIL),
        (10, 10, 1.0, Decision.UNDECIDED),
    ],
)
def test_verdict(passes: int, runs: int, target: float, expected: Decision) -> None:
    assert verdict(passes, runs, target) is expected


@pytest.mark.parametrize("k", [1, 2, 3, 5])
def test_pass_at_and_pass_all_are_unbiased(k: int) -> None:
    runs, rate = 6, 0.3
    expected_any = sum(chance(c, runs, rate) * (pass_at(k, c, runs) or 0.0) for c in range(runs + 1))
    expected_all = sum(chance(c, runs, rate) * (pass_all(k, c, runs) or 0.0) for c in range(runs + 1))
    assert expected_any == pytest.approx(1 - (1 - rate) ** k)
    assert expected_all == pytest.approx(rate**k)


def test_pass_at_needs_k_runs() -> None:
    assert pass_at(3, 2, 2) is None
    assert pass_all(3, 2, 2) is None


@pytest.mark.parametrize(
    ("low", "high", "alpha", "beta", "cap"),
    [
        (0.5, 0.9, 0.05, 0.05, 39),
        (0.7, 0.95, 0.05, 0.05, 72),
        (0.8, 0.95, 0.05, 0.10, 132),
        (0.1, 0.5, 0.05, 0.05, 39),
        (0.85, 0.95, 0.05, 0.05, 200),
    ],
)
def test_sequential_errors_stay_below_nominal(low: float, high: float, alpha: float, beta: float, cap: int) -> None:
    test = SequentialTest(low, high, alpha, beta, cap)
    for rate in (low, low - 0.05, low * 0.5):
        assert test.outcomes(rate)[Decision.PASS] <= alpha
    for rate in (high, min(0.999, high + 0.02)):
        assert test.outcomes(rate)[Decision.FAIL] <= beta


def test_exact_outcomes_agree_with_simulation() -> None:
    test = SequentialTest(0.7, 0.95, cap=40)
    generator = random.Random(7)
    passed = 0
    for _ in range(2000):
        passes = runs = 0
        decision = None
        while decision is None:
            runs += 1
            passes += generator.random() < 0.85
            decision = test.decide(passes, runs)
        passed += decision is Decision.PASS
    exact = test.outcomes(0.85)[Decision.PASS]
    assert passed / 2000 == pytest.approx(exact, abs=4 * math.sqrt(exact * (1 - exact) / 2000))


def test_sequential_outcomes_sum_to_one() -> None:
    assert sum(SequentialTest(0.5, 0.9, cap=30).outcomes(0.6).values()) == pytest.approx(1)


def test_sequential_test_stops_early_when_obvious() -> None:
    test = SequentialTest(0.5, 0.9)
    assert test.decide(0, 2) is Decision.FAIL
    assert test.decide(6, 6) is Decision.PASS
    assert test.decide(3, 4) is None


@pytest.mark.parametrize(
    ("better", "worse", "p", "mid"),
    [
        (6, 0, 0.03125, 0.015625),
        (5, 0, 0.0625, 0.03125),
        (8, 1, 0.0391, 0.0215),
        (7, 1, 0.0703, 0.0391),
        (10, 2, 0.0386, 0.0225),
        (0, 0, 1, 1),
        (4, 4, 1, 1),
    ],
)
def test_mcnemar(better: int, worse: int, p: float, mid: float) -> None:
    found = mcnemar(better, worse)
    assert found.p == pytest.approx(p, abs=1e-4)
    assert found.mid_p == pytest.approx(mid, abs=1e-4)
    mirrored = mcnemar(worse, better)
    assert mirrored.p == pytest.approx(found.p)


def test_mcnemar_error_rate_is_below_nominal() -> None:
    for changed in range(1, 40):
        fires = sum(chance(k, changed, 0.5) for k in range(changed + 1) if mcnemar(k, changed - k).p <= 0.05)
        assert fires <= 0.05


def test_fisher_agrees_with_enumeration() -> None:
    outcomes = list(itertools.combinations(range(8), 5))
    at_most_two = [chosen for chosen in outcomes if sum(place >= 4 for place in chosen) <= 2]
    assert fisher(3, 4, 2, 4) == pytest.approx(len(at_most_two) / len(outcomes))


def test_sign_flip_is_exact_for_few_cases() -> None:
    assert sign_flip([1, 1, 1, 1, 1, 1]) == pytest.approx(2 / 64)
    assert sign_flip([0.5, -0.5]) == 1
    assert sign_flip([0, 0, 0]) == 1


def test_sign_flip_by_draws_agrees_with_the_binomial() -> None:
    assert sign_flip([1.0] * 15 + [-1.0] * 5) == pytest.approx(mcnemar(15, 5).p, abs=0.006)


def test_sign_flip_is_never_zero_and_repeats() -> None:
    assert 0 < sign_flip([1.0] * 40) < 0.001
    assert sign_flip([0.3] * 20 + [-0.2] * 9) == sign_flip([0.3] * 20 + [-0.2] * 9)


def test_holm_adjusts_stepwise() -> None:
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert holm([]) == []
    assert holm([0.9, 0.8]) == [1.0, 1.0]


def test_impossible_counts_are_refused() -> None:
    with pytest.raises(ValueError, match="3 passes in 2 runs"):
        wilson(3, 2)

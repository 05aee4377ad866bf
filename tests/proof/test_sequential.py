from __future__ import annotations

import random

import pytest

from ctxdebug.proof.sequential import Counts, FailureProof, FailureTest, effect, more_to_tell

TEST = FailureTest(0.1, 0.5, 0.05, 0.05, 60)


def test_it_is_decided_as_soon_as_it_is_clear() -> None:
    assert TEST.verdict(Counts(2, 2)) is FailureProof.FAILS
    assert TEST.verdict(Counts(1, 2)) is None
    assert TEST.verdict(Counts(0, 6)) is FailureProof.PASSES
    assert TEST.verdict(Counts(15, 60)) is FailureProof.UNDECIDED


@pytest.mark.parametrize("counts", [Counts(), Counts(1, 1), Counts(1, 4), Counts(3, 12)])
def test_no_fewer_answers_than_said_can_decide(counts: Counts) -> None:
    least = TEST.least(counts)
    for fails in range(least):
        for more in range(least):
            if fails <= more:
                assert TEST.verdict(Counts(counts.fails + fails, counts.runs + more)) is None
    assert FailureProof.UNDECIDED is not TEST.verdict(counts)


def test_more_says_how_many_answers_would_decide_at_the_present_rate() -> None:
    assert TEST.more(Counts(0, 2)) in range(2, 12)
    assert TEST.more(Counts(10, 40)) is None or TEST.more(Counts(10, 40)) > 5  # type: ignore[operator]  # None was asked for first


def test_both_errors_stay_within_their_bounds() -> None:
    draw = random.Random(4)
    wrong = {0.1: 0, 0.5: 0}
    for rate in wrong:
        for _ in range(600):
            fails = runs = 0
            while (verdict := TEST.verdict(Counts(fails, runs))) is None:
                runs += 1
                fails += draw.random() < rate
            wrong[rate] += verdict is (FailureProof.FAILS if rate == 0.1 else FailureProof.PASSES)
    assert max(wrong.values()) <= 30


def test_an_effect_has_an_exact_interval_and_a_p() -> None:
    clear = effect(Counts(19, 20), Counts(0, 20))
    assert clear.clear
    assert (round(clear.low, 2), clear.difference, clear.p < 1e-8) == (0.52, 0.95, True)
    unclear = effect(Counts(3, 5), Counts(1, 5))
    assert not unclear.clear
    assert unclear.p > 0.2
    assert effect(Counts(), Counts()).p == 1.0


def test_more_answers_that_would_tell_two_requests_apart() -> None:
    more = more_to_tell(Counts(3, 5), Counts(0, 5))
    assert more is not None
    assert effect(Counts(round(0.6 * (5 + more)), 5 + more), Counts(0, 5 + more)).clear
    assert more_to_tell(Counts(2, 5), Counts(2, 5)) is None
    assert more_to_tell(Counts(20, 20), Counts(0, 20)) == 0

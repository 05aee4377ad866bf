"""Dose and response: a fall with each part is told from a fall at once, and from none."""

from __future__ import annotations

import pytest

from ctxdebug.proof.doses import Dose, DoseResponse, trend
from ctxdebug.proof.sequential import Counts


def response(*fails: int, runs: int = 20) -> DoseResponse:
    """Return the answers to five steps of ten parts."""
    return DoseResponse(
        tuple(Dose(parts, Counts(count, runs)) for parts, count in zip((10, 8, 5, 2, 0), fails, strict=True))
    )


@pytest.mark.parametrize(
    ("fails", "gradual", "clear"),
    [
        ((12, 9, 6, 3, 0), True, True),
        ((7, 6, 3, 2, 0), True, True),
        ((19, 20, 19, 1, 0), False, True),
        ((20, 20, 0, 0, 0), False, True),
        ((6, 5, 7, 6, 5), True, False),
        ((0, 3, 6, 9, 12), True, False),
    ],
)
def test_a_gradual_fall_is_told_from_one_at_once(fails: tuple[int, ...], gradual: bool, clear: bool) -> None:
    found = response(*fails)
    assert (found.p <= 0.05) is clear
    assert found.is_gradual is gradual or not clear


def test_the_trend_of_two_steps_is_fishers_test() -> None:
    assert trend((Counts(3, 4), Counts(1, 4))) == pytest.approx(17 / 70)
    assert trend((Counts(0, 5), Counts(0, 5))) == 1.0


def test_it_is_told_as_a_line_and_as_values() -> None:
    found = response(12, 9, 6, 3, 0)
    assert str(found).startswith("10: 12 of 20 fail · 8: 9 of 20 fail")
    assert found.values()["doses"][0] == {"parts": 10, "fails": 12, "runs": 20, "interval": [0.3605, 0.8088]}
    assert not DoseResponse(found.doses[:2]).is_gradual

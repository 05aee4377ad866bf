"""Two sources that give one sentence with one point changed, and two things that are described in the same words."""

from __future__ import annotations

import pytest

from ctxdebug.analysis.claims.statement import statement
from ctxdebug.analysis.sources.restated import restated


@pytest.mark.parametrize(
    ("left", "right", "kind"),
    [
        ("The yard has agreed with Halvorsen to deliver the two ferries of the northern line a year early.",
         "The yard has agreed with Meridian to deliver the two ferries of the northern line a year early.", "name"),
        ("The recipe pairs roasted Hokkaido squash with toasted walnuts, brown butter and fresh sage leaves.",
         "The recipe pairs roasted Butternut squash with toasted walnuts, brown butter and fresh sage leaves.", "name"),
        ("The course combines Gregorian Chant and Vocal Improvisation for choirs that sing without a conductor.",
         "The course combines Gregorian Chant and Overtone Singing for choirs that sing without a conductor.", "name"),
        ("When the 2019 lease of the Oslo office ended, the firm moved its archive to the Oslo harbour on Wednesday.",
         "When the 2019 lease of the Oslo office ended, the firm moved its archive to the Oslo harbour on Monday.", "weekday"),
        ("The firm left Turin in 2018 and returns with a new bakery that it builds in Turin this spring.",
         "The firm left Turin in 2018 and returns with a new bakery that it builds in Genoa this spring.", "name"),
    ],
)  # fmt: skip
def test_one_point_of_a_long_sentence_differs(left: str, right: str, kind: str) -> None:
    found = restated(statement(left), statement(right))
    assert found is not None
    assert found.kind == kind


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Breakfast at Hotel Linde is served every morning from seven in the bright hall on the ground floor.",
         "Breakfast at Hotel Krone is served every morning from seven in the bright hall on the ground floor."),
        ("Lindgren has a heated pool, free parking, fast wireless internet and breakfast for all guests.",
         "Kastell has a heated pool, free parking, fast wireless internet and breakfast for all guests."),
        ("The shop is open on Monday.", "The shop is open on Thursday."),
    ],
)  # fmt: skip
def test_two_things_in_the_same_words_are_silent(left: str, right: str) -> None:
    assert restated(statement(left), statement(right)) is None

"""Two sources that give one sentence with one point changed, and two things that are described in the same words."""

from __future__ import annotations

import pytest

from ctxdebug.analysis.claims.statement import statement
from ctxdebug.analysis.sources.examination import Examination
from ctxdebug.analysis.sources.restated import restated
from ctxdebug.analysis.sources.source import Source


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


@pytest.mark.parametrize(
    ("left", "right", "kind"),
    [
        ("Entries for the summer regatta close at the end of March, with heats three weeks later.",
         "Entries for the summer regatta close at the end of June, with heats three weeks later.", "month"),
        ("Our web shop takes payments through Klarbo, and no other provider has been added so far.",
         "Our web shop takes payments through Paynt, and no other provider has been added so far.", "name"),
        ("Guests of the glass works must wear goggles while the ovens are lit.",
         "Guests of the glass works may wear goggles while the ovens are lit, but are free to go without.", "modality"),
    ],
)  # fmt: skip
def test_months_the_words_beside_a_name_and_a_clause_behind(left: str, right: str, kind: str) -> None:
    found = restated(statement(left), statement(right))
    assert found is not None
    assert found.kind == kind


def _told(left: str, right: str) -> list[str]:
    scan = Examination([Source("a", left, retrieved=True), Source("b", right, retrieved=True)]).conflicts
    return [one.kind for one in scan if one.sure]


def test_a_long_sentence_tells_its_subject() -> None:
    """What is said in the same eight words is said of one thing, though neither source names it."""
    left = "Her second play was staged by Northgate in 1988 and ran for fewer than forty evenings."
    assert _told(left, left.replace("Northgate", "Tannhill")) == ["name"]


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("- Path A: parking at Pine Hollow, toilets, no dogs", "- Path B: parking at Otter Creek, toilets, no dogs"),
        ("The show travels from Basel to Cologne and opens there in May.", "The show travels from Basel to Köln and opens there in May."),
        ("Bus 41 does not stop at the clinic.", "Bus 47 stops at the clinic and goes on to the port."),
    ],
)  # fmt: skip
def test_labels_translated_places_and_numbered_things_are_silent(left: str, right: str) -> None:
    assert not _told(left, right)

"""What an answer says of records that tools returned, and what an item of its list is called: no contradiction, no missing name."""

from __future__ import annotations

import pytest

from ctxdebug.analysis.sources.added_parts import label_end
from ctxdebug.analysis.sources.claim import ClaimVerdict
from ctxdebug.analysis.sources.examination import Examination
from ctxdebug.analysis.sources.reliance import Reliance
from ctxdebug.analysis.sources.source import Source
from ctxdebug.analysis.sources.source_segments import is_one_word

KETTLE = "{'Kettle Vosk': {'price': 45.0, 'brand': 'Vosk', 'rating': 3.2, 'reviews': ['Boils fast.', 'Lid is loose.']}}"
PAID = "Account verified. Order ID ORD-1132 has been paid back. Amount 45.0 has been credited."


def _verdicts(source: str, question: str, answer: str, reliance: Reliance = Reliance.RECORDS) -> set[ClaimVerdict]:
    claims = Examination([Source("", source)], question, answer, user=[question], reliance=reliance).claims
    return {claim.verdict for claim in claims}


@pytest.mark.parametrize(
    ("source", "question", "answer"),
    [
        (KETTLE, "Is the kettle I bought rated below 4?", "The Kettle Vosk you purchased has a rating of 3.2."),
        ("[{'order_id': 'O-1', 'product_name': 'Desk Lamp', 'quantity': 1}, {'order_id': 'O-2', 'product_name': 'Rug', 'quantity': 1}]",
         "List what I paid.", "1. Desk Lamp: 90.0"),
        (PAID, "Did I get my money back?", "Yes, $45.00 has been credited."),
    ],
)  # fmt: skip
def test_a_value_of_another_field_is_no_contradiction(source: str, question: str, answer: str) -> None:
    assert _verdicts(source, question, answer).isdisjoint({ClaimVerdict.CONTRADICTED})


def test_an_amount_behind_a_word_is_found() -> None:
    """`Amount 45.0` reads like the number of an amount, and is one."""
    found = _verdicts(PAID, "Did I get my money back?", "Yes, $45.00 has been credited.")
    assert ClaimVerdict.UNSUPPORTED not in found
    assert ClaimVerdict.UNSUPPORTED in _verdicts(PAID, "Did I get my money back?", "Yes, $54.00 has been credited.")


def test_a_field_is_still_held_against_its_own_value() -> None:
    assert ClaimVerdict.CONTRADICTED in _verdicts(
        KETTLE, "What is the rating?", "The rating of the Kettle Vosk is 4.7."
    )


def test_the_label_of_an_item_is_no_name() -> None:
    assert label_end("3. Schema Design: Create the first tables.") == len("3. Schema Design:")
    assert label_end("The shop is in Oslo: ask there.") == 0
    source = "We chose Flask and Postgres for the booking site."
    answer = "1. Schema Design: Create the first tables in Postgres."
    claims = Examination([Source("", source)], "Sum up what is left.", answer, reliance=Reliance.RECORDS).claims
    assert not [one.claimed for claim in claims for one in claim.differences if "Design" in one.claimed]


@pytest.mark.parametrize(
    ("text", "one"), [("Mexico", True), ('"Mexico"', True), ("42", False), ("Anna Berg", False), ("", True)]
)
def test_one_word(text: str, one: bool) -> None:
    assert is_one_word(text) is one


def test_a_letter_before_a_figure_is_no_name() -> None:
    source = 'The above was retrieved for: "updates of United States in October". Updates for Q2 2023 in the US region.'
    claims = Examination(
        [Source("", source)], "What are the updates from the US?", "There were updates for Q2 2023 in the US region."
    ).claims
    assert all(one.verdict is not ClaimVerdict.CONTRADICTED for one in claims)


@pytest.mark.parametrize(
    ("given", "answer"),
    [
        ("What's the status of device_2 in the bedroom?", "Status of device_2 is off."),
        ("Find the sum of 11, 22, 33 and 44.", "The sum of 11, 22, 33 and 44 is 110."),
        ("Here is a line. Here is a line. Here is a line.", "The same line is repeated 23 times."),
    ],
)
def test_what_a_request_holds_or_makes_is_not_missing(given: str, answer: str) -> None:
    claims = Examination([], given, answer, user=[given], reliance=Reliance.RECORDS).claims
    assert ClaimVerdict.UNSUPPORTED not in {claim.verdict for claim in claims}

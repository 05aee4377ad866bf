"""Properties that every word, sentence or paragraph must have, each loud and silent."""

from __future__ import annotations

import pytest

from ctxdebug.analysis.constraints import Outcome, extract, verify

CASES = (
    ("Use only words with lengths that are prime numbers.", "The pilot sat by the dam and saw red fog", "A pilot sat there"),
    ("No two consecutive words can share the same first letter.", "The pilot saw boats", "The tide turns"),
    ("Each word in your response must start with the next letter of the alphabet.", "Any boat can drift", "Any can boat"),
    ("The last word of each sentence must become the first word of the next sentence.", "I see boats. Boats drift.", "I see boats. They drift."),
    ("Write each word on a new line.", "Boats\ndrift", "Boats drift"),
    ("Include keyword tide in the 2nd sentence, as the 3rd word of that sentence.", "Look out. The high tide comes.", "Look out. The tide comes."),
    ("Use at least 4 unique words.", "one two three four", "one one two two"),
    ("Include exactly 2 numbers in the response.", "Pier 2 has 14 boats.", "Pier 2 is full."),
    ("Include at least 2 single-word palindromes, each at least 5 characters long.", "A kayak and a radar.", "A kayak and mum."),
    ("Please use an emoji at the end of every sentence.", "All calm 🌊. Come 🙂.", "All calm. Come 🙂."),
)  # fmt: skip


@pytest.mark.parametrize(("instruction", "good", "bad"), CASES)
def test_a_property_of_every_part_is_counted(instruction: str, good: str, bad: str) -> None:
    (found,) = extract(instruction)
    assert (verify(found, good).outcome, verify(found, bad).outcome) == (Outcome.PASS, Outcome.FAIL)


@pytest.mark.parametrize(
    "instruction",
    [
        "Use only words with lengths that are prime numbers in the second paragraph.",
        "Write each word on a new line in each stanza.",
        "Use at least 4 unique words in every sentence.",
        "Please use an emoji at the end of every sentence but the last.",
    ],
)
def test_a_qualifier_of_it_is_not_lost(instruction: str) -> None:
    assert {verify(found, "One two three four.").outcome for found in extract(instruction)} == {Outcome.UNCHECKED}

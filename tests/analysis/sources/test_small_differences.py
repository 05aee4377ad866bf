"""One short source, one question, one answer: what differs in a word, and what only says it otherwise."""

from __future__ import annotations

import pytest

from ctxdebug.analysis.sources.claim import ClaimVerdict
from ctxdebug.analysis.sources.examination import Examination
from ctxdebug.analysis.sources.source import Source


def _worst(source: str, question: str, answer: str) -> tuple[ClaimVerdict, str]:
    claims = Examination([Source("d", source, "d", "", True)], question, answer, user=[question]).claims
    order = [ClaimVerdict.CONTRADICTED, ClaimVerdict.UNSUPPORTED, ClaimVerdict.NOT_EXAMINED, ClaimVerdict.SUPPORTED]
    worst = min(claims, key=lambda claim: order.index(claim.verdict))
    return worst.verdict, worst.why


@pytest.mark.parametrize(
    ("source", "question", "answer", "kind"),
    [
        ("The market opens on 3 April 2027.", "When does the market open?", "The market opens on 3 May 2027.", "date"),
        ("The shelf is 2 m wide.", "How wide is the shelf?", "The shelf is 2 cm wide.", "quantity"),
        ("The crate weighs 12 kg.", "How heavy is the crate?", "The crate weighs 14 kg.", "quantity"),
        ("Mount Orr is the third-highest peak of the range.", "How high is Mount Orr?", "Mount Orr is the highest peak of the range.",
         "rank"),
        ("The Vale is one of the longest rivers of the country.", "Is the Vale long?", "The Vale is the longest river of the country.",
         "rank"),
        ("Cash and vouchers are accepted.", "How can I pay?", "Only cash is accepted.", "completeness"),
        ("Animals are not allowed in the garden.", "May my cat come along?", "Cats are welcome in the garden.", "negation"),
    ],
)  # fmt: skip
def test_a_word_that_turns_the_sentence(source: str, question: str, answer: str, kind: str) -> None:
    verdict, why = _worst(source, question, answer)
    assert (verdict, why.split(":")[0]) == (ClaimVerdict.CONTRADICTED, kind)


@pytest.mark.parametrize(
    ("source", "question", "answer"),
    [
        ("The tool indexes the folder and finds duplicates.", "What does the tool do?",
         "The tool indexes the folder and finds duplicates, and encrypts backups nightly."),
        ("The hut has bunks and a stove.", "Does the hut have a shower?", "Yes, the hut offers hot showers behind the kitchen."),
    ],
)  # fmt: skip
def test_an_added_part(source: str, question: str, answer: str) -> None:
    assert _worst(source, question, answer)[0] is ClaimVerdict.UNSUPPORTED


@pytest.mark.parametrize(
    ("source", "question", "answer"),
    [
        ("Mount Orr is the highest peak of the range.", "How high is Mount Orr?", "Mount Orr is one of the highest peaks of the range."),
        ("Cats are not allowed in the garden.", "May I bring an animal?", "Animals are not allowed in the garden."),
        ("Cats are not allowed in the garden.", "May I bring a dog?", "The rules only forbid cats."),
        ("Table 80 EUR. Lamp 25 EUR. Rug 40 EUR.", "What is the sum?", "The sum is 80 + 25 + 40 = 145 EUR."),
        ("The trial begins on 10 March 2026 and lasts 14 days.", "When does it end?", "It lasts 14 days from 10 March 2026, so it ends on 24 March 2026."),
        ("The lease starts on 31 January 2026 and runs for one month.", "Until when?", "It runs one month from 31 January 2026, to 28 February 2026."),
        ("The hut has bunks and a stove.", "Does the hut have a shower?", "No, a shower is not mentioned."),
        ("Readers under twelve may take two films.", "Can my daughter take films?", "Yes, your daughter may take two films."),
        ("Les lecteurs de moins de douze ans empruntent deux films.", "Ma fille peut-elle emprunter ?", "Votre fille peut emprunter deux films."),
    ],
)  # fmt: skip
def test_the_same_in_other_words(source: str, question: str, answer: str) -> None:
    assert _worst(source, question, answer)[0] in {ClaimVerdict.SUPPORTED, ClaimVerdict.NOT_EXAMINED}


def test_a_value_that_is_disputed_never_vouches() -> None:
    source = "The shop in Lund opens at nine. The old shop in Malmo, which closed last year, opened at ten in 2019."
    assert _worst(source, "", "The shop in Lund opened at nine in 2021.")[0] is not ClaimVerdict.SUPPORTED


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (
            "Tokyo experienced a decrease of 82,600 residents over the past year, marking an annual decline of 0.22%.",
            "Osaka experienced a decrease of 47,700 residents over the past year, marking an annual decline of 0.25%.",
        ),
        ("The rent of Harrow House is 300 euros.", "The rent of Linden House is 450 euros."),
    ],
)
def test_one_sentence_of_two_things_with_values_of_their_own_is_no_conflict(left: str, right: str) -> None:
    examined = Examination([Source("a", left), Source("b", right)], "How does that compare?", "")
    assert not examined.conflicts

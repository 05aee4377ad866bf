"""Citations by letters (`(B)`), and of sentences that say little but a value."""

from __future__ import annotations

import pytest

from ctxdebug.analysis.sources.citations import citations
from ctxdebug.analysis.sources.corpus import Corpus
from ctxdebug.analysis.sources.source import Source

LETTERED = (
    "A: Pool rules. Caps are compulsory in the sports pool.\nB: Prices. Day ticket 6.50, ten-entry card 55.\n"
    "C: Sauna. Ladies' sauna on Wednesday."
)
NUMBERED = Corpus(
    [
        Source("1", "Adults may borrow ten books for four weeks.", "", "", True),
        Source("2", "Each day a book is late costs 20 cents.", "", "", True),
    ]
)


@pytest.mark.parametrize(
    ("answer", "better"),
    [
        ("Caps are compulsory in the sports pool (B).", "A"),
        ("A day ticket is 6.50, the card of ten entries 55 (A).", "B"),
        ("Caps are compulsory in the sports pool (A).", ""),
        ("The ladies have the sauna on Wednesday (C).", ""),
    ],
)
def test_a_lettered_passage_is_cited(answer: str, better: str) -> None:
    assert [one.better for one in citations(answer, Corpus([]), [LETTERED], asked=True)] == [better]


@pytest.mark.parametrize("answer", ["(A) Wear a cap. (B) Buy a ticket.", "Take plan (X).", "Vitamin (C-like) food."])
def test_letters_that_cite_nothing_are_left_alone(answer: str) -> None:
    assert [one for one in citations(answer, Corpus([]), [LETTERED], asked=True) if one.better or not one.known] == []


def test_a_value_tells_which_passage_says_a_short_part() -> None:
    found = citations("Books can be kept for four weeks [2], and each late day costs 20 cents [1].", NUMBERED)
    assert [one.better for one in found] == ["1", "2"]

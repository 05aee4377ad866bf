"""Sentences: where they end, and the way back to the captured characters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ctxdebug.analysis.claims.readable_text import read


def sentences(text: str) -> list[str]:
    reading = read(text)
    return [reading.text[start:end] for start, end in reading.spans]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Dr. Smith went to St. Louis. He stayed.", 2),
        ("J. R. R. Tolkien wrote it. It sold well.", 2),
        ("It costs approx. 5 dollars, i.e. little.", 1),
        ("Is it so? Yes! Good.", 3),
        ("- first item\n- second item\n- third item", 3),
        ("A wrapped line that goes on for quite a long while and then simply\ngoes on in lower case.", 1),
        ("Heading\n\nA sentence.", 2),
        ("1. Open the door.", 1),
        ("It grew 3.5 percent.", 1),
    ],
)
def test_a_text_splits(text: str, count: int) -> None:
    assert len(sentences(text)) == count


def test_tokenised_text_is_rejoined_and_leads_back() -> None:
    captured = "The A.V . Club paid 1,570 . It was n't much -LRB- really -RRB- ."
    reading = read(captured)
    assert sentences(captured) == ["The A.V. Club paid 1,570.", "It wasn't much (really)."]
    start, end = reading.spans[1]
    begin, stop = reading.original_span(start, end)
    assert captured[begin:stop] == "It was n't much -LRB- really -RRB- ."


@given(st.text(alphabet="aA1 .,\n-()'`\"LRBSs", max_size=200))
def test_every_span_leads_to_its_own_words(text: str) -> None:
    reading = read(text)
    for start, end in reading.spans:
        begin, stop = reading.original_span(start, end)
        assert 0 <= begin < stop <= len(text)
        assert text[begin:stop].replace(" ", "")[:1] in {reading.text[start], "-", "`", "("}

"""Any text goes through, every span lies in its text, and time grows with length and not with its square."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ctxdebug.analysis.sources.examination import Examination
from ctxdebug.analysis.sources.source import Source

WORDS = st.sampled_from(
    ["The", "fee", "is", "$10", "€ 5", "10.5%", "not", "in", "2019", "3/4/2021", "March", "5", ".", "\n", '"', "“", "”", "[1]", "[doc-2]", "【1†a】", "v2.0.1", "http://a.b/c", "x@y.zz",
     "25 MB", "two", "days", "up to", "\u200b", "é", "漢字。", "-LRB-", "`` ", "''", "|", "{", "}", "1,", "1-", "°C", "-", "9:00", "٣", "²"]
)  # fmt: skip
TEXTS = st.lists(WORDS, max_size=60).map(" ".join)


@settings(max_examples=150, deadline=None)
@given(st.lists(TEXTS, max_size=4), TEXTS, TEXTS)
def test_any_text_goes_through(texts: list[str], question: str, answer: str) -> None:
    examined = Examination(
        [Source(f"doc-{n}", text) for n, text in enumerate(texts)], question, answer, user=[question]
    )
    for conflict in examined.conflicts:
        for passage in (conflict.left, conflict.right, conflict.left_spot, conflict.right_spot):
            assert 0 <= passage.start <= passage.end <= len(texts[passage.source])
    for support in examined.supports:
        assert 0 <= support.start <= support.end <= len(answer)
        for part in support.parts:
            assert 0 <= part.start <= part.end <= len(answer)
    for quotation in examined.quotations:
        assert answer[quotation.start : quotation.end] == quotation.text
    assert all(0 <= citation.start < citation.end <= len(answer) for citation in examined.citations)
    assert examined.superseded is not None
    assert examined.waste is not None
    assert examined.not_checked is not None


def seconds(text: str) -> float:
    one = Examination([Source("a", text), Source("b", text[::-1])], "What is the fee?", text[: len(text) // 4])
    began = time.process_time()
    facts = one.conflicts, one.superseded, one.supports, one.quotations, one.citations, one.waste, one.used
    assert len(facts) == 7
    return time.process_time() - began


@pytest.mark.parametrize(
    "unit",
    [
        "1",
        "1,",
        "a@",
        '"a',
        "Aa ",
        "[1",
        "x",
        "a\n",
        "http://a",
        "The fee is 5 dollars in 2020. ",
        "-",
        "((",
        "v1.",
        "$",
    ],
)
def test_time_grows_with_length(unit: str) -> None:
    short, long = unit * (6_000 // len(unit)), unit * (24_000 // len(unit))
    assert min(seconds(long), seconds(long)) < 12 * max(min(seconds(short), seconds(short)), 0.01)

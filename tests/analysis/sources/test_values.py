"""Typed values: every known fault of the reference is a case here."""

from __future__ import annotations

import pytest

from ctxdebug.analysis.claims.comparison import Relation, compare
from ctxdebug.analysis.claims.values import Bound, Value, ValueKind, values


def only(text: str) -> Value:
    found = values(text)
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize(
    ("left", "right", "relation"),
    [
        ("Python 3.10", "Python 3.1", "conflict"),
        ("version 2.0", "v2", "equal"),
        ("$10", "€10", "incomparable"),
        ("$1.2k", "$1,200", "equal"),
        ("USD 4.95", "$4.95", "equal"),
        ("€18m", "18 million euros", "equal"),
        ("3/4/2021", "03/04/2021", "equal"),
        ("3/4/2021", "March 4, 2021", "equal"),
        ("3/4/2021", "4 March 2021", "equal"),
        ("3/4/2021", "5 March 2021", "conflict"),
        ("2021-03-04", "March 4, 2021", "equal"),
        ("March 2021", "March 4, 2021", "equal"),
        ("9:00 am", "09:00", "equal"),
        ("9 pm", "21:00", "equal"),
        ("9pm", "21:00", "equal"),
        ("30 days", "1 month", "incomparable"),
        ("90 days", "6 months", "conflict"),
        ("12 months", "1 year", "equal"),
        ("720 h", "30 days", "equal"),
        ("30 s", "30,000 ms", "equal"),
        ("25 MB", "25 MiB", "incomparable"),
        ("25 MB", "100 MB", "conflict"),
        ("25 MB", "25 kg", "incomparable"),
        ("more than 5 items", "more than 7 items", "incomparable"),
        ("at most 5 items", "at most 7 items", "conflict"),
        ("at least 2 items", "at most 7 items", "incomparable"),
        ("1990s", "1994", "equal"),
        ("1990s", "2004", "conflict"),
        ("3.5 million people", "3,512,000 people", "equal"),
        ("3.5 million people", "3,612,000 people", "conflict"),
        ("2 to 4 kg", "3 kg", "equal"),
        ("2 to 4 kg", "5 kg", "conflict"),
        ("10-20 kg", "10–20 kg", "equal"),
        ("thirty days", "30 days", "equal"),
        ("two weeks", "14 days", "equal"),
        ("half a year", "6 months", "equal"),
        ("41 %", "41 per cent", "equal"),
        ("500 mg", "0.5 g", "equal"),
        ("4,50 €", "4.50 euros", "equal"),
        ("4,50 €", "5,40 €", "conflict"),
        ("1.250,00 €", "1.250 Euro", "equal"),
        ("1.250 €", "EUR 1,520", "conflict"),
        ("88.214 km", "88214 km", "equal"),
        ("3. März 2025", "3 de marzo de 2025", "equal"),
        ("le 1er mars", "2 March", "conflict"),
        ("25.08.2025", "2025-08-25", "equal"),
        ("um 18.30 Uhr", "18h30", "equal"),
        ("jusqu'à 18 h", "bis 19 Uhr", "conflict"),
        ("alle 17.", "5 pm", "equal"),
        ("dreißig Tage", "cinque giorni", "conflict"),
        ("7.30 pm", "19:30 Uhr", "equal"),
        ("about 9 hours", "9.5 hours", "incomparable"),
        ("about 3,500 people", "3,512 people", "equal"),
        ("https://a.example/x", "http://www.a.example/x/", "equal"),
        ("Bob@A.example", "bob@a.example", "equal"),
        ("AUTH-403", "AUTH-401", "conflict"),
    ],
)
def test_two_values_compare(left: str, right: str, relation: str) -> None:
    x, y = only(left), only(right)
    assert compare(x, y).relation is Relation(relation)
    assert compare(y, x).relation is Relation(relation)


@pytest.mark.parametrize(
    ("text", "kind", "low", "unit"),
    [
        ("1575 households", ValueKind.NUMBER, 1575, ""),
        ("600 s", ValueKind.DURATION, 600, "s"),
        ("a two-year warranty", ValueKind.DURATION, 24, "month"),
        ("25 degrees Celsius", ValueKind.QUANTITY, 25, "°C"),
        ("3 business days", ValueKind.DURATION, 259200, "s"),
        ("twenty-five employees", ValueKind.NUMBER, 25, ""),
        ("12.5%", ValueKind.PERCENT, 12.5, "%"),
        ("€2,500", ValueKind.MONEY, 2500, "EUR"),
    ],
)
def test_a_value_is_normalised(text: str, kind: ValueKind, low: float, unit: str) -> None:
    value = only(text)
    assert (value.kind, value.low, value.unit) == (kind, low, unit)


@pytest.mark.parametrize("text", ["in 2019", "since 2019.", "(2019)", "by 2019, sales had"])
def test_a_year_is_a_date(text: str) -> None:
    assert only(text).kind is ValueKind.DATE


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("up to 5 days", Bound.AT_MOST),
        ("no more than 5 days", Bound.AT_MOST),
        ("may not exceed 25 MB", Bound.AT_MOST),
        ("at least 8 hours", Bound.AT_LEAST),
        ("no fewer than 8 people", Bound.AT_LEAST),
        ("12 years or older", Bound.AT_LEAST),
        ("expires after 30 s", Bound.EXACT),
        ("roughly 40 km", Bound.ABOUT),
        ("costs 40 euros", Bound.EXACT),
    ],
)
def test_a_limit_has_a_direction(text: str, bound: Bound) -> None:
    assert only(text).bound is bound


@pytest.mark.parametrize(
    "text",
    ["nothing to see here", "once upon a time", "one of the best", "a year-round resort", "May the force be with you"],
)
def test_plain_words_hold_no_value(text: str) -> None:
    assert [value for value in values(text) if value.kind is not ValueKind.NUMBER] == []


def test_a_span_is_where_the_words_stand() -> None:
    text = "It costs $4.95 until 31 August 2025, see https://a.example/b."
    assert [text[value.start : value.end] for value in values(text)] == [
        "$4.95",
        "31 August 2025",
        "https://a.example/b",
    ]


def test_the_number_of_a_character_is_no_value() -> None:
    assert [value.text for value in values("Tokyo&#x27;s population is 36,953,600&#8212;a record.")] == ["36,953,600"]

"""What an answer says it was not told, and whether the user told it."""

from __future__ import annotations

import pytest

from ctxdebug.analysis.sources.untold import untold

BOOKING = "I need two rooms from 4 May 2026, budget 300 euros a night, my e-mail is k.lund@example.org"


@pytest.mark.parametrize(
    ("answer", "thing"),
    [
        ("You haven't given me a budget so far.", "a budget"),
        ("I can't say: you never mentioned any dates or a preference.", "any dates"),
        ("You have not provided an e-mail yet.", "an e-mail"),
        ("I don't have your budget on file.", "your budget"),
    ],
)
def test_what_was_told_is_found(answer: str, thing: str) -> None:
    found = list(untold(answer, ["Hello!", BOOKING]))
    assert [answer[one.start : one.end].strip().startswith(thing) for one in found] == [True]
    assert found[0].text == 1
    assert BOOKING[slice(*found[0].told)] in BOOKING


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("Sie haben mir bisher kein Budget genannt.", "Unser Budget liegt bei 900 Euro."),
        ("Vous ne m'avez pas indiqué votre budget.", "Mon budget est de 900 euros."),
        ("Todavía no me has dicho tu presupuesto.", "Mi presupuesto es de 900 euros."),
        ("Non mi hai ancora detto il tuo budget.", "Il mio budget è di 900 euro."),
    ],
)
def test_in_other_languages(answer: str, said: str) -> None:
    assert list(untold(answer, [said]))


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("You haven't given me a budget so far.", "What budget do I need for two nights?"),
        ("You haven't given me a budget so far.", "I want to stay cheap, the budget is open."),
        ("You haven't mentioned any dates.", "We are 2 adults and want 3 nights."),
        ("You haven't finished the form.", BOOKING),
        ("Your budget is 300 euros a night.", BOOKING),
        ("You haven't given me a shoe size.", BOOKING),
    ],
)
def test_what_was_not_told_is_silent(answer: str, said: str) -> None:
    assert not list(untold(answer, [said]))

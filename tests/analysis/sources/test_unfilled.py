"""Placeholders that were sent as the template has them, and braces that are meant."""

from __future__ import annotations

import pytest

from ctxdebug.analysis.sources.unfilled import unfilled
from tests.conversations import exchanged


def _written(system: str) -> list[str]:
    body = {"messages": [{"role": "system", "content": system}, {"role": "user", "content": "What is my plan?"}]}
    segments = exchanged(body).segments()
    return [found.slot.written for found in unfilled(segments)]


@pytest.mark.parametrize(
    ("system", "written"),
    [
        ("You help guests of {{ hotel.name }} with their stay.", ["{{ hotel.name }}"]),
        ("Address the reader as ${firstName}, and be brief.", ["${firstName}"]),
        ("You speak for %(brand)s.", ["%(brand)s"]),
        ("Today is {current_date}. You plan trips.", ["{current_date}"]),
        ("You help.\nPlan: undefined\nBalance: NaN", ["undefined", "NaN"]),
        ("You help.\nE-mail: [object Object]", ["[object Object]"]),
        ("You help.\nCustomer name: null", ["null"]),
    ],
)
def test_a_template_that_was_not_rendered(system: str, written: list[str]) -> None:
    assert _written(system) == written


@pytest.mark.parametrize(
    "system",
    [
        "Where the name goes, write {{ name }}: it is a placeholder of our mailer.",
        'Begin with "Dear {{ name }}, thank you".',
        "Call GET /users/{user_id}/orders to list the orders.",
        "Use `${HOME}` for the folder of the user.",
        'Reply as {"city": {city}, "sky": "clear"}.',
        "You help with flights.\nAllergies: None\nOpen tickets: None",
        "In C, reading past the end is undefined behaviour.",
        "Say it in the format {name}: {value}.",
        "Sets are written {a, b}, and {x} is a set of one element.",
    ],
)
def test_braces_and_words_that_are_meant(system: str) -> None:
    assert _written(system) == []

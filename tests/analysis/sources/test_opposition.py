"""Rival values against other slots, plans, years and products."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ctxdebug.analysis.claims.opposition import THRESHOLD, oppose
from ctxdebug.analysis.claims.statement import statement

PAIRS = [
    json.loads(line)
    for line in (Path(__file__).parents[3] / "fixtures/conflicts/pairs.jsonl").read_text("utf-8").splitlines()
]


def flagged(a: str, b: str) -> bool:
    found = oppose(statement(a), statement(b))
    return found is not None and found.score >= THRESHOLD


@pytest.mark.parametrize("split", ["tuning", "held-out", "last"])
def test_the_written_pairs_meet_their_bar(split: str) -> None:
    rows = [(row["label"] == "conflict", flagged(row["a"], row["b"])) for row in PAIRS if row["split"] == split]
    found = [truth for truth, hit in rows if hit]
    assert sum(found) / len(found) >= 0.9
    assert sum(found) / sum(truth for truth, _ in rows) >= 0.8


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("The Enterprise plan keeps logs for 90 days.", "The Starter plan keeps logs for 7 days."),
        ("In 2019, Orbit CLI had 120 employees.", "In 2021, Orbit CLI had 150 employees."),
        ("The service has 99% uptime.", "New customers get a 20% discount."),
        ("The upload limit is 50 MB.", "Logs are kept up to 200 MB."),
        ("Retrieved 23 July 2015.", "Retrieved 30 November 2024."),
        ("The fee is $10.", "The fee is ten dollars."),
        ("Orders over $75 ship free.", "Orders over $75 ship free of charge."),
        ("The reactor was built by Anna Berg.", "The reactor was visited by Carl Lund."),
    ],
)
def test_what_speaks_of_other_things_is_no_conflict(a: str, b: str) -> None:
    assert not flagged(a, b)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Orbit CLI 2.0 was released on 4 May 2021.", "Orbit CLI 2.0 was released on 9 May 2022."),
        ("In 2019, Orbit CLI had 120 employees.", "In 2019, Orbit CLI had 150 people."),
        ("The trial can be extended.", "The trial cannot be extended."),
        ("Orbit was founded by Anna Berg.", "The founder of Orbit is Carl Lund."),
        ("Auto-renewal is enabled for all plans.", "Auto-renewal is disabled for all plans."),
    ],
)
def test_rival_values_are_a_conflict(a: str, b: str) -> None:
    assert flagged(a, b)

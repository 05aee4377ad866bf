"""Every kind: its own answers are judged as it says, and words that it does not read make it no kind."""

from __future__ import annotations

import pytest

from ctxdebug.analysis.constraints import Constraint, Outcome, extract, verify
from ctxdebug.analysis.constraints.constraint import KINDS as NAMED
from ctxdebug.analysis.constraints.kinds import KINDS
from ctxdebug.analysis.constraints.kinds.kind import Kind

EXAMPLES = [
    (kind, answer, outcome)
    for kind in KINDS
    for answers, outcome in (
        (kind.kept, Outcome.PASS),
        (kind.broken, Outcome.FAIL),
        (kind.open, Outcome.UNCHECKED),
    )
    for answer in answers
]
TAILS = (
    "in the second paragraph",
    "in each section",
    "except for names of ships",
    "if the user is angry",
    "before every comma",
    "but only on Mondays",
)


def _of(kind: Kind, text: str) -> list[Constraint]:
    return [c for c in extract(text) if c.type == kind.type]


@pytest.mark.parametrize(
    ("kind", "answer", "outcome"), EXAMPLES, ids=lambda value: getattr(value, "type", str(value)[:40])
)
def test_an_answer_is_judged_as_the_kind_says(kind: Kind, answer: str, outcome: Outcome) -> None:
    (found,) = _of(kind, kind.asks)
    assert verify(found, answer, question=kind.asks).outcome is outcome


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.type)
def test_a_kind_has_an_answer_that_keeps_it_or_breaks_it_and_a_silent_one(kind: Kind) -> None:
    assert kind.broken
    assert kind.kept or kind.open


@pytest.mark.parametrize("tail", TAILS)
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.type)
def test_words_that_it_does_not_read_make_it_not_checkable(kind: Kind, tail: str) -> None:
    text = f"{kind.asks.rstrip('.!')} {tail}."
    for answer in (*kind.kept, *kind.broken):
        outcomes = {verify(c, answer, question=text).outcome for c in extract(text) if c.type == kind.type}
        assert outcomes <= {Outcome.UNCHECKED}


def test_the_kinds_are_named_where_constraints_are() -> None:
    assert {kind.type for kind in KINDS} == NAMED

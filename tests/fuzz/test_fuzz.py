"""A short campaign, the same each time; `make fuzz` runs a long one."""

from __future__ import annotations

import random

from tests.fuzz.campaign import FIXTURES, campaign
from tests.fuzz.mutations import mutated
from tests.fuzz.sweep import sweep


def test_no_mutation_gives_a_traceback_a_broken_rule_or_a_false_clean() -> None:
    assert [(met.fault, met.first) for met in campaign(150, seed=14).met.values()] == []


def test_a_sweep_of_odd_types_breaks_no_reader() -> None:
    assert list(sweep([FIXTURES / "formats/anthropic.complete/gate.json"], examined=False)) == []


def test_a_seed_gives_the_same_mutations() -> None:
    data = b'{"messages": [{"role": "user", "content": "Hello there"}]}'
    once, again = random.Random(3), random.Random(3)
    assert [mutated(data, once) for _ in range(50)] == [mutated(data, again) for _ in range(50)]

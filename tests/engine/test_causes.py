"""What the model never read explains its answer; faults of the answer are effects then."""

from __future__ import annotations

from dataclasses import replace

from ctxdebug.cases.proposal import propose
from ctxdebug.engine.causes import causes_first, explaining_the_answer
from ctxdebug.engine.likely_cause import likely_cause
from ctxdebug.model import Severity
from tests.findings import finding_of

LOST = finding_of("MEM101", message="the provider processed 22 of 10,814 tokens", fingerprint="f1")
EFFECT = finding_of(
    "LRC505", severity=Severity.WARNING, message="the model says that it does not know", fingerprint="f1"
)
APART = finding_of("LRC301", severity=Severity.WARNING, message="an injected instruction", fingerprint="f1")


def test_an_effect_becomes_a_note_that_names_its_cause() -> None:
    first, second, third = causes_first([LOST, EFFECT, APART])
    assert (first, third) == (LOST, APART)
    assert second.severity is Severity.NOTE
    assert "caused by MEM101" in second.message


def test_without_a_lost_prompt_nothing_changes() -> None:
    assert causes_first([EFFECT, APART]) == [EFFECT, APART]
    assert explaining_the_answer([EFFECT]) == [EFFECT]


def test_an_effect_neither_explains_nor_proposes() -> None:
    assert likely_cause([EFFECT, LOST]) is LOST
    assert "LRC505" not in {part.code for part in propose([EFFECT, LOST]).parts}


def test_a_loss_that_is_not_sure_leaves_the_answer_to_answer_for_itself() -> None:
    unsure = replace(LOST, severity=Severity.WARNING)
    first, second, third = causes_first([unsure, EFFECT, APART])
    assert (first, third) == (unsure, APART)
    assert second.severity is EFFECT.severity
    assert second.message.endswith("(may be caused by MEM101: the prompt may not have been processed in full)")


def test_a_note_that_truncation_is_switched_on_doubts_nothing() -> None:
    allowed = replace(LOST, code="MEM107", severity=Severity.NOTE)
    assert causes_first([allowed, EFFECT]) == [allowed, EFFECT]

"""Most of the live traffic is unlike any case.

The cases are answered well and live users ask something else: this is how a demo works and a product does not.

## Fix

`ctxdebug freeze` some of the captures that are named here; they need not fail to be worth a case.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ctxdebug.model import Confidence, Evidence, Hit, Severity
from ctxdebug.questions import Scope
from ctxdebug.rules import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ctxdebug.rules.suite import Suite, SuiteCapture

_FEWEST = 5
_LIKE = 55.0
"""Likeness of two questions, 0 to 100, from which one covers the other."""
_SHARE = 0.5


@rule(
    "DEM105",
    "traffic-uncovered",
    question=None,
    scope=Scope.SUITE,
    severity=Severity.NOTE,
    confidence=Confidence.MEDIUM,
)
def look(suite: Suite) -> Iterator[Hit]:
    """Hold the question of every capture against those of the cases."""
    asked = [capture for capture in suite.captures if capture.question]
    questions = [case.question for case in suite.cases if case.question]
    if len(asked) < _FEWEST or not questions:
        return
    far = [capture for capture in asked if not _covered(capture, questions)]
    if len(far) > len(asked) * _SHARE:
        evidence = tuple(
            Evidence(
                "like no case", pointer=capture.snapshot.pointer, text=capture.question[:200], snapshot=capture.snapshot
            )
            for capture in far[:3]
        )
        yield Hit(
            f"{len(far)} of {len(asked)} captures ask what no case asks",
            evidence,
            facts={"uncovered": len(far), "captures": len(asked)},
        )


def _covered(capture: SuiteCapture, questions: list[str]) -> bool:
    from rapidfuzz import fuzz

    return any(fuzz.token_set_ratio(capture.question[:2000], question[:2000]) >= _LIKE for question in questions)

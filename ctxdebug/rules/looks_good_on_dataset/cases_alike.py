"""The cases ask almost the same thing over and over.

Twenty variants of one question are one case for the purpose of finding out what breaks live, and twenty for the pass rate.

## Fix

Freeze failures from other parts of the traffic; keep variants as `ctxdebug mutate` writes them, where their outcome is known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ctxdebug.model import Confidence, Evidence, Hit, Severity
from ctxdebug.questions import Scope
from ctxdebug.rules import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ctxdebug.rules.suite import Suite

_FEWEST = 5
_ALIKE = 85.0
"""Likeness of two questions, 0 to 100, from which they are the same question."""
_SHARE = 0.8


@rule("DEM101", "cases-alike", question=None, scope=Scope.SUITE, severity=Severity.NOTE, confidence=Confidence.MEDIUM)
def look(suite: Suite) -> Iterator[Hit]:
    """Compare the questions of the cases that are no variants of another."""
    from rapidfuzz import fuzz

    own = [case for case in suite.cases if not case.mutation and case.question]
    if len(own) < _FEWEST:
        return
    for case in own[: len(own) - int(len(own) * _SHARE) + 1]:
        alike = [other for other in own if fuzz.token_sort_ratio(case.question, other.question) >= _ALIKE]
        if len(alike) >= _FEWEST and len(alike) >= len(own) * _SHARE:
            evidence = tuple(
                Evidence(
                    f"{other.id} asks",
                    pointer=other.snapshot.pointer,
                    text=other.question[:200],
                    snapshot=other.snapshot,
                )
                for other in alike[:3]
            )
            yield Hit(
                f"{len(alike)} of {len(own)} cases ask almost the same",
                evidence,
                facts={"cases": [other.id for other in alike]},
            )
            return

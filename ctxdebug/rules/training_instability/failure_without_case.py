"""A capture fails, and no frozen case contains it.

Without a case, nothing tells when the failure comes back, and nothing proves that it went away.

## Fix

`ctxdebug freeze CAPTURE` makes the case, with the expectation that the findings propose.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ctxdebug.model import Evidence, Hit, Severity
from ctxdebug.questions import Scope
from ctxdebug.rules import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ctxdebug.rules.suite import Suite


@rule("INS201", "failure-without-case", question=None, scope=Scope.SUITE, severity=Severity.WARNING)
def look(suite: Suite) -> Iterator[Hit]:
    """Look for the request of every failing capture among the cases; equal requests are told once."""
    frozen = {case.digest for case in suite.cases}
    told: set[str] = set()
    for capture in suite.captures:
        if capture.errors and capture.digest not in frozen | told:
            told.add(capture.digest)
            snapshot = capture.snapshot
            evidence = Evidence(
                "the exchange", pointer=snapshot.pointer, text=capture.question[:200], snapshot=snapshot
            )
            yield Hit(
                f"fails with {', '.join(capture.errors[:3])}, and no case contains it",
                (evidence,),
                facts={"codes": list(capture.errors)},
            )

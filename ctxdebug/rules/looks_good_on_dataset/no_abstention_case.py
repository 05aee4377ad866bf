"""The application answers from sources, and no case expects it to say that they do not contain the answer.

Every case can be answered, so a model that always answers passes them all.

## Fix

`ctxdebug mutate CASE --kind without-source` takes the source away and expects the answer to abstain.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ctxdebug.model import Evidence, Hit, Severity
from ctxdebug.questions import Scope
from ctxdebug.rules import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ctxdebug.rules.suite import Suite

_FEWEST = 3


@rule("DEM103", "no-abstention-case", question=None, scope=Scope.SUITE, severity=Severity.NOTE, tags=("OWASP:LLM09",))
def look(suite: Suite) -> Iterator[Hit]:
    """Look for a case with sources, and for one that expects abstention or a question back."""
    from ctxdebug.rules.suite import reads_untrusted

    grounded = [case for case in suite.cases if reads_untrusted(case.snapshot)]
    if len(grounded) < _FEWEST or any(case.words & {"abstains", "asks-clarification"} for case in suite.cases):
        return
    evidence = Evidence(
        "a case with sources", pointer=grounded[0].snapshot.pointer, text=grounded[0].id, snapshot=grounded[0].snapshot
    )
    yield Hit(f"none of {len(suite.cases)} cases expects the answer to abstain or to ask back", (evidence,))

"""A frozen case runs on a model that is switched off, or soon will be.

When its model goes, a case can no longer be run as it was frozen, and what replaces the model may behave otherwise.

## Fix

Run the case on the successor with `ctxdebug eval --model NEW --against OLD` while both answer, then freeze it anew.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from ctxdebug.model import Evidence, Hit, Severity
from ctxdebug.questions import Scope
from ctxdebug.rules import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ctxdebug.rules.suite import Suite

_NEAR = timedelta(days=60)


@rule("INS103", "retiring-model", question=None, scope=Scope.SUITE, severity=Severity.WARNING, tags=("OWASP:LLM03",))
def look(suite: Suite) -> Iterator[Hit]:
    """Compare the catalogue's retirement dates with today."""
    today = suite.today or date.today()  # noqa: DTZ011  (a day is exact enough)
    for case in suite.cases:
        retires = case.model.retires if case.model is not None else None
        if retires is None or retires > today + _NEAR:
            continue
        said = f"was retired on {retires.isoformat()}" if retires <= today else f"is retired on {retires.isoformat()}"
        at = (*case.snapshot.request_at, "model")
        evidence = Evidence("the model", pointer=at, text=case.snapshot.model or "", snapshot=case.snapshot)
        severity = None if retires <= today else Severity.NOTE
        yield Hit(f"{case.id} runs on {case.snapshot.model}, which {said}", (evidence,), severity=severity,
                  facts={"case": case.id, "retires": retires.isoformat()})  # fmt: skip

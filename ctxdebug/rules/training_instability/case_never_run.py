"""A case was never run against the model that is in use.

Cases prove something about the models that they were run on. Live traffic goes to another one.

## Fix

`ctxdebug eval --endpoint URL --model MODEL`; the answers are kept in `.ctxdebug/runs`, where this rule looks.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from ctxdebug.model import Evidence, Hit, Severity
from ctxdebug.questions import Scope
from ctxdebug.rules import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ctxdebug.rules.suite import Suite


@rule("INS202", "case-never-run", question=None, scope=Scope.SUITE, severity=Severity.NOTE)
def look(suite: Suite) -> Iterator[Hit]:
    """Compare the models of the captures with those of the recorded runs and of the cases' own answers."""
    used = Counter(capture.snapshot.model for capture in suite.captures if capture.snapshot.model)
    for model, count in used.most_common(3):
        missing = [
            case for case in suite.cases
            if not {model, *_answering(suite, model)} & {case.snapshot.model, case.snapshot.answered_by, *suite.runs.get(case.id, ())}
        ]  # fmt: skip
        if missing:
            names = ", ".join(case.id for case in missing[:5]) + (
                f" and {len(missing) - 5} more" if len(missing) > 5 else ""
            )
            evidence = Evidence(
                "a case", pointer=missing[0].snapshot.pointer, text=missing[0].id, snapshot=missing[0].snapshot
            )
            yield Hit(f"{count} captures use {model}, and it never answered {names}", (evidence,),
                      facts={"model": model, "cases": [case.id for case in missing]})  # fmt: skip


def _answering(suite: Suite, model: str) -> set[str]:
    """Return the versions that answered under a name."""
    return {
        capture.snapshot.answered_by
        for capture in suite.captures
        if capture.snapshot.model == model and capture.snapshot.answered_by
    }

"""A frozen case names a model that its vendor moves to newer versions.

An alias such as `gpt-4o` is another model next month. A case that then passes or fails says nothing about the
change that was being tested.

## Fix

Name the dated version in the case (`gpt-4o-2024-11-20`), and compare a new one with `ctxdebug eval --against`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ctxdebug.model import Evidence, Hit, Severity
from ctxdebug.questions import Scope
from ctxdebug.rules import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ctxdebug.rules.suite import Suite


@rule("INS101", "unpinned-model", question=None, scope=Scope.SUITE, severity=Severity.NOTE, tags=("OWASP:LLM03",))
def look(suite: Suite) -> Iterator[Hit]:
    """Look every case's model up in the catalogue."""
    for case in suite.cases:
        if case.model is not None and case.model.is_alias and case.snapshot.model:
            at = (*case.snapshot.request_at, "model")
            evidence = Evidence("an alias", pointer=at, text=case.snapshot.model, snapshot=case.snapshot)
            yield Hit(
                f"{case.id} names {case.snapshot.model}, which moves to newer versions",
                (evidence,),
                facts={"case": case.id},
            )

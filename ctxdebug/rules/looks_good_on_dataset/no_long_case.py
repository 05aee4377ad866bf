"""Live contexts are much longer than those of the cases.

What a model does with two pages says little about what it does with a hundred: facts get lost in the middle, rules fade.

## Fix

Freeze one of the long captures, or let `ctxdebug mutate CASE --kind filler` push the fact to the middle.
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
_TIMES = 4
_LONG = 32_000
"""Characters (about 8,000 tokens) from which a context is long."""


@rule("DEM104", "no-long-case", question=None, scope=Scope.SUITE, severity=Severity.NOTE)
def look(suite: Suite) -> Iterator[Hit]:
    """Compare the longest case with the longest tenth of the captures."""
    from ctxdebug.rules.suite import size

    if not suite.cases or len(suite.captures) < _FEWEST:
        return
    longest = max(size(case.snapshot) for case in suite.cases)
    captures = sorted(suite.captures, key=lambda capture: size(capture.snapshot))
    live = captures[min(len(captures) - 1, int(len(captures) * 0.9))]
    read = size(live.snapshot)
    if read >= _LONG and read > longest * _TIMES:
        evidence = Evidence(
            "a long context", pointer=live.snapshot.pointer, text=live.question[:200], snapshot=live.snapshot
        )
        yield Hit(f"a tenth of the captures read {read:,} characters or more; the longest case reads {longest:,}", (evidence,),
                  facts={"live": read, "longest_case": longest})  # fmt: skip

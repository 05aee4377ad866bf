"""Captures contain neither what the provider counted nor the id of the answer.

Without usage, nobody sees that a prompt was cut or what it cost. Without an id, nobody finds the request again at the provider.

## Fix

Record the response as it came: its `usage`, its `id`, and the request id of the HTTP headers.
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
_SHARE = 0.5


@rule("DEM106", "telemetry-missing", question=None, scope=Scope.SUITE, severity=Severity.NOTE)
def look(suite: Suite) -> Iterator[Hit]:
    """Count the answered captures that lack both."""
    answered = [
        capture for capture in suite.captures if capture.snapshot.has_response and capture.snapshot.error is None
    ]
    bare = [capture for capture in answered if capture.snapshot.usage is None and capture.snapshot.id is None]
    if len(bare) >= _FEWEST and len(bare) > len(answered) * _SHARE:
        evidence = Evidence(
            "no usage, no id", pointer=bare[0].snapshot.pointer, text=bare[0].question[:200], snapshot=bare[0].snapshot
        )
        yield Hit(f"{len(bare)} of {len(answered)} captures contain neither usage nor the answer's id", (evidence,))

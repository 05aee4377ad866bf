"""Any rule of the catalogue, as an assertion."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import msgspec

from ctxdebug.cases.assertion import assertion
from ctxdebug.cases.observation import Outcome

if TYPE_CHECKING:
    from ctxdebug.cases.observation import Observation


@assertion("no-finding", Annotated[str, msgspec.Meta(pattern="^[A-Z]{3}[0-9]{0,3}$")])
def no_finding(value: str, seen: Observation) -> Outcome:
    """Expect the rule of this code, or every rule whose code begins so, to find nothing."""
    if seen.detect is None:
        return Outcome(None, f"{value} was not checked: the detectors did not run")
    checked = seen.detect()
    for code, message in checked.findings.items():
        if code.startswith(value):
            return Outcome(False, f"{code}: {message}")
    for code, reason in checked.unchecked.items():
        if code.startswith(value):
            return Outcome(None, f"{code} was not checked: {reason}")
    return Outcome(True, f"{value} finds nothing")

"""The answer asks back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ctxdebug.cases.assertion import assertion
from ctxdebug.cases.observation import Outcome
from ctxdebug.text.abstention import clarification

if TYPE_CHECKING:
    from ctxdebug.cases.observation import Observation


@assertion("asks-clarification", bool)
def asks_clarification(value: bool, seen: Observation) -> Outcome:
    """Expect an answer that asks the user for what is missing (`false`: one that does not)."""
    span = clarification(seen.answer)
    reason = "the answer asks back" if span else "the answer does not ask back"
    return Outcome((span is not None) == value, reason, (span,) if span else ())

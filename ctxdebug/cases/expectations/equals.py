"""The answer, word for word."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ctxdebug.cases.assertion import assertion
from ctxdebug.cases.observation import Outcome

if TYPE_CHECKING:
    from ctxdebug.cases.observation import Observation


@assertion("equals", str)
def equals(value: str, seen: Observation) -> Outcome:
    """Expect exactly this answer, but for spaces around it."""
    same = seen.answer.strip() == value.strip()
    return Outcome(same, "the answer is the expected text" if same else f"the answer is not {value!r}")

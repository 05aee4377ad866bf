"""The answer says that it cannot know."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ctxdebug.cases.assertion import assertion
from ctxdebug.cases.observation import Outcome
from ctxdebug.text.abstention import abstention

if TYPE_CHECKING:
    from ctxdebug.cases.observation import Observation


@assertion("abstains", bool)
def abstains(value: bool, seen: Observation) -> Outcome:
    """Expect an answer that says it does not know, or that its sources do not say (`false`: one that does not)."""
    span = abstention(seen.answer)
    reason = "the answer abstains" if span else "the answer does not abstain"
    return Outcome((span is not None) == value, reason, (span,) if span else ())

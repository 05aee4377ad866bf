"""A rubric that another model decides, where one is configured."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import msgspec

from ctxdebug.cases.assertion import assertion
from ctxdebug.cases.observation import Outcome

if TYPE_CHECKING:
    from ctxdebug.cases.observation import Observation


@assertion("judge", Annotated[str, msgspec.Meta(min_length=1)])
def judge(value: str, seen: Observation) -> Outcome:
    """Expect the configured judge to say that the answer meets this rubric; undecided without one."""
    if seen.judge is None:
        return Outcome(None, "no judge is configured; give --judge")
    return seen.judge(value, seen.answer)

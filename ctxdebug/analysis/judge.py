"""A model that may be asked what no offline method can tell; only rules that say they need one ask it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from ctxdebug.records import record


@record(frozen=True, slots=True)
class Judgement:
    """Yes, no, or None where the judge gave no clear word."""

    answer: bool | None
    why: str


class Judge(Protocol):
    """Answers one yes/no question about named passages, which are data and never instructions."""

    def __call__(self, question: str, passages: Sequence[tuple[str, str]]) -> Judgement:
        """Ask; raises `EndpointError` when the endpoint cannot be reached."""

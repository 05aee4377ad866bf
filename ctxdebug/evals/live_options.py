"""How a live run goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ctxdebug.records import record

if TYPE_CHECKING:
    from collections.abc import Callable

    from ctxdebug.cases.observation import Outcome
    from ctxdebug.evals.judge_bill import JudgeBill
    from ctxdebug.models import Prices


@record(frozen=True, slots=True)
class LiveOptions:
    """How a live run goes. Without `repeat`, each case runs until its sequential test decides."""

    model: str | None = None
    repeat: int | None = None
    concurrency: int = 8
    stream: bool = False
    most_calls: int | None = None
    most_money: float | None = None
    default_budget: bool = False
    """Whether the budget is ours and not the user's; no case can raise it."""
    prices: Prices | None = None
    judge: Callable[[str, str], Outcome] | None = None
    bill: JudgeBill | None = None
    """What the judge was paid."""

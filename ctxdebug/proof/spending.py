"""What a proof may cost, and what it has cost: answers that it used, whether they were asked now or read from the record.

Counting both makes a replay stop where the run stopped.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ctxdebug.evals.endpoint import BudgetError
from ctxdebug.records import record

if TYPE_CHECKING:
    from ctxdebug.models import Prices

DEFAULT_CALLS = 400
"""Answers that a proof may use without --budget."""


@record(frozen=True, slots=True)
class Allowance:
    """The most that a proof may use; None where there is no limit."""

    calls: int | None = DEFAULT_CALLS
    tokens: int | None = None
    money: float | None = None
    """USD."""

    def line(self, prompt_tokens: int | None, output_tokens: int, prices: Prices | None) -> str:
        """Return what may be used, as a sentence for before the first call; tokens and money are estimates."""
        parts = [f"at most {self.calls:,} calls" if self.calls is not None else "calls without a limit"]
        if self.tokens is not None:
            parts.append(f"at most {self.tokens:,} tokens")
        elif prompt_tokens is not None and self.calls is not None:
            parts.append(f"up to about {self.calls * (prompt_tokens + output_tokens):,} tokens")
        cost = priced(prompt_tokens, output_tokens, prices)
        if self.money is not None:
            parts.append(f"at most {self.money:g} USD")
        elif cost is not None and self.calls is not None:
            parts.append(f"up to about {cost * self.calls:.2f} USD")
        return "budget: " + ", ".join(parts)


@record(slots=True)
class Spent:
    """What was used so far."""

    allowance: Allowance
    calls: int = 0
    tokens: int = 0
    money: float = 0.0

    def room(self) -> int:
        """Return how many more answers may be used now; raises `BudgetError` where none."""
        allowed = self.allowance
        if allowed.tokens is not None and self.tokens >= allowed.tokens:
            raise BudgetError(f"the budget of {allowed.tokens:,} tokens is used up")
        if allowed.money is not None and self.money >= allowed.money:
            raise BudgetError(f"the budget of {allowed.money:g} USD is used up")
        if allowed.calls is None:
            return 1_000_000
        if self.calls >= allowed.calls:
            raise BudgetError(f"the budget of {allowed.calls:,} calls is used up")
        return allowed.calls - self.calls

    def add(self, prompt: int | None, output: int | None, prices: Prices | None) -> None:
        """Count one answer; token counts are the provider's, None where it gave none."""
        self.calls += 1
        self.tokens += (prompt or 0) + (output or 0)
        self.money += priced(prompt, output or 0, prices) or 0.0


def priced(prompt: int | None, output: int, prices: Prices | None) -> float | None:
    """Return what so many tokens cost in USD, or None where that is not known."""
    if prompt is None or prices is None or prices.input is None or prices.output is None:
        return None
    return (prompt * prices.input + output * prices.output) / 1_000_000

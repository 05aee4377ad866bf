"""What an LLM judge was asked, and what that cost: part of a run's cost as much as the answers are."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from ctxdebug.records import field, record
from ctxdebug.text.plural import plural

if TYPE_CHECKING:
    from ctxdebug.model import Usage
    from ctxdebug.models import Prices


@record(slots=True)
class JudgeBill:
    """The calls of one run to its judge; several threads add to it."""

    model: str
    prices: Prices | None = None
    calls: int = 0
    cost: float = 0.0
    """USD, of the calls whose cost is known."""
    unknown: int = 0
    """Calls without a known price or without a count of tokens."""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, usage: Usage | None) -> None:
        """Add one reply."""
        with self._lock:
            self.calls += 1
            if self.prices is None or usage is None or usage.prompt is None:
                self.unknown += 1
                return
            paid = usage.prompt * (self.prices.input or 0.0) + (usage.output or 0) * (self.prices.output or 0.0)
            self.cost += paid / 1_000_000

    def line(self) -> str:
        """Return what a report notes of it; empty where nobody was asked."""
        if not self.calls:
            return ""
        asked = f"the LLM judge {self.model} was asked {plural(self.calls, 'time')}"
        if self.unknown:
            return f"{asked}; the cost of {self.unknown} is not known and not in the figure"
        return f"{asked}, for {self.cost:.4f} USD of the cost"

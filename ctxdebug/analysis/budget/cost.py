"""What an exchange cost, by the provider's own counts and the catalogue's prices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ctxdebug.models.catalogue import Prices
from ctxdebug.records import record

if TYPE_CHECKING:
    from ctxdebug.analysis import Analysis
    from ctxdebug.model import Usage

_MILLION = 1_000_000
_WRITE_FACTOR = 1.25
"""Writing a cache costs as much more than plain input where the catalogue has no price for it (Anthropic's rule)."""


@record(frozen=True, slots=True)
class Cost:
    """USD. `fresh` is uncached input; `estimated` when no usage was recorded and the prompt was counted instead."""

    fresh: float
    cache_read: float
    cache_write: float
    output: float
    reasoning: float
    """Part of `output`."""
    estimated: bool

    @property
    def total(self) -> float:
        """All of it."""
        return self.fresh + self.cache_read + self.cache_write + self.output


def cost(analysis: Analysis) -> Cost | None:
    """Return the price of the exchange; None when the model's prices are not known, or nothing was counted."""
    prices = analysis.model.prices if analysis.model else None
    if prices is None or prices.input is None:
        return None
    usage = analysis.snapshot.usage
    if usage is None or usage.prompt is None:
        if not analysis.prompt.estimable:
            return None
        return Cost(analysis.prompt.total.value * prices.input / _MILLION, 0, 0, 0, 0, estimated=True)
    return priced(usage, prices)


def priced(usage: Usage, prices: Prices) -> Cost:
    """Return what the recorded tokens cost by a price list; a prompt that was not counted costs nothing."""
    prompt = usage.prompt or 0
    prices = _long(prices, prompt)
    read, written = usage.cache_read or 0, usage.cache_write or 0
    fresh = max(0, prompt - read - written)
    base = prices.input or 0.0
    rate_out = prices.output or 0.0
    reasoning = usage.reasoning or 0
    spoken = max(0, (usage.output or 0) - reasoning)
    thought = reasoning * (prices.reasoning if prices.reasoning is not None else rate_out) / _MILLION
    return Cost(
        fresh * base / _MILLION,
        read * (prices.cache_read if prices.cache_read is not None else base) / _MILLION,
        written * (prices.cache_write if prices.cache_write is not None else base * _WRITE_FACTOR) / _MILLION,
        spoken * rate_out / _MILLION + thought,
        thought,
        estimated=False,
    )


def _long(prices: Prices, prompt: int) -> Prices:
    """Return the price list that holds for a prompt of this size."""
    if prices.long is not None and prices.long_from is not None and prompt > prices.long_from:
        return prices.long
    return prices

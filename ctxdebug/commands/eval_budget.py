"""What a live run may send and cost: the user's word, else ours; a case's file has no say."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from ctxdebug.errors import UsageError
from ctxdebug.records import record

if TYPE_CHECKING:
    from ctxdebug.engine.run import RunOptions
    from ctxdebug.models import Prices

DEFAULT_CALLS = 1000
"""Requests that a run may send without --budget, unless the user's own --repeat asks for more."""
DEFAULT_USD = 10.0
"""What a run may cost without --budget, where the model's prices are known."""


@record(frozen=True, slots=True)
class Budget:
    """What `--budget` says; None where it says nothing of calls, of money, or of tokens."""

    calls: int | None = None
    money: float | None = None
    tokens: int | None = None


def budget_of(text: str | None) -> Budget:
    """Read a number of calls, of tokens, an amount, or several with commas; raises `UsageError` for anything else."""
    calls: int | None = None
    tokens: int | None = None
    money: float | None = None
    for part in (text or "").lower().split(",") if text is not None else ():
        word = part.strip()
        amount = word.removeprefix("$").removesuffix("usd").removesuffix("$").strip()
        try:
            if word.endswith(("tokens", "tok")):
                tokens = int(word.removesuffix("tokens").removesuffix("tok"))
            elif amount != word:
                money = float(amount)
            else:
                calls = int(word)
        except ValueError:
            raise UsageError(_help(text)) from None
    if min(calls or 1, tokens or 1) < 1 or 0 in (calls, tokens) or (money is not None and not 0 < money < math.inf):
        raise UsageError(_help(text))
    return Budget(calls, money, tokens)


def _help(text: str | None) -> str:
    return f"--budget takes a number of calls (200), an amount (2.50usd), or several with commas, not {text!r}"


def known_prices(model: str, run: RunOptions, needed: bool) -> Prices | None:
    """Return a model's prices, or None; raises `UsageError` where they are `needed` and not known."""
    from ctxdebug.models import resolve

    found = resolve(model, None, run.analysis.models)
    if found is None or found.prices is None or found.prices.input is None or found.prices.output is None:
        if not needed:
            return None
        raise UsageError(
            f"the prices of {model or 'the models'} are not known, so --budget in money cannot be kept; give it in calls"
        )
    return found.prices

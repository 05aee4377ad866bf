"""What one answer is worth: as evidence, and in money."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ctxdebug.text.plural import plural

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ctxdebug.evals.endpoint import Reply
    from ctxdebug.evals.trials import Trial
    from ctxdebug.model import Snapshot
    from ctxdebug.models import Prices


def draw(snapshot: Snapshot, reply: Reply, body: Mapping[str, Any], answer: tuple[str, Any]) -> str:
    """Return what makes two answers one draw: the response's id, a cache that says so, or a fixed seed."""
    headers = {name.lower(): str(value).lower() for name, value in reply.headers.items()}
    cached = "hit" in headers.get("x-cache", "") or headers.get("cf-cache-status") == "hit"
    cached = cached or headers.get("x-litellm-cache-hit") == "true" or headers.get("age", "0") != "0"
    if cached or body.get("seed") is not None:
        return f"text:{answer[0]}\x1f{answer[1]!r}"
    return f"id:{snapshot.id}" if snapshot.id else ""


def cost_of(trial: Trial, prices: Prices | None) -> float | None:
    """Return what an answer cost in USD, or None where a figure is missing."""
    if prices is None or prices.input is None or prices.output is None or trial.prompt_tokens is None:
        return None
    return (trial.prompt_tokens * prices.input + (trial.output_tokens or 0) * prices.output) / 1_000_000


def uncounted(trials: Iterable[Trial]) -> str:
    """Return that answers came without counts of tokens, whose cost is in no figure and no budget; empty where none did."""
    without = sum(trial.fresh and trial.cost is None for trial in trials)
    if not without:
        return ""
    return f"{plural(without, 'answer')} came without token counts; the cost and a budget in USD are without them"

"""A run sends the same tokens again and again, and no cache serves them.

Each call of an agent carries everything that came before. With a cache, sending it again costs a tenth; without one, a run of
forty calls pays forty times for its first page, and the bill grows with the square of its length.

## In short

Bad: forty calls send 2.4 million tokens, of which 90 thousand are new, and none is read from a cache. Good: the same, with
2.2 million read from the cache. (Whole examples: `fixtures/rules/CST106`.)

## Fix

Turn on prompt caching, and keep the prefix the same from call to call. Where there is no cache, replace old tool results by a note
of what they were, and give long side jobs to a sub-agent with a context of its own.

## Limits

Where the log records no cached tokens it cannot be told whether a cache served them; the finding says so. Tokens that were read
anew because the cache was lost are CST102.
"""

from __future__ import annotations

from collections.abc import Iterator

from ctxdebug.analysis import Analysis
from ctxdebug.analysis.runs.cache_breaks import cache_breaks
from ctxdebug.analysis.runs.replay import replay, resent
from ctxdebug.analysis.runs.thresholds import REPLAY_FACTOR, REPLAY_TOKENS
from ctxdebug.model import Hit, Severity, whole
from ctxdebug.questions import Question
from ctxdebug.rules import rule


@rule("CST106", "replay-cost", question=Question.PROMPT_ECONOMICAL, severity=Severity.NOTE, explains=6,
      tags=("OWASP:LLM10", "ATLAS:AML.T0034"))  # fmt: skip
def check(analysis: Analysis) -> Iterator[Hit]:
    """Add up what the calls of this context sent again at full price."""
    calls = analysis.calls
    if len(calls) < REPLAY_FACTOR:
        return
    found = replay(calls)
    paid = found.full_price - sum(broken.lost for broken in cache_breaks(calls, analysis.host))
    if paid < REPLAY_TOKENS or found.factor < REPLAY_FACTOR:
        return
    largest = resent(analysis, calls)[:3]
    if not largest:
        return
    served = "none of them read from a cache" if found.cached == 0 else (
        "and the log does not say what a cache served" if found.cached is None else f"{found.cached:,} read from a cache"
    )  # fmt: skip
    yield Hit(
        f"{found.calls} calls sent {found.sent:,} prompt tokens for {found.unique:,} different ones ({found.factor:.0f} × each), {served}",
        tuple(
            whole(one.segment, f"sent {one.times + 1} times, ~{one.total:,} tokens for the repetitions")
            for one in largest
        ),
        facts={
            "calls": found.calls,
            "sent": found.sent,
            "unique": found.unique,
            "cached": found.cached,
            "full_price": paid,
        },
        subject=largest[0].segment.text[:200],
    )

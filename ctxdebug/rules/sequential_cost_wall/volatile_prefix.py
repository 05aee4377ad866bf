"""A value that changes with every call is in front of text that does not.

Providers cache the longest prefix that is the same as last time, character by character. A clock in the first line makes
every call a new prompt: full price, full latency, for rules that never change.

## In short

Bad: `Current date and time: 2026-03-04 09:31:07.` and then three pages of rules. Good: three pages of rules, and the time in the last
user message. (Whole examples: `fixtures/rules/CST101`.)

## Fix

Move what changes to the end: into the last user message, or behind the last cache mark. Round times to the day if the day
is all that matters.
"""

from __future__ import annotations

from collections.abc import Iterator

from ctxdebug.analysis import Analysis
from ctxdebug.analysis.budget.cache_prefix import volatile
from ctxdebug.model import Confidence, Hit, Repair, RepairKind, Severity, quote
from ctxdebug.models.providers import provider_facts
from ctxdebug.questions import Question
from ctxdebug.rules import rule

_CACHEABLE = 1024
"""Tokens. The shortest prefix that is worth caching where the provider does not say."""
_LEAST_BEHIND = 300
"""Tokens of stable text behind the changing value."""


@rule("CST101", "volatile-prefix", question=Question.PROMPT_ECONOMICAL, severity=Severity.NOTE, confidence=Confidence.MEDIUM,
      explains=12, tags=("OWASP:LLM10", "ATLAS:AML.T0034"))  # fmt: skip
def check(analysis: Analysis) -> Iterator[Hit]:
    """Look for clocks and ids in the rules, with a cacheable amount of stable text behind them."""
    facts = provider_facts(analysis.host)
    least = (
        (analysis.model.cache_minimum if analysis.model else None)
        or (facts.cache_minimum if facts else None)
        or _CACHEABLE
    )
    if analysis.prompt.total.value < least:
        return
    found = volatile(analysis)
    if found is None or found.after < _LEAST_BEHIND or found.before + found.after < least:
        return
    if found.before >= least and found.after < least:  # the head is cached, and little is lost behind it
        return
    yield Hit(
        f"{found.what} is ~{found.before:,} tokens into the instructions, before ~{found.after:,} tokens that could be cached",
        (
            quote(
                found.segment,
                found.start,
                found.end,
                "changes from call to call, so nothing from here on is read from the cache",
            ),
        ),
        confidence=found.confidence,
        facts={"before": found.before, "after": found.after},
    )


@check.repairs
def repairs(hit: Hit, _: Analysis) -> Iterator[Repair]:
    """Move the changing value behind what could be cached."""
    shown = hit.evidence[0]
    if shown.segment is not None:
        span = (shown.start, shown.end)
        yield Repair(
            "Move the changing value to the end", RepairKind.MOVE_BLOCK, segments=(shown.segment.id,), span=span
        )

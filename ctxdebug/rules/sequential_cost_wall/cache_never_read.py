"""The prompt is resent turn after turn, and the provider reads none of it from its cache.

Every turn pays full price for the same history. Something at the front changes between the calls, or the request marks nothing
for caching where the provider wants a mark.

## In short

Bad: the second turn of a conversation of 3,000 tokens reports `cached_tokens: 0`, because a tool list is built in another order each
time. Good: it reports 2,900. (Whole examples: `fixtures/rules/CST102`.)

## Fix

Keep everything before the newest message the same, character by character: tools in a fixed order, rules without clocks and ids.
Where the provider wants cache marks (Anthropic, Bedrock), set one behind the rules and one behind the history.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ctxdebug.analysis import Analysis
from ctxdebug.analysis.budget.cache_prefix import Break, prefix_break
from ctxdebug.model import Confidence, Evidence, Hit, Need, Severity, quote, value
from ctxdebug.models.providers import cache_marks, provider_facts
from ctxdebug.questions import Question
from ctxdebug.rules import rule


@rule("CST102", "cache-never-read", question=Question.PROMPT_ECONOMICAL, severity=Severity.NOTE, confidence=Confidence.MEDIUM,
      needs=(Need.SESSION,), tags=("OWASP:LLM10", "ATLAS:AML.T0034"))  # fmt: skip
def check(analysis: Analysis) -> Iterator[Hit]:
    """Look at what should have been cached since the last turn, and at what was."""
    usage, last = analysis.snapshot.usage, analysis.earlier[-1]
    facts = provider_facts(analysis.host)
    if usage is None or usage.prompt is None or usage.cache_read != 0 or facts is None or facts.cached == "unreliable":
        return
    if (
        last.snapshot.usage is None
        or last.snapshot.usage.prompt is None
        or last.snapshot.model != analysis.snapshot.model
    ):
        return
    least = (analysis.model.cache_minimum if analysis.model else None) or facts.cache_minimum
    if least is None or last.snapshot.usage.prompt < 2 * least:
        return
    broken = prefix_break(last, analysis)
    unmarked = bool(facts.cache_marks) and _unmarked(analysis)
    if broken is None and not unmarked:
        return
    where = value(usage.pointer, "cached tokens: 0", "what the provider read from its cache")
    if unmarked:
        yield Hit("nothing was read from the cache: the request marks nothing for caching", (where,))
    elif broken is not None and broken.tokens < least:
        yield Hit(
            f"nothing was read from the cache: {broken.where} changed since the last turn"
            + (
                f", ~{broken.tokens:,} tokens into the prompt" if broken.tokens else ", and everything stands behind it"
            ),
            (where, *_shown(broken, last)),
            facts={"tokens": broken.tokens, "where": broken.where},
        )


def _unmarked(analysis: Analysis) -> bool:
    """Whether the request has no cache marks; logs that are not the request itself cannot show them."""
    snapshot = analysis.snapshot
    marks = cache_marks(snapshot.format)
    if not marks or (snapshot.usage is not None and snapshot.usage.cache_write):
        return False
    return not any(mark in str(snapshot.request) for mark in marks)


def _shown(broken: Break, last: Analysis) -> tuple[Evidence, ...]:
    if broken.segment is None:
        return ()
    now = quote(
        broken.segment,
        broken.at,
        min(len(broken.segment.text), broken.at + 40),
        "now, from the first differing character",
    )
    old = next((segment for segment in last.segments if segment.id == broken.segment.id), None)
    if old is None:
        return (now,)
    then = quote(old, broken.at, min(len(old.text), broken.at + 40), "at the last turn")
    return now, replace(then, snapshot=last.snapshot)

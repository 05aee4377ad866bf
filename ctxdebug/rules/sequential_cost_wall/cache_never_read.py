"""The prompt is resent turn after turn, and the provider reads none of it from its cache.

Every turn pays full price for the same history. Something at the front changes between the calls, or the request marks nothing
for caching where the provider wants a mark. In a session log, the counts of each call show where the cache was lost in the middle of a
run; a compaction, another model, and a pause longer than the cache lives are no fault and not reported.

## In short

Bad: the second turn of a conversation of 3,000 tokens reports `cached_tokens: 0`, because a tool list is built in another order each
time. Good: it reports 2,900. (Whole examples: `fixtures/rules/CST102`.)

## Fix

Keep everything before the newest message the same, character by character: tools in a fixed order, rules without clocks and ids.
Where the provider wants cache marks (Anthropic, Bedrock), set one behind the rules and one behind the history.
"""

from __future__ import annotations

from collections.abc import Iterator

from ctxdebug.analysis import Analysis
from ctxdebug.analysis.budget.cache_prefix import Break, prefix_break
from ctxdebug.analysis.runs.cache_breaks import Cause, cache_breaks
from ctxdebug.model import Confidence, Evidence, Hit, Severity, quote, value, whole
from ctxdebug.models.providers import cache_marks, provider_facts
from ctxdebug.questions import Question
from ctxdebug.records import replace
from ctxdebug.rules import rule
from ctxdebug.text.plural import plural

_MANY = 100_000
"""Tokens read anew from which it is a warning: about a dollar at the list prices of the large models."""
_SHARE = 0.5
"""Of what had been cached, that is still read; less is a lost cache (see `cache_breaks`)."""


@rule("CST102", "cache-never-read", question=Question.PROMPT_ECONOMICAL, severity=Severity.NOTE, confidence=Confidence.MEDIUM,
      explains=15, tags=("OWASP:LLM10", "ATLAS:AML.T0034"))  # fmt: skip
def check(analysis: Analysis) -> Iterator[Hit]:
    """Look at what should have been cached since the call before, and at what was."""
    yield from _within(analysis)
    if analysis.earlier:
        yield from _since(analysis)


def _within(analysis: Analysis) -> Iterator[Hit]:
    """Look at the calls that a session log keeps: the cache was lost though no time passed and the model stayed."""
    calls = analysis.calls
    lost = [one for one in cache_breaks(calls, analysis.host) if one.cause is Cause.PREFIX]
    if not lost:
        return
    tokens = sum(one.lost for one in lost)
    largest = max(lost, key=lambda one: one.lost)
    answer, usage = calls[largest.call].answer, calls[largest.call].usage
    evidence = (
        [value(usage.pointer, f"cached tokens: {usage.cache_read or 0:,}", "what the provider read from its cache")]
        if usage
        else []
    )
    if answer is not None and answer.segments:
        evidence.append(
            whole(answer.segments[0], f"the answer of this call; {largest.lost:,} tokens were read anew for it")
        )
    yield Hit(
        f"the provider's cache was lost {plural(len(lost), 'time')} though the calls were close together: {tokens:,} tokens were read anew",
        tuple(evidence),
        severity=Severity.WARNING if tokens >= _MANY else None,
        facts={"times": len(lost), "tokens": tokens, "largest": largest.lost},
        subject=f"within {len(str(tokens))}",
    )


def _since(analysis: Analysis) -> Iterator[Hit]:
    """Look at what the request before and this one share, and at what the provider read of it."""
    usage, last = analysis.snapshot.usage, analysis.earlier[-1]
    facts = provider_facts(analysis.host)
    if (
        usage is None
        or usage.prompt is None
        or usage.cache_read is None
        or facts is None
        or facts.cached == "unreliable"
    ):
        return
    if (
        last.snapshot.usage is None
        or last.snapshot.usage.prompt is None
        or last.snapshot.model != analysis.snapshot.model
    ):
        return
    least = (analysis.model.cache_minimum if analysis.model else None) or facts.cache_minimum
    written = last.snapshot.usage.cache_write or 0  # what was put into the cache was long enough for it
    before = (last.snapshot.usage.cache_read or 0) + written
    if (
        least is None
        or (not written and last.snapshot.usage.prompt < 2 * least)
        or (usage.cache_read and usage.cache_read >= _SHARE * before)
    ):
        return
    history = analysis.history
    broken = None if history is not None and history.summary is not None else prefix_break(last, analysis)
    unmarked = bool(facts.cache_marks) and not usage.cache_read and _unmarked(analysis)
    if broken is None and not unmarked:
        return
    read = usage.cache_read
    where = value(usage.pointer, f"cached tokens: {read:,}", "what the provider read from its cache")
    said = (
        "nothing was read from the cache"
        if not read
        else f"only {read:,} tokens were read from the cache, {before:,} could have been"
    )
    if unmarked:
        yield Hit("nothing was read from the cache: the request marks nothing for caching", (where,))
    elif broken is not None and (broken.tokens < least or (read and broken.tokens < _SHARE * before)):
        yield Hit(
            f"{said}: {broken.where} changed since the last turn"
            + (f", ~{broken.tokens:,} tokens into the prompt" if broken.tokens else ", and everything is behind it"),
            (where, *_shown(broken, last)),
            advice=broken.advice or None,
            facts={
                "tokens": broken.tokens,
                "where": broken.where,
                "lost": max(before, last.snapshot.usage.prompt) - read,
            },
        )


def _unmarked(analysis: Analysis) -> bool:
    """Whether the request has no cache marks; logs that are not the request itself cannot show them."""
    snapshot = analysis.snapshot
    marks = cache_marks(snapshot.format)
    if not marks or (snapshot.usage is not None and snapshot.usage.cache_write):
        return False
    return not any(mark in str(snapshot.request) for mark in marks)


def _shown(broken: Break, last: Analysis) -> tuple[Evidence, ...]:
    if broken.segment is None and broken.pointer is not None:
        return (
            value(broken.pointer, broken.new, "now, around the first differing character"),
            value(broken.pointer, broken.old, "at the last turn"),
        )
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

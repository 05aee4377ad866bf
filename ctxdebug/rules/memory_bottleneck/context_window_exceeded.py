"""The prompt and what is reserved for output do not fit the window, or the prompt is over the input limit.

A provider then rejects the request, or quietly gives the answer less room than was asked for, or cuts
the prompt. All three look like a model that forgets.

## Bad

    % model: gpt-4o
    % window: 60
    % max_output: 50
    system: Answer in two sentences.
    user: The gate at the north entrance has been stuck since Monday. Who is in charge of it?

## Good

    % model: gpt-4o
    % window: 4096
    % max_output: 50
    system: Answer in two sentences.
    user: The gate at the north entrance has been stuck since Monday. Who is in charge of it?

## Fix

Shorten what is sent (fewer or shorter documents, a summary of old turns), reserve less for output, or use
a model with a larger window. Some providers cap the input below the window.
"""

from __future__ import annotations

from collections.abc import Iterator

from ctxdebug.analysis import Analysis
from ctxdebug.analysis.budget.largest import shortening
from ctxdebug.analysis.budget.window import Window
from ctxdebug.model import (
    Confidence,
    Demand,
    Evidence,
    Finding,
    Hit,
    Kind,
    NotChecked,
    ProviderError,
    Repair,
    Severity,
    value,
)
from ctxdebug.models.overflow import Overflow, refusal
from ctxdebug.questions import Fallback, Question
from ctxdebug.records import replace
from ctxdebug.rules import rule
from ctxdebug.rules.facts import fact_needed
from ctxdebug.rules.repairs import remove, set_to

_SURELY = 0.95
"""Share of an estimate that must be over the limit by itself before the best guess speaks, without a response to refute it."""


@rule("MEM102", "context-window-exceeded", question=Question.PROMPT_FITS, fallback=Fallback.RETRIEVE, severity=Severity.ERROR, explains=95,
      tags=("OWASP:LLM10", "TRAIL:context-handling-failure"))  # fmt: skip
def check(analysis: Analysis) -> Iterator[Hit | NotChecked]:
    """Yield the provider's own error first; otherwise the count against the window."""
    snapshot = analysis.snapshot
    if snapshot.error is not None:
        overflow = refusal(snapshot.error, analysis.host)
        if overflow is not None:
            yield _refused(analysis, overflow, snapshot.error)
        return
    window = analysis.window
    if window is None:
        yield NotChecked(
            f"the window of {snapshot.model or 'the model'} is not known; set it with --window or in the configuration"
        )
        return
    if not snapshot.has_request or not analysis.prompt.estimable:
        return
    usage = snapshot.usage
    recorded = usage.prompt if usage is not None else None
    sent = analysis.prompt.total
    reserve = snapshot.settings.max_output or 0
    if recorded is not None and (snapshot.finish is not None or _free(window, recorded, reserve) >= 0):
        return
    least = sent.low if recorded is None else min(sent.low, recorded)
    if _free(window, least, reserve) < 0:
        yield _too_long(analysis, window, least)
    elif not snapshot.has_response and _free(window, round(_SURELY * sent.value), reserve) < 0:
        yield replace(_too_long(analysis, window, sent.value), severity=Severity.WARNING, confidence=Confidence.MEDIUM)


def _free(window: Window, prompt: int, reserve: int) -> int:
    """Tokens left; where the window is only a server's default, against the model's own."""
    if window.guess:
        return (window.ceiling or prompt + reserve) - prompt - reserve
    return window.free(prompt, reserve)


def _too_long(analysis: Analysis, window: Window, least: int) -> Hit:
    """Return a prompt that is over the input limit by itself, or over the window with what is reserved for the output."""
    snapshot, sent = analysis.snapshot, analysis.prompt.total
    reserve = 0 if window.separate_output else snapshot.settings.max_output or 0
    limit = (window.ceiling if window.guess else None) or window.tokens
    mark = "" if sent.exact else "~"
    facts = {"prompt": sent.value, "reserve": reserve, "window": limit, "max_input": window.max_input}
    if window.max_input is not None and least > window.max_input:
        words = f"{mark}{sent.value:,} tokens of prompt are over the provider's input limit of {window.max_input:,} ({window.source})"
    else:
        reserved = f" and {reserve:,} reserved for output make {mark}{sent.value + reserve:,}:" if reserve else " are"
        words = f"{mark}{sent.value:,} tokens of prompt{reserved} more than the window of {limit:,} ({window.source})"
    where: tuple[Evidence, ...] = tuple(
        value(snapshot.settings_at[name], text, note)
        for name, text, note in (
            ("max_output", f"{reserve:,} tokens reserved for output", "the room that the request reserves"),
            ("window", f"window of {window.tokens:,} tokens", "the window that the request sets"),
        )
        if name in snapshot.settings_at
    ) or (value(snapshot.messages[-1].pointer, f"{mark}{sent.value:,} tokens", "the prompt up to here"),)
    return Hit(words, where, advice=shortening(analysis, least, reserve, limit), facts=facts)


def _refused(analysis: Analysis, overflow: Overflow, error: ProviderError) -> Hit:
    """Return the provider's refusal, with its own numbers where it gives them."""
    return Hit(
        f"the provider refused the request as too long{_numbers(overflow)}",
        (value(error.pointer, error.message, "the provider's own words"),),
        advice=shortening(analysis, overflow.prompt or overflow.requested, overflow.output or 0, overflow.limit),
        confidence=Confidence.HIGH if overflow.certain else Confidence.MEDIUM,
        facts={"requested": overflow.requested, "limit": overflow.limit, "law": overflow.row},
    )


def _numbers(overflow: Overflow) -> str:
    limit = f"{overflow.limit:,}" if overflow.limit else ""
    if overflow.prompt is not None and overflow.output is not None and limit:
        total = overflow.prompt + overflow.output
        return f": {overflow.prompt:,} of prompt and {overflow.output:,} reserved for output make {total:,}, the limit is {limit} tokens"
    if overflow.requested and limit:
        return f": {overflow.requested:,} tokens against a limit of {limit}"
    if limit:
        return f"{f' by {overflow.excess:,} tokens' if overflow.excess else ''}: the limit is {limit} tokens"
    return f": {overflow.requested:,} tokens" if overflow.requested else ""


@check.demands
def demands(finding: Finding, _: Analysis | None) -> Iterator[Demand]:
    """Demand the fact that was asked for with --fact."""
    yield from fact_needed(finding)


@check.repairs
def repairs(_: Hit, analysis: Analysis) -> Iterator[Repair]:
    """Reserve less for the output where that suffices, else leave the largest documents out."""
    window, sent = analysis.window, analysis.prompt.total.value
    reserve = analysis.snapshot.settings.max_output or 0
    if window is None:
        return
    fits = min(window.ceiling or window.tokens, window.tokens) if window.guess else window.tokens
    if reserve and 0 < fits - sent < reserve:
        yield set_to(f"Reserve at most {fits - sent:,} tokens for the output", "max_output", fits - sent)
        return
    sources = [
        one for one in analysis.segments if one.kind in {Kind.DOCUMENT, Kind.TOOL_RESULT} and one.call_id is None
    ]
    over, chosen = sent + reserve - min(fits, window.input_limit + reserve), []
    for block in sorted(sources, key=lambda one: -analysis.prompt.segments[one.id].value):
        if over > 0:
            chosen.append(block)
            over -= analysis.prompt.segments[block.id].low
    if over <= 0:
        yield from remove("Leave the largest documents out until the prompt fits", chosen)

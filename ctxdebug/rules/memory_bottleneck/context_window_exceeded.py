"""The prompt and the room kept for the answer do not fit the window.

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

Shorten what is sent (fewer or shorter documents, a summary of old turns), keep less for the answer, or use
a model with a larger window.
"""

from __future__ import annotations

from collections.abc import Iterator

from ctxdebug.analysis import Analysis
from ctxdebug.model import Confidence, Evidence, Hit, NotChecked, ProviderError, Severity, Step, value
from ctxdebug.models.overflow import Overflow, overflow_of
from ctxdebug.rules import rule


@rule("MEM102", "context-window-exceeded", step=Step.CONTEXT, severity=Severity.ERROR, explains=95,
      tags=("OWASP:LLM10", "TRAIL:context-handling-failure"))  # fmt: skip
def check(analysis: Analysis) -> Iterator[Hit | NotChecked]:
    """The provider's own error first; otherwise the count against the window."""
    snapshot = analysis.snapshot
    if snapshot.error is not None:
        overflow = overflow_of(snapshot.error.message, snapshot.error.code, analysis.host)
        if overflow is not None:
            yield _refused(overflow, snapshot.error)
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
    least = sent.low if recorded is None else min(sent.low, recorded)
    reserve = snapshot.settings.max_output or 0
    if analysis.model is not None and analysis.model.separate_output:
        reserve = 0
    if recorded is not None and (snapshot.finish is not None or recorded + reserve <= window.tokens):
        return
    if least + reserve > window.tokens:
        mark = "" if sent.exact else "~"
        where: tuple[Evidence, ...] = tuple(
            value(snapshot.settings_at[name], words, note)
            for name, words, note in (
                ("max_output", f"{reserve:,} tokens kept for the answer", "the room that the request reserves"),
                ("window", f"window of {window.tokens:,} tokens", "the window that the request sets"),
            )
            if name in snapshot.settings_at
        ) or (value(snapshot.messages[-1].pointer, f"{mark}{sent.value:,} tokens", "the prompt up to here"),)
        yield Hit(
            f"{mark}{sent.value:,} tokens of prompt and {reserve:,} kept for the answer do not fit the window of "
            f"{window.tokens:,} ({window.source})",
            where,
            facts={"prompt": sent.value, "reserve": reserve, "window": window.tokens},
        )


def _refused(overflow: Overflow, error: ProviderError) -> Hit:
    """The provider's refusal, with its own numbers where it gives them."""
    numbers = ""
    if overflow.requested and overflow.limit:
        numbers = f": {overflow.requested:,} tokens against a limit of {overflow.limit:,}"
    elif overflow.limit:
        over = f" by {overflow.excess:,} tokens" if overflow.excess else ""
        numbers = f"{over}: the limit is {overflow.limit:,} tokens"
    return Hit(
        f"the provider refused the request as too long{numbers}",
        (value(error.pointer, error.message, "the provider's own words"),),
        confidence=Confidence.HIGH if overflow.certain else Confidence.MEDIUM,
        facts={"requested": overflow.requested, "limit": overflow.limit, "law": overflow.row},
    )

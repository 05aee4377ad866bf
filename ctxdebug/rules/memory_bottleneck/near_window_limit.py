"""The prompt comes close to the window's limit.

It fits today. One longer document, one more turn, and something is cut or refused.

## Bad

    % model: gpt-4o
    % window: 100
    system: Answer in two sentences, in plain words, for a visitor who does not know the house.
    user: The gate at the north entrance has been stuck since Monday, the side door only opens from within, and the \
goods lift is reserved for the kitchen until noon. Which way should a courier with a trolley take at ten o'clock, and who lets him in \
when nobody answers the bell at the porter's lodge?

## Good

    % model: gpt-4o
    % window: 4096
    system: Answer in two sentences.
    user: The gate at the north entrance has been stuck since Monday. Who is in charge of it?

## Fix

Set a budget for each part of the prompt (rules, history, documents), summarise old turns, and retrieve fewer,
better passages.
"""

from __future__ import annotations

from collections.abc import Iterator

from ctxdebug.analysis import Analysis
from ctxdebug.model import Hit, NotChecked, Severity, value, whole
from ctxdebug.questions import Question
from ctxdebug.rules import rule

_NEAR = 0.85


@rule(
    "MEM201",
    "near-window-limit",
    question=Question.PROMPT_FITS,
    severity=Severity.NOTE,
    explains=5,
    tags=("OWASP:LLM10",),
)
def check(analysis: Analysis) -> Iterator[Hit | NotChecked]:
    """Compare the prompt with the window, or with the provider's input limit where that is lower."""
    window, snapshot = analysis.window, analysis.snapshot
    if window is None:
        yield NotChecked(
            f"the window of {snapshot.model or 'the model'} is not known; set it with --window or in the configuration"
        )
        return
    if snapshot.error is not None or not snapshot.messages:
        return
    recorded = snapshot.usage.prompt if snapshot.usage else None
    if recorded is None and not analysis.prompt.estimable:
        return
    sent = recorded if recorded is not None else analysis.prompt.total.low
    limit = window.input_limit
    if window.guess or not _NEAR * limit <= sent <= limit:
        return
    largest = max(analysis.segments, key=lambda segment: analysis.prompt.segments[segment.id].value)
    share = sent / limit
    what = "window" if limit == window.tokens else "provider's input limit"
    evidence = [whole(largest, f"the largest part, ~{analysis.prompt.segments[largest.id].value:,} tokens")]
    if recorded is not None and snapshot.usage is not None:
        evidence.insert(0, value(snapshot.usage.pointer, f"prompt tokens: {recorded:,}", "what the provider read"))
    yield Hit(
        f"the prompt takes {share:.0%} of the {what} of {limit:,} tokens",
        tuple(evidence),
        facts={"prompt": sent, "window": window.tokens, "max_input": window.max_input},
    )

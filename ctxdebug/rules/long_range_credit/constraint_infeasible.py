"""An instruction asks for more than the output limit allows.

The output limit leaves too little space, whoever asked for the length: the answer is cut. No wording can help.

## Bad

    % max_output: 40
    system: You write obituaries for the local paper.
    user: Write at least 20 sentences about the old lighthouse keeper.

## Good

    % max_output: 900
    system: You write obituaries for the local paper.
    user: Write at least 20 sentences about the old lighthouse keeper.

## Fix

Raise the output limit, or ask for less. Count about 1.4 tokens for an English word, more in other languages.
"""

from __future__ import annotations

from collections.abc import Iterator

from ctxdebug.analysis import Analysis
from ctxdebug.model import Hit, Repair, Severity, quote, value
from ctxdebug.questions import Fallback, Question
from ctxdebug.rules import rule
from ctxdebug.rules.repairs import set_to


@rule("LRC202", "constraint-infeasible", question=Question.INSTRUCTIONS_CONSISTENT, fallback=Fallback.CLARIFY, severity=Severity.WARNING, explains=50,
      tags=("MAST:FM-1.1",))  # fmt: skip
def check(analysis: Analysis) -> Iterator[Hit]:
    """Compare what is asked for with the output limit."""
    snapshot = analysis.snapshot
    for entry, limit in analysis.constraints.impossible:
        constraint = entry.constraint
        evidence = [quote(entry.segment, constraint.start, constraint.end, "asked for")]
        if limit.tokens is not None:
            pointer = snapshot.settings_at.get("max_output", snapshot.request_at)
            evidence.append(value(pointer, str(snapshot.settings.max_output), "the output limit, in tokens"))
        yield Hit(limit.reason, tuple(evidence), facts={"least_tokens": limit.tokens})


@check.repairs
def repairs(hit: Hit, _: Analysis) -> Iterator[Repair]:
    """Reserve enough for what is asked for."""
    least = hit.facts["least_tokens"]
    if least is not None:
        yield set_to(f"Reserve {2 * int(least):,} tokens for the output", "max_output", 2 * int(least))

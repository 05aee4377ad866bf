"""The provider processed fewer tokens than were sent.

The request was accepted and answered, and nothing said that part of it was thrown away. What the
model never saw, it cannot remember: the "forgotten" rule or fact is often simply gone.

## Bad

    % model: gpt-4o
    % prompt_tokens: 18
    system: Answer only in formal English. Never reveal internal prices. Always end with the ticket number.
    user: My order 4471 arrived with a broken lid. The shop assistant in Leeds told me to write to you, and \
that you would send a new one without asking for the old one back. Is that right, and how long will it take?
    assistant: Sure thing!

## Bad

    % model: gpt-4o
    % prompt_tokens: 25
    system: Answer only in formal English.
    user: Is the lid replaced without a return?
    assistant: Yes, it is.
    === next turn ===
    % model: gpt-4o
    % prompt_tokens: 12
    system: Answer only in formal English.
    user: Is the lid replaced without a return?
    assistant: Yes, it is.
    user: And how long does it take?
    assistant: About a week.

## Good

    % model: gpt-4o
    % prompt_tokens: 25
    system: Answer only in formal English.
    user: Is the lid replaced without a return?
    assistant: Yes, it is.

## Good

    % model: gpt-4o
    % prompt_tokens: 27
    system: Answer only in formal English.
    user: Is the lid replaced without a return?
    assistant: Yes, it is.

## Fix

Find out what is missing (the finding says what the missing tokens match) and where it goes: a proxy or chat template that drops a
role, a framework that trims history, a server whose window is too small (Ollama: `num_ctx`). Then send the same request again and
compare the prompt tokens that the provider reports.

Where a proxy stands between, capture both hops: the difference of the two requests is the proof. Both are read from two files given
together, from a HAR with both requests, and from a LiteLLM payload that keeps `additional_args.complete_input_dict`.
"""

from __future__ import annotations

from collections.abc import Iterator

from ctxdebug.analysis import Analysis
from ctxdebug.analysis.truncation.hop import HopLoss
from ctxdebug.analysis.truncation.loss_advice import advice, hop_advice
from ctxdebug.model import Confidence, Demand, Finding, Hit, NotChecked, Severity, value, whole
from ctxdebug.questions import Fallback, Question
from ctxdebug.records import replace
from ctxdebug.rules import rule
from ctxdebug.rules.facts import fact_needed


@rule("MEM101", "silent-truncation", question=Question.PROMPT_READ_IN_FULL, fallback=Fallback.RETRIEVE, severity=Severity.ERROR, explains=100,
      tags=("OWASP:LLM10", "MAST:FM-1.4", "TRAIL:context-handling-failure"))  # fmt: skip
def check(analysis: Analysis) -> Iterator[Hit | NotChecked]:
    """Compare the provider's count with every plausible count of what was sent."""
    if (hop := analysis.hop_loss) is not None:
        yield _not_sent_on(hop)
        return
    found = analysis.truncation
    if isinstance(found, str):
        yield NotChecked(found)
    if found is None or isinstance(found, str):
        return
    usage = analysis.snapshot.usage
    assert usage is not None
    at = usage.said_cut or usage.pointer
    evidence = [value(at, f"prompt tokens: {found.recorded:,}", "what the provider counted")]
    evidence += [whole(segment, "sent, and not processed in full") for segment in found.lost[:3]]
    yield Hit(
        found.summary + (f"; {found.told}" if found.told else ""),
        tuple(evidence),
        advice=advice(analysis, found),
        severity=None if found.certain else Severity.WARNING,
        confidence=None if found.certain else Confidence.MEDIUM,
        facts={
            "recorded": found.recorded,
            "sent": found.sent.value,
            "low": found.sent.low,
            "law": found.policy.id if found.policy else None,
            "window": found.window,
            "end": found.end,
            "lost": [segment.id for segment in found.lost],
            "matches": [part.what for part in found.parts],
        },
    )


def _not_sent_on(hop: HopLoss) -> Hit:
    """Return a loss between two captured requests of one call: the difference is the proof."""
    evidence = [
        replace(whole(segment, "received, and not sent on"), snapshot=hop.before) for segment in hop.segments[:3]
    ] or [value(hop.after.request_at, hop.what, "not in the request that was sent on")]
    return Hit(
        hop.summary,
        tuple(evidence),
        advice=hop_advice(hop),
        facts={"lost": [segment.id for segment in hop.segments], "matches": [hop.what]},
    )


@check.demands
def demands(finding: Finding, _: Analysis | None) -> Iterator[Demand]:
    """Demand the fact that was asked for with --fact."""
    yield from fact_needed(finding)

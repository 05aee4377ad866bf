"""The answer was cut before it was finished.

Half a sentence reads like a model that lost the thread; half a JSON reads like a model that cannot follow
a format. The response says why it ended, and the cause decides the repair.

## Bad

    % model: gpt-4o
    % max_output: 12
    % finish: output limit
    % output_tokens: 12
    user: List the three steps to reset the router.
    assistant: 1. Hold the button for ten seconds. 2. Wait until

## Good

    % model: gpt-4o
    % max_output: 400
    % finish: stop
    % output_tokens: 21
    user: List the three steps to reset the router.
    assistant: 1. Hold the button. 2. Wait for the green light. 3. Log in.

## Fix

Output limit: raise it, or ask for a shorter answer. Stopped: somebody or something
gave up waiting; ask why. Window full: shorten the prompt. Reasoning: give it a
budget of its own, or lower the effort. Filter: look at what was asked. Stream broken off: retry.
"""

from __future__ import annotations

from collections.abc import Iterator

from ctxdebug.analysis import Analysis
from ctxdebug.analysis.truncation.answer_cut import ending
from ctxdebug.model import Confidence, Evidence, Hit, Need, Repair, Severity, quote, value
from ctxdebug.questions import Question
from ctxdebug.rules import rule
from ctxdebug.rules.repairs import set_to


@rule("MEM103", "answer-cut", question=Question.ANSWER_COMPLETE, severity=Severity.WARNING, explains=60, needs=(Need.RESPONSE,),
      tags=("TRAIL:output-formatting", "MAST:FM-3.1"))  # fmt: skip
def check(analysis: Analysis) -> Iterator[Hit]:
    """Tell the cause of a cut answer, and what the cut left behind."""
    cut = ending(analysis)
    if cut is None:
        return
    evidence: list[Evidence] = [value(cut.finish.pointer, cut.finish.captured, "why the response says it ended")]
    if cut.last is not None and cut.last.text:
        start = max(0, len(cut.last.text.rstrip()) - 60)
        evidence.append(quote(cut.last, start, len(cut.last.text.rstrip()), "the last words that arrived"))
    stopped = cut.key == "stopped"
    yield Hit(
        f"the answer was {'stopped' if stopped else 'cut'}: {cut.cause}{cut.consequence}",
        tuple(evidence),
        severity=Severity.ERROR if cut.broken else Severity.NOTE if stopped or cut.maybe_whole else None,
        confidence=Confidence.MEDIUM if cut.maybe_whole else Confidence.HIGH,
        facts={"cause": cut.key, "broken": cut.broken},
    )


@check.repairs
def repairs(hit: Hit, analysis: Analysis) -> Iterator[Repair]:
    """Raise the limit that the request itself sets."""
    most = analysis.snapshot.settings.max_output
    if hit.facts["cause"] == "limit" and most:
        yield set_to(f"Reserve {2 * most:,} tokens for the output", "max_output", 2 * most)

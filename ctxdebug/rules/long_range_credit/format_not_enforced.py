"""A machine-readable format is asked for in words only.

Words make the format likely, a schema makes it certain: with structured output the decoder cannot leave the format. One
answer in a hundred that begins with "Sure, here is the JSON" is enough to break the reader.

## Bad

    system: You sort letters for the town hall. Return a JSON object with the keys "office" and "urgent", and nothing else.
    user: My neighbour's hedge has grown over the pavement again.

## Good

    % response_format: json_schema
    system: You sort letters for the town hall. Return a JSON object with the keys "office" and "urgent", and nothing else.
    user: My neighbour's hedge has grown over the pavement again.

## Fix

Set the provider's structured output (`response_format` with a JSON schema, a forced tool, `responseSchema`) and keep the words.

## Source

OpenAI, structured outputs; OpenAI, GPT-4.1 prompting guide ("Prompt Structure").
"""

from __future__ import annotations

from collections.abc import Iterator

from ctxdebug.analysis import Analysis
from ctxdebug.analysis.freedom.prompt_clauses import enforced, strict_format
from ctxdebug.model import Authority, Confidence, Hit, Repair, Severity, quote
from ctxdebug.questions import Question
from ctxdebug.rules import rule
from ctxdebug.rules.repairs import set_to


@rule("LRC401", "format-not-enforced", question=Question.FORMAT_ENFORCED, severity=Severity.NOTE, confidence=Confidence.MEDIUM, explains=15,
      tags=("OWASP:LLM05",))  # fmt: skip
def check(analysis: Analysis) -> Iterator[Hit]:
    """Look for a JSON demand of the developer without any setting that enforces it."""
    entry = strict_format(analysis)
    if (
        entry is None
        or entry.constraint.type != "format.json"
        or entry.authority < Authority.DEVELOPER
        or enforced(analysis)
    ):
        return
    yield Hit(
        "JSON is asked for in words, and no setting enforces it",
        (quote(entry.segment, entry.constraint.start, entry.constraint.end, "asked for here"),),
    )


@check.repairs
def repairs(_: Hit, __: Analysis) -> Iterator[Repair]:
    """Turn JSON mode on."""
    yield set_to("Turn JSON mode on", "response_format", "json_object")

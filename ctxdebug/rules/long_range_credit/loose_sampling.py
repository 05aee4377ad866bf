"""The temperature is high although the output must keep a strict format.

A high temperature makes unlikely tokens likely: a stray word before the bracket, a key spelled otherwise, another label.

## Bad

    % temperature: 1.3
    % response_format: json_object
    system: You sort letters for the town hall. Return a JSON object with the keys "office" and "urgent".
    user: My neighbour's hedge has grown over the pavement again.

## Good

    % temperature: 0.2
    % response_format: json_object
    system: You sort letters for the town hall. Return a JSON object with the keys "office" and "urgent".
    user: My neighbour's hedge has grown over the pavement again.

## Fix

Set the temperature to 0.3 or less for extraction and classification. Where the vendor advises a fixed temperature (Gemini 3:
1.0), leave it, and enforce the format by a schema.
"""

from __future__ import annotations

from collections.abc import Iterator

from ctxdebug.analysis import Analysis
from ctxdebug.analysis.freedom.prompt_clauses import advised, strict_format
from ctxdebug.model import Confidence, Evidence, Hit, Repair, Severity, quote, value
from ctxdebug.questions import Question
from ctxdebug.rules import rule
from ctxdebug.rules.repairs import set_to

_HIGH = 0.9
_ENFORCED_HIGH = 1.0
"""Above this even a form that a schema holds is filled at random."""


@rule(
    "LRC402",
    "loose-sampling",
    question=Question.FORMAT_ENFORCED,
    severity=Severity.NOTE,
    confidence=Confidence.MEDIUM,
    explains=20,
)
def check(analysis: Analysis) -> Iterator[Hit]:
    """Compare an explicit temperature with the strictness of the format."""
    settings = analysis.snapshot.settings
    if settings.temperature is None or settings.temperature < _HIGH or advised(analysis, "temperature") is not None:
        return
    entry = strict_format(analysis)
    if entry is None and settings.response_schema is None and settings.response_format != "json_object":
        return
    if settings.response_schema is not None and settings.temperature <= _ENFORCED_HIGH:
        return
    at = analysis.snapshot.settings_at
    evidence: list[Evidence] = [
        value(at.get("temperature", ()), f"temperature: {settings.temperature:g}", "the setting")
    ]
    if entry is not None:
        evidence.append(quote(entry.segment, entry.constraint.start, entry.constraint.end, "the format asked for"))
    yield Hit(
        f"temperature {settings.temperature:g} under a strict output format",
        tuple(evidence),
        facts={"temperature": settings.temperature},
    )


@check.repairs
def repairs(_: Hit, __: Analysis) -> Iterator[Repair]:
    """Sample at 0."""
    yield set_to("Set the temperature to 0", "temperature", 0.0)

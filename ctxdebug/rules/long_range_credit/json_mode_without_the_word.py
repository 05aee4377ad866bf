"""JSON mode is on, and no message says JSON.

The OpenAI API rejects such a request; other servers accept it, and the model may then write white space until the output limit
is reached.

## Bad

    % response_format: json_object
    system: You sort letters for the town hall. Give the office and whether it is urgent.
    user: My neighbour's hedge has grown over the pavement again.

## Good

    % response_format: json_object
    system: You sort letters for the town hall. Return a JSON object with the keys "office" and "urgent".
    user: My neighbour's hedge has grown over the pavement again.

## Fix

Say "JSON" in the system message and name the keys, or use a JSON schema in place of JSON mode.

## Source

OpenAI API reference, `response_format`.
"""

from __future__ import annotations

from collections.abc import Iterator

from ctxdebug.analysis import Analysis
from ctxdebug.analysis.freedom.prompt_clauses import instructed, provides
from ctxdebug.model import Hit, Repair, Severity, value
from ctxdebug.questions import Question
from ctxdebug.rules import rule
from ctxdebug.rules.repairs import add_instruction


@rule("LRC403", "json-mode-without-the-word", question=Question.FORMAT_ENFORCED, severity=Severity.WARNING, explains=40)
def check(analysis: Analysis) -> Iterator[Hit]:
    """Look for the word JSON in every message while JSON mode is on."""
    snapshot = analysis.snapshot
    if snapshot.settings.response_format != "json_object" or not snapshot.messages or snapshot.unseen:
        return
    if snapshot.settings.response_schema is not None or provides(analysis, "json_word") is False:
        return
    if any("json" in segment.text.lower() for segment in analysis.segments):
        return
    pointer = snapshot.settings_at.get("response_format", snapshot.request_at)
    yield Hit("JSON mode is on, and the word JSON is in no message", (value(pointer, "json_object", "the setting"),))


@check.repairs
def repairs(_: Hit, analysis: Analysis) -> Iterator[Repair]:
    """Say the word."""
    yield from add_instruction("Ask for JSON in words", "Answer in JSON.", instructed(analysis))

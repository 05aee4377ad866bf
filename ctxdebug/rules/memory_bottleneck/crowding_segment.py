"""One segment crowds the window.

A single document or tool result takes most of the room. Everything else, the rules and the question
included, competes with it for what the model can hold in view.

## Bad

    % model: gpt-4o
    % window: 160
    system: Answer from the tool's output.
    user: Who signed the delivery note?
    tool[read_file]: The delivery of the fourteenth was made in two parts, because the lorry that was booked for the morning \
had lost a mirror in Utrecht and was kept there until the police had written everything down, which took them until the early afternoon, \
so that the driver came to us alone with the small van, unloaded eleven of the thirty crates, had them counted by the porter, \
and drove back for the rest.

## Good

    % model: gpt-4o
    % window: 8192
    system: Answer from the tool's output.
    user: Who signed the delivery note?
    tool[read_file]: The delivery note of the fourteenth was signed by the porter.

## Fix

Cut the segment down before it is sent: retrieve passages and not whole files, filter a tool's output to the
fields that matter, or summarise it in a call of its own.
"""

from __future__ import annotations

from collections.abc import Iterator

from ctxdebug.analysis import Analysis
from ctxdebug.model import Hit, Kind, Severity, whole
from ctxdebug.questions import Question
from ctxdebug.rules import rule

_CROWDED = 0.5


@rule("MEM202", "segment-crowds-window", question=Question.PROMPT_FITS, severity=Severity.NOTE, explains=10,
      tags=("OWASP:LLM10", "BREUNIG:distraction"))  # fmt: skip
def check(analysis: Analysis) -> Iterator[Hit]:
    """Find a document or tool result that takes at least half of the window."""
    window = analysis.window
    if window is None or window.guess:
        return
    for segment in analysis.segments:
        count = analysis.prompt.segments[segment.id]
        if segment.kind in {Kind.DOCUMENT, Kind.TOOL_RESULT} and count.low >= _CROWDED * window.tokens:
            mark = "" if count.exact else "~"
            yield Hit(
                f"one {segment.kind.value} takes {mark}{count.value:,} of the window's {window.tokens:,} tokens",
                (whole(segment, f"{count.value / window.tokens:.0%} of the window"),),
                facts={"tokens": count.value, "window": window.tokens},
            )

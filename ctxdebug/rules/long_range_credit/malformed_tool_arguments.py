"""The arguments of a tool call are not what the tool was declared to take.

Broken JSON, a missing required argument, or one that the schema does not know: the tool fails, or runs with something that
nobody asked for.

## Bad

    tools[book]: {"description": "Book a room", "parameters": {"type": "object", "properties": {"room": {"type": "string"}}, \
"required": ["room"]}}
    user: Book room 12.
    call[book]: {"room": "12"
    tool[book]: error: cannot parse arguments

## Good

    tools[book]: {"description": "Book a room", "parameters": {"type": "object", "properties": {"room": {"type": "string"}}, \
"required": ["room"]}}
    user: Book room 12.
    call[book]: {"room": "12"}
    tool[book]: booked

## Fix

Turn on strict schemas where the provider has them, keep schemas small, and check `finish_reason` before parsing: a call that
was cut by the output limit is not a formatting fault.
"""

from __future__ import annotations

from collections.abc import Iterator

from ctxdebug.analysis import Analysis
from ctxdebug.analysis.message_shape.arguments import argument_faults
from ctxdebug.model import FinishReason, Hit, NotChecked, Severity, whole
from ctxdebug.questions import Question
from ctxdebug.rules import rule

_CUT = frozenset(
    {FinishReason.LENGTH, FinishReason.WINDOW, FinishReason.ABORTED, FinishReason.FILTER, FinishReason.ERROR}
)
"""What ended the answer in the middle is MEM103's to tell."""


@rule("LRC104", "malformed-tool-arguments", question=Question.TOOL_ARGUMENTS_VALID, severity=Severity.WARNING, explains=35,
      tags=("TRAIL:output-formatting", "AGENTRX:invalid-invocation"))  # fmt: skip
def check(analysis: Analysis) -> Iterator[Hit | NotChecked]:
    """Parse the arguments of every call and hold them against the tool's schema."""
    tools = {tool.name: tool for tool in analysis.snapshot.tools}
    finish = analysis.snapshot.finish
    cut = finish is not None and finish.reason in _CUT
    said = [segment for segment in analysis.snapshot.answer_segments() if segment.call is not None]
    if cut and said:
        yield NotChecked("the answer was cut (MEM103): its calls may lack arguments for that reason")
        said = []
    for segment in (*analysis.segments, *said):
        if segment.call is None or segment.call.server_side:
            continue
        for fault in argument_faults(segment.call, tools.get(segment.call.name)):
            yield Hit(
                f"the arguments of {segment.call.name}: {fault}",
                (whole(segment, fault),),
                facts={"tool": segment.call.name},
            )

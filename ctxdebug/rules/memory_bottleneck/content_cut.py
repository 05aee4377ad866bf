"""A document or a tool result reached the model already cut.

Something before the model shortened it: a character limit in the retriever, a tool that truncates its
output. The fact that was asked for may have stood behind the cut.

## Bad

    system: Answer from the tool's output.
    user: Which port does the backup job use?
    tool[read_log]: {"lines": ["10:02 backup job started", "10:02 connecting to vault-3 on po

## Bad

    system: Answer from the tool's output.
    user: Which port does the backup job use?
    tool[read_log]: 10:02 backup job started
    10:03 connecting to vault-3
    ... [output truncated, 48213 characters omitted]

## Good

    system: Answer from the tool's output.
    user: Which port does the backup job use?
    tool[read_log]: {"lines": ["10:02 backup job started", "10:02 connecting to vault-3 on port 8443"]}

## Good

    system: Answer from the tool's output.
    user: What does the first page of the log say?
    call[read_log]: {"path": "backup.log", "limit": 2}
    tool[read_log]: 10:02 backup job started
    10:03 connecting to vault-3
    ... (118 more lines not shown. Use offset=3 to continue)

## Good

    system: Answer from the tool's output.
    user: What does the manual say of long lines?
    tool[read_page]: The viewer keeps lines of up to 400 characters. If the content is truncated, a mark is shown at the end of the line.

## Fix

Raise the limit that cuts, or send only the part that matters. If a cut is unavoidable, say so in the prompt
and give the model a way to ask for the rest.
"""

from __future__ import annotations

from collections.abc import Iterator

from ctxdebug.analysis import Analysis
from ctxdebug.analysis.truncation.content_cut import cut_in
from ctxdebug.model import Hit, Kind, Severity, ToolCall, quote
from ctxdebug.questions import Fallback, Question
from ctxdebug.rules import rule


@rule("MEM105", "content-cut", question=Question.CONTENT_COMPLETE, fallback=Fallback.RETRIEVE, severity=Severity.WARNING, explains=45,
      tags=("TRAIL:context-handling-failure",))  # fmt: skip
def check(analysis: Analysis) -> Iterator[Hit]:
    """Look at the end of every document and tool result, and for markers of truncation."""
    calls: dict[str, ToolCall] = {}
    for segment in analysis.segments:
        if segment.call is not None and segment.call.id:
            calls[segment.call.id] = segment.call
        if segment.kind not in {Kind.DOCUMENT, Kind.TOOL_RESULT}:
            continue
        cut = cut_in(segment, calls.get(segment.call_id or ""))
        if cut is not None:
            what = (
                f"the result of {segment.tool}"
                if segment.tool and segment.kind is Kind.TOOL_RESULT
                else f"a {segment.kind.value}"
            )
            yield Hit(
                f"{what} is cut: {cut.words}{', and how to get it' if cut.offered else ''}",
                (quote(segment, cut.start, cut.end, cut.words),),
                severity=Severity.NOTE if cut.offered else None,
                confidence=cut.confidence,
                facts={"sign": cut.sign, "offered": cut.offered},
            )

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

## Fix

Raise the limit that cuts, or send only the part that matters. If a cut is unavoidable, say so in the prompt
and give the model a way to ask for the rest.
"""

from __future__ import annotations

from collections.abc import Iterator

from ctxdebug.analysis import Analysis
from ctxdebug.analysis.cuts import cut_in
from ctxdebug.model import Hit, Kind, Severity, Step, quote
from ctxdebug.rules import rule


@rule("MEM105", "content-cut", step=Step.CONTEXT, severity=Severity.WARNING, explains=45,
      tags=("TRAIL:context-handling-failure",))  # fmt: skip
def check(analysis: Analysis) -> Iterator[Hit]:
    """Look at the end of every document and tool result, and for markers of truncation."""
    for segment in analysis.segments:
        if segment.kind not in {Kind.DOCUMENT, Kind.TOOL_RESULT}:
            continue
        cut = cut_in(segment)
        if cut is not None:
            what = (
                f"the result of {segment.tool}"
                if segment.tool and segment.kind is Kind.TOOL_RESULT
                else f"a {segment.kind.value}"
            )
            yield Hit(
                f"{what} is cut: {cut.words}",
                (quote(segment, cut.start, cut.end, cut.words),),
                confidence=cut.confidence,
                facts={"sign": cut.sign},
            )

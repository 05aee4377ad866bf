"""A document, a tool result or an instruction reached the model already cut.

Something before the model shortened it: a character limit in the retriever, a tool that sends a preview of a large
file, an agent that reads only so much of its rules. What was asked for may have stood behind the cut.

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

## Bad

    system: Answer from the tool's output.
    user: Which port does the backup job use?
    tool[read_log]: {"text": "10:02 backup job started", "truncated": true}

## Bad

    system: Answer from the tool's output.
    user: Follow the rules of release.md.
    tool[read_file]: <persisted-output>
    Output too large (61.4KB). Full output saved to: /work/results/1.txt

    Preview (first 2KB):
    # Release
    Read this file to the end before you do anything.

## Good

    system: Answer from the tool's output.
    user: Which port does the backup job use?
    tool[read_log]: {"lines": ["10:02 backup job started", "10:02 connecting to vault-3 on port 8443"], "truncated": false}

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
from ctxdebug.analysis.truncation.content_cut import cut_in, description_cut, examinable
from ctxdebug.model import (
    Confidence,
    Demand,
    Finding,
    Hit,
    Kind,
    Provenance,
    Segment,
    Severity,
    Tool,
    ToolCall,
    quote,
    value,
)
from ctxdebug.questions import Fallback, Question
from ctxdebug.rules import rule
from ctxdebug.rules.facts import fact_needed

_SHOWN = 60
"""Characters of a description that are quoted."""


@rule("MEM105", "content-cut", question=Question.CONTENT_COMPLETE, fallback=Fallback.RETRIEVE, severity=Severity.WARNING, explains=45,
      tags=("TRAIL:context-handling-failure",))  # fmt: skip
def check(analysis: Analysis) -> Iterator[Hit]:
    """Look at every document, tool result, instruction, memory and tool description for signs of a cut."""
    for tool in analysis.snapshot.tools:
        yield from _described(tool)
    calls: dict[str, ToolCall] = {}
    for segment in analysis.segments:
        if segment.call is not None and segment.call.id:
            calls[segment.call.id] = segment.call
        if not examinable(segment):
            continue
        cut = cut_in(segment, calls.get(segment.call_id or ""))
        if cut is not None:
            yield Hit(
                f"{_named(segment)} is cut: {cut.words}{', and how to get it' if cut.offered else ''}",
                (quote(segment, cut.start, cut.end, cut.words),),
                severity=Severity.NOTE if cut.offered else None,
                confidence=cut.confidence,
                facts={"sign": cut.sign, "offered": cut.offered},
            )


def _described(tool: Tool) -> Iterator[Hit]:
    """Yield a declaration whose description was cut on its way, as clients do with long ones of MCP servers."""
    why = description_cut(tool)
    if why is not None:
        yield Hit(
            f"the description of the tool {tool.name} is cut: {why}",
            (value(tool.pointer, f"…{tool.description[-_SHOWN:]}", "the end of the description"),),
            advice="shorten the description, put what matters most first, and move details into those of the parameters",
            confidence=Confidence.MEDIUM,
            facts={"sign": "description"},
        )


def _named(segment: Segment) -> str:
    if segment.kind is Kind.TOOL_RESULT:
        return f"the result of {segment.tool}" if segment.tool else "a tool result"
    if segment.kind is Kind.TEXT:
        return "a memory" if segment.provenance is Provenance.MEMORY else f"the {segment.role.value} message"
    return f"a {segment.kind.value}"


@check.demands
def demands(finding: Finding, _: Analysis | None) -> Iterator[Demand]:
    """Demand the fact that was asked for with --fact."""
    yield from fact_needed(finding)

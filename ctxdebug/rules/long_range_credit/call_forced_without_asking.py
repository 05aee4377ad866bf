"""A tool must be called first, and nothing says to ask when an argument is missing.

Told to call a tool before every answer, a model that lacks an argument invents one: an order number, a date, a name.

## Bad

    tools[get_order]: {"description": "Look an order up.", "parameters": {"type": "object", \
"properties": {"number": {"type": "string"}}, "required": ["number"]}}
    system: You are the order desk of a shop for lamps. You must always call `get_order` before answering.
    user: Where is my lamp?

## Good

    tools[get_order]: {"description": "Look an order up.", "parameters": {"type": "object", \
"properties": {"number": {"type": "string"}}, "required": ["number"]}}
    system: You are the order desk of a shop for lamps. You must always call `get_order` before answering. If the order \
number is missing, ask for it.
    user: Where is my lamp?

## Fix

Add: "if you do not have the information a tool needs, ask the user for it".

## Source

OpenAI, GPT-4.1 prompting guide, "Common Failure Modes".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ctxdebug.analysis import Analysis
from ctxdebug.analysis.constraints.checks.actions import same_tool
from ctxdebug.analysis.freedom.prompt_clauses import instructed, says
from ctxdebug.model import Authority, Confidence, Hit, Repair, Severity, Tool, quote, value
from ctxdebug.questions import Question
from ctxdebug.rules import rule
from ctxdebug.rules.repairs import add_instruction


@rule("LRC407", "call-forced-without-asking", question=Question.FALLBACK_DEFINED, severity=Severity.NOTE, confidence=Confidence.MEDIUM, explains=15,
      tags=("TRAIL:tool-related-hallucination",))  # fmt: skip
def check(analysis: Analysis) -> Iterator[Hit]:
    """Look for unconditional demands to call a declared tool that has required arguments."""
    if says(analysis, "ask"):
        return
    for entry in analysis.constraints.of("tools.require"):
        constraint = entry.constraint
        wanted = constraint.params.get("tool")
        tool = next((t for t in analysis.snapshot.tools if wanted and same_tool(wanted, t.name)), None)
        if (
            entry.authority < Authority.DEVELOPER
            or tool is None
            or constraint.condition is not None
            or not _required(tool)
        ):
            continue
        yield Hit(
            f"{tool.name} must be called before an answer, and nothing says to ask when {_required(tool)[0]!r} is missing",
            (
                quote(entry.segment, constraint.start, constraint.end, "the demand"),
                value(tool.pointer, tool.name, "the tool"),
            ),
        )


def _required(tool: Tool) -> list[str]:
    names = tool.schema.get("required") if isinstance(tool.schema, Mapping) else None
    return [str(name) for name in names] if isinstance(names, list) else []


@check.repairs
def repairs(_: Hit, analysis: Analysis) -> Iterator[Repair]:
    """Allow to ask back."""
    text = "If a required argument is missing, ask the user for it."
    yield from add_instruction("Say to ask when an argument is missing", text, instructed(analysis))

"""The tool schemas cost more than everything that was said.

Every declared tool is sent with every call. Schemas that are not used this turn still cost money and time, and the more there are,
the more often the wrong one is chosen.

## In short

Bad: forty tools, 9,000 tokens of schemas, and a question of twelve words. Good: the four tools that this step can use. (Whole
examples: `fixtures/rules/CST103`.)

## Fix

Send the tools that the step at hand can use, shorten descriptions, or let the provider search for tools when it has that.
"""

from __future__ import annotations

from collections.abc import Iterator

from ctxdebug.analysis import Analysis
from ctxdebug.model import Hit, Kind, Severity, value
from ctxdebug.questions import Question
from ctxdebug.rules import rule

_LEAST = 2000
"""Tokens of schemas below which nobody cares."""


@rule(
    "CST103",
    "schemas-cost-most",
    question=Question.PROMPT_ECONOMICAL,
    severity=Severity.NOTE,
    explains=6,
    tags=("OWASP:LLM10", "BREUNIG:confusion"),
)
def check(analysis: Analysis) -> Iterator[Hit]:
    """Compare the schemas with the rest of the prompt."""
    tools = [tool for tool in analysis.snapshot.tools if not tool.deferred]
    spent, whole = analysis.prompt.tools, analysis.prompt.total
    if not tools or spent.low < _LEAST or spent.low * 2 < whole.value:
        return
    called = {
        segment.call.name
        for segment in (*analysis.segments, *analysis.snapshot.answer_segments())
        if segment.kind is Kind.TOOL_CALL and segment.call is not None
    }
    used = sum(tool.name in called for tool in tools)
    mark = "" if spent.exact else "~"
    largest = max(tools, key=lambda tool: len(tool.text))
    yield Hit(
        f"{len(tools)} tool schemas take {mark}{spent.value:,} of {whole.value:,} tokens; {used} of the tools were called so far",
        (value(largest.pointer, largest.text, f"the largest, {largest.name}"),),
        facts={"tools": len(tools), "called": used, "tokens": spent.value},
    )

"""A tool is declared twice under one name.

The model sees two descriptions, the program runs one of them, and nobody knows which the model had in mind. It is also how
one server's tool shadows another's.

## Bad

    tools[search]: Search the product catalogue.
    tools[search]: Search the web.
    user: Do you have the blue one?

## Good

    tools[search_catalogue]: Search the product catalogue.
    tools[search_web]: Search the web.
    user: Do you have the blue one?

## Fix

Give each tool a name of its own; prefix the names with the server that they come from.
"""

from __future__ import annotations

from collections.abc import Iterator

from ctxdebug.analysis import Analysis
from ctxdebug.model import Hit, Repair, RepairKind, Severity, Tool, value
from ctxdebug.questions import Question
from ctxdebug.rules import rule


@rule("LRC105", "tool-declared-twice", question=Question.ROLES_IN_ORDER, severity=Severity.WARNING, explains=15,
      tags=("OWASP:LLM06", "ATLAS:AML.T0110"))  # fmt: skip
def check(analysis: Analysis) -> Iterator[Hit]:
    """Group the declared tools by name."""
    seen: dict[str, Tool] = {}
    for tool in analysis.snapshot.tools:
        first = seen.setdefault(tool.name, tool)
        if first is not tool and tool.name and not _found_again(first, tool):
            how = "in the same words" if first.text == tool.text else "in other words"
            yield Hit(
                f"the tool {tool.name} is declared twice, {how}",
                (
                    value(first.pointer, first.text, "the first declaration"),
                    value(tool.pointer, tool.text, "the second"),
                ),
                facts={"tool": tool.name, "identical": first.text == tool.text},
            )


def _found_again(first: Tool, second: Tool) -> bool:
    """Tool search: the server adds a deferred tool's own declaration to the conversation when the model finds it."""
    return first.text == second.text and (first.deferred or second.deferred)


@check.repairs
def repairs(hit: Hit, _: Analysis) -> Iterator[Repair]:
    """Leave the second declaration out."""
    yield Repair(f"Declare {hit.facts['tool']} once", RepairKind.REMOVE_TOOL, tool=hit.evidence[1].pointer or ())

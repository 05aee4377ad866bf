"""Tool calls against what the text says of them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ctxdebug.analysis.constraints.compliance_outcome import Answer, Compliance, failed, passed, unchecked

if TYPE_CHECKING:
    from ctxdebug.analysis.constraints.constraint import Constraint


def _plain(name: str) -> str:
    return re.sub(r"[\W_]", "", name).lower()


def same_tool(one: str, other: str) -> bool:
    """Whether two tool names mean the same tool, whatever their spelling or namespace."""
    left, right = _plain(one), _plain(other)
    return left == right or (min(len(left), len(right)) > 4 and (left.endswith(right) or right.endswith(left)))


_LISTINGS = frozenset({"mcp_list_tools"})
"""What a server does by itself before the model speaks; no call of the model."""


def _names(answer: Answer) -> list[str]:
    return [call.name for call in answer.calls if call.name not in _LISTINGS]


def _require(constraint: Constraint, answer: Answer) -> Compliance:
    tool = constraint.params.get("tool")
    names = _names(answer)
    if tool is None:
        return passed(f"{len(names)} tool calls", len(names)) if names else failed("no tool was called", 0)
    if any(same_tool(tool, name) for name in names):
        return passed(f"{tool} was called")
    return failed(f"{tool} was not called", names)


def _forbid(constraint: Constraint, answer: Answer) -> Compliance:
    tool = constraint.params.get("tool")
    called = [name for name in _names(answer) if tool is None or same_tool(tool, name)]
    return failed(f"{called[0]} was called", called) if called else passed("it was not called")


def _order(constraint: Constraint, answer: Answer) -> Compliance:
    first, then = constraint.params["first"], constraint.params["then"]
    names = _names(answer)
    if constraint.params.get("each"):
        return _order_each(str(first), str(then), names)
    late = next((i for i, name in enumerate(names) if same_tool(then, name)), None)
    if late is None:
        return unchecked(f"{then} was not called")
    if any(same_tool(first, name) for name in names[:late]):
        return passed(f"{first} was called before {then}")
    return failed(f"{then} was called, and {first} not before it", names)


def _order_each(first: str, then: str, names: list[str]) -> Compliance:
    """Every call of the one has a call of the other of its own before it."""
    ready = 0
    seen = False
    for name in names:
        if same_tool(first, name):
            ready += 1
        elif same_tool(then, name):
            seen = True
            if not ready:
                return failed(f"{then} was called, and {first} not before it", names)
            ready -= 1
    return passed(f"{first} was called before each {then}") if seen else unchecked(f"{then} was not called")


def _most(constraint: Constraint, answer: Answer) -> Compliance:
    limit = constraint.params["hi"]
    tool = constraint.params.get("tool")
    calls = answer.step if constraint.params.get("per") == "step" else answer.calls
    count = sum(tool is None or same_tool(tool, call.name) for call in calls)
    if count > limit:
        return failed(
            f"{count} tool calls, at most {limit} asked for",
            count,
            deviation=round(100 * (count - limit) / max(limit, 1), 1),
        )
    return passed(f"{count} tool calls", count)


CHECKS = {"tools.require": _require, "tools.forbid": _forbid, "tools.order": _order, "tools.max_calls": _most}

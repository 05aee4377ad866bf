"""Which tools the model called, and with what."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import msgspec

from ctxdebug.cases.assertion import assertion
from ctxdebug.cases.observation import Outcome

if TYPE_CHECKING:
    from ctxdebug.cases.observation import Observation
    from ctxdebug.model import ToolCall


class ExpectedCall(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A tool's name, and arguments that must be among those given."""

    name: str
    arguments: dict[str, Any] = {}


def _flaw(value: str | ExpectedCall) -> str | None:
    return None if (value if isinstance(value, str) else value.name).strip() else "a tool has a name"


def _matching(value: str | ExpectedCall, calls: tuple[ToolCall, ...]) -> ToolCall | None:
    name, arguments = (value, {}) if isinstance(value, str) else (value.name, value.arguments)
    for call in calls:
        if call.name == name and _within(arguments, _arguments(call)):
            return call
    return None


def _arguments(call: ToolCall) -> Any:
    if call.parsed is not None:
        return call.parsed
    try:
        return json.loads(call.arguments)
    except (ValueError, RecursionError):
        return None


def _within(expected: Any, given: Any) -> bool:
    if isinstance(expected, dict):
        return not expected or (
            isinstance(given, dict)
            and all(key in given and _within(item, given[key]) for key, item in expected.items())
        )
    if isinstance(expected, list):
        return isinstance(given, list) and len(given) == len(expected) and all(map(_within, expected, given))
    if isinstance(expected, bool) or isinstance(given, bool):
        return expected is given
    return bool(expected == given)


def _described(value: str | ExpectedCall) -> str:
    if isinstance(value, str) or not value.arguments:
        return value if isinstance(value, str) else value.name
    return f"{value.name} with {json.dumps(value.arguments, ensure_ascii=False)}"


@assertion("tool-called", str | ExpectedCall, _flaw)
def tool_called(value: str | ExpectedCall, seen: Observation) -> Outcome:
    """Expect a call of this tool, with at least these arguments."""
    if _matching(value, seen.calls) is not None:
        return Outcome(True, f"the model called {_described(value)}")
    called = ", ".join(call.name for call in seen.calls) or "no tool"
    return Outcome(False, f"the model did not call {_described(value)}; it called {called}")


@assertion("tool-not-called", str | ExpectedCall, _flaw)
def tool_not_called(value: str | ExpectedCall, seen: Observation) -> Outcome:
    """Expect no call of this tool, or none with these arguments."""
    outcome = tool_called(value, seen)
    return Outcome(not outcome.passed, outcome.reason)

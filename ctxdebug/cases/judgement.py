"""Judge one answer by one case: what exported suites, the pytest plugin and other tools call."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ctxdebug.cases.exchanges import case_snapshot, observation
from ctxdebug.cases.expectation import evaluate
from ctxdebug.cases.proof import asked_codes, with_answer
from ctxdebug.cases.store import StoredCase, find_cases, load_case
from ctxdebug.engine.run import RunOptions
from ctxdebug.model import ToolCall

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from ctxdebug.cases.observation import Outcome


def judge_answer(
    stored: StoredCase, answer: str, calls: Sequence[ToolCall | dict[str, Any]] = (), options: RunOptions | None = None
) -> Outcome:
    """Return what the case's expectation says of an answer; a call may be `{"name": …, "arguments": {…}}`."""
    options = options or RunOptions()
    made = tuple(call if isinstance(call, ToolCall) else _call(call) for call in calls)
    snapshot = with_answer(case_snapshot(stored, options), answer, made)
    expectation = stored.case.expect
    return evaluate(expectation, observation(snapshot, options, (answer, made), codes=asked_codes(expectation)))


def cases_in(folder: Path) -> list[StoredCase]:
    """Return the cases of a folder, by id."""
    return [load_case(path) for path in find_cases([folder])]


def _call(held: dict[str, Any]) -> ToolCall:
    import json

    arguments = held.get("arguments", {})
    text = arguments if isinstance(arguments, str) else json.dumps(arguments)
    parsed = None if isinstance(arguments, str) else arguments
    return ToolCall(None, str(held.get("name", "")), text, parsed)

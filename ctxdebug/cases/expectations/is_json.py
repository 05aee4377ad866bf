"""The answer is JSON and nothing else, of a given form."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ctxdebug.cases.assertion import assertion
from ctxdebug.cases.json_schema import UnboundedSchemaError, schema_flaw, violations
from ctxdebug.cases.observation import Outcome
from ctxdebug.errors import UsageError

if TYPE_CHECKING:
    from ctxdebug.cases.observation import Observation


def _flaw(value: bool | dict[str, Any]) -> str | None:
    if value is False:
        return "false says nothing; put `not: {is-json: true}`"
    return None if value is True else schema_flaw(value)


def _constant(word: str) -> Any:
    raise ValueError(word)


@assertion("is-json", bool | dict[str, Any], _flaw)
def is_json(value: bool | dict[str, Any], seen: Observation) -> Outcome:
    """Expect the whole answer to be JSON; a mapping here is the JSON Schema that it must fit."""
    text = seen.answer.strip()
    try:
        parsed = json.loads(text, parse_constant=_constant)
    except (ValueError, RecursionError):
        where = ", it is in a code fence" if text.startswith("```") else ""
        return Outcome(False, f"the answer is not JSON{where}")
    if value is True:
        return Outcome(True, "the answer is JSON")
    try:
        broken = violations(parsed, value)
    except (UnboundedSchemaError, UsageError) as error:
        return Outcome(None, f"the schema was not checked: {error}")
    return Outcome(
        not broken, f"the JSON breaks the schema: {'; '.join(broken)}" if broken else "the JSON fits the schema"
    )

"""A response schema as OpenAI's models read it: a heading, then JSON without what strict mode implies.

Chat Completions also leaves out what its decoder checks by itself, and moves the schema's own description into the
heading. Both rules were found by comparing recorded counts with renderings (see `openai.json`).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ctxdebug.decoding.json_values import mapping
from ctxdebug.records import record
from ctxdebug.tokens.accounts.measures import compact

if TYPE_CHECKING:
    from ctxdebug.model import Snapshot

IMPLIED = frozenset({"additionalProperties", "required"})
CHECKED = frozenset({"default", "minimum", "maximum", "minItems", "maxItems", "minLength", "maxLength"})
NAMED = frozenset({"properties", "$defs"})
LITERAL = frozenset({"enum", "default"})
DEPTH = 64


@record(frozen=True, slots=True)
class Rendered:
    """A response schema's text. `sure` is False where recorded counts were not met exactly."""

    name: str
    text: str
    sure: bool


def response_schema(snapshot: Snapshot, api: str) -> Rendered | None:
    """Return the response schema of a request; None when it has none."""
    schema = snapshot.settings.response_schema
    if schema is None:
        return None
    held = mapping(mapping(snapshot.parameters.get("response_format")).get("json_schema"))
    held = held or mapping(mapping(snapshot.parameters.get("text")).get("format"))
    name = str(held.get("name") or "")
    heading = f"# Response Formats\n\n## {name}\n\n"
    if api == "responses":
        return Rendered(name, heading + compact(_without(schema, IMPLIED, 0)), sure="$defs" not in schema)
    described, own = (text if isinstance(text := part.get("description"), str) else "" for part in (held, schema))
    heading += f"{described}\n" if described else ""
    heading += f"{_escaped(own)}\n" if own and own != described else ""
    rest = {key: value for key, value in _without(schema, IMPLIED | CHECKED, 0).items() if key != "description"}
    sure = "$defs" not in schema and "\n" not in own and not _mentions(schema, CHECKED, 0)
    return Rendered(name, heading + json.dumps(rest, separators=(",", ":")), sure)


def _escaped(text: str) -> str:
    """Return a text in ASCII on one line, its quotation marks as they are."""
    return json.dumps(text)[1:-1].replace('\\"', '"')


def _without(schema: Any, keys: frozenset[str], depth: int) -> Any:
    if depth > DEPTH:
        return schema
    if isinstance(schema, list):
        return [_without(item, keys, depth + 1) for item in schema]
    if not isinstance(schema, dict):
        return schema
    kept: dict[str, Any] = {}
    for key, value in schema.items():
        if key in NAMED and isinstance(value, dict):
            kept[key] = {name: _without(held, keys, depth + 1) for name, held in value.items()}
        elif key not in keys:
            kept[key] = value if key in LITERAL else _without(value, keys, depth + 1)
    return kept


def _mentions(schema: Any, keys: frozenset[str], depth: int) -> bool:
    if depth > DEPTH:
        return False
    if isinstance(schema, list):
        return any(_mentions(item, keys, depth + 1) for item in schema)
    if not isinstance(schema, dict):
        return False
    return not keys.isdisjoint(schema) or any(_mentions(value, keys, depth + 1) for value in schema.values())

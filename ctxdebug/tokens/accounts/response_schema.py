"""A response schema as OpenAI's models read it: a heading, then JSON without what strict mode implies.

The Responses API renders it exactly so; Chat Completions adds something that recorded counts do not explain.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ctxdebug.tokens.accounts.measures import compact

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ctxdebug.model import Snapshot

IMPLIED = frozenset({"additionalProperties", "required"})
NAMED = frozenset({"properties", "$defs"})
LITERAL = frozenset({"enum", "default"})
DEPTH = 64


def response_schema(snapshot: Snapshot, api: str) -> tuple[str, str] | None:
    """The name of the response schema, and its text; None when the request has none."""
    schema = snapshot.settings.response_schema
    if schema is None:
        return None
    held = mapping(mapping(snapshot.parameters.get("response_format")).get("json_schema"))
    held = held or mapping(mapping(snapshot.parameters.get("text")).get("format"))
    name, description = held.get("name"), held.get("description")
    heading = f"# Response Formats\n\n## {name or ''}\n\n"
    if api == "chat" and isinstance(description, str) and description:
        heading += f"// {description}\n"
    return str(name or ""), heading + compact(_without_implied(schema, 0))


def _without_implied(schema: Any, depth: int) -> Any:
    if isinstance(schema, list):
        return [_without_implied(item, depth + 1) for item in schema]
    if not isinstance(schema, dict) or depth > DEPTH:
        return schema
    kept: dict[str, Any] = {}
    for key, value in schema.items():
        if key in NAMED and isinstance(value, dict):
            kept[key] = {name: _without_implied(held, depth + 1) for name, held in value.items()}
        elif key not in IMPLIED:
            kept[key] = value if key in LITERAL else _without_implied(value, depth + 1)
    return kept


def mapping(value: Any) -> Mapping[str, Any]:
    """The value if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}

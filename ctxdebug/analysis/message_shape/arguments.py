"""What is wrong with a tool call's arguments, held against the declared schema."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ctxdebug.model import Tool, ToolCall

_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "array": (list,),
    "object": (dict,),
    "null": (type(None),),
}


def argument_faults(call: ToolCall, tool: Tool | None) -> Iterator[str]:
    """Faults in plain words. Without a schema, only what is not JSON is a fault."""
    if call.error is not None and tool is not None and tool.type == "custom":
        return
    if call.error is not None:
        yield f"not JSON ({call.error})"
        return
    if tool is None or tool.schema is None or not isinstance(call.parsed, dict):
        return
    properties = tool.schema.get("properties")
    known = properties if isinstance(properties, dict) else {}
    required = tool.schema.get("required")
    for name in required if isinstance(required, list) else []:
        if isinstance(name, str) and name not in call.parsed:
            yield f"{name} is required and missing"
    for name, given in call.parsed.items():
        if name not in known:
            if known and tool.schema.get("additionalProperties") is False:
                yield f"{name} is not declared"
        elif (wrong := _wrong_type(known[name], given)) is not None:
            yield f"{name} is {wrong}"


def _wrong_type(schema: Any, given: Any) -> str | None:
    declared = schema.get("type") if isinstance(schema, Mapping) else None
    names = [declared] if isinstance(declared, str) else declared if isinstance(declared, list) else []
    names = [str(name).lower() for name in names]
    allowed = tuple(kind for name in names for kind in _TYPES.get(name, (object,)))
    if not allowed or given is None:
        return None
    if isinstance(given, bool) and bool not in allowed and object not in allowed:
        return f"a boolean, declared {' or '.join(names)}"
    if isinstance(given, float) and given.is_integer() and int in allowed:
        return None
    return None if isinstance(given, allowed) else f"a {type(given).__name__}, declared {' or '.join(names)}"

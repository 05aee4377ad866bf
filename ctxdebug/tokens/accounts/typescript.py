"""Function declarations as OpenAI's models read them: a TypeScript namespace.

The rules were found by comparing recorded counts with renderings (see `openai.json`): an object without comments
stands on one line, one with comments takes a line for each property; titles, descriptions, formats and defaults are
comments; unions and arrays of what has comments are broken over lines. The same rendering shows in openai/harmony.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ctxdebug.decoding.json_values import mapping
from ctxdebug.records import field, record

if TYPE_CHECKING:
    from ctxdebug.model import Tool

KNOWN = frozenset({"type", "properties", "required", "description", "title", "enum", "items", "anyOf", "default",
    "format", "additionalProperties", "$defs", "definitions", "$ref", "strict", "$schema"})  # fmt: skip
"""Keywords whose rendering was seen in recorded counts; with others, the rendering is our best guess."""
DEPTH = 24
SIZE = 400_000
"""Characters. Recursive or repeating references end there."""


_KEPT: dict[str, tuple[str, int]] = {}
_MOST_KEPT = 512


def rendered(tool: Tool) -> tuple[str, int]:
    """Return a tool's declaration, and in how many places its rendering is a guess. The requests of a session share tools."""
    if tool.text not in _KEPT:
        if len(_KEPT) >= _MOST_KEPT:
            _KEPT.clear()
        rendering = Typescript()
        text = rendering.declaration(tool.name, tool.description, tool.schema)
        _KEPT[tool.text] = (text, rendering.doubts)
    return _KEPT[tool.text]


@record(slots=True)
class Typescript:
    """One rendering. `doubts` counts the places where the rules are not known."""

    definitions: Mapping[str, Any] = field(default_factory=dict)
    doubts: int = 0
    size: int = 0

    def declaration(self, name: str, description: str, schema: Mapping[str, Any] | None) -> str:
        """One function, with the blank line after it."""
        schema = schema or {}
        self.definitions = mapping(schema.get("$defs")) or mapping(schema.get("definitions"))
        text = comment(description)
        if not mapping(schema.get("properties")):
            return f"{text}type {name} = () => any;\n\n"
        return f"{text}type {name} = (_: {heading(schema)}{self.object(schema, 0)}) => any;\n\n"

    def object(self, schema: Mapping[str, Any], depth: int) -> str:
        """Return an object type: on one line when nothing in it has a comment."""
        self._check(schema)
        required = schema.get("required")
        names = required if isinstance(required, list) else []
        rows = [self._property(name, held, name in names, depth) for name, held in _properties(schema, names, self)]
        if not any(head or tail or "\n" in body for head, body, tail in rows):
            return "{" + ", ".join(body for _, body, _ in rows) + "}"
        return "{\n" + "".join(f"{head}{body},{tail}\n" for head, body, tail in rows) + "}"

    def type(self, schema: Any, depth: int) -> tuple[str, str]:
        """Return a type, and the comment that follows it."""
        schema = self._resolved(mapping(schema))
        if depth > DEPTH or self.size > SIZE:
            self.doubts += 1
            return "any", ""
        self._check(schema)
        members = _members(schema)
        if members:
            return self._union(members, depth)
        if isinstance(schema.get("enum"), list):
            return " | ".join(_json(value) for value in schema["enum"]), ""
        return self._plain(schema, depth)

    def _plain(self, schema: Mapping[str, Any], depth: int) -> tuple[str, str]:
        kind = schema.get("type")
        if not isinstance(kind, str):
            kind = "object" if "properties" in schema else ""
        if kind == "string":
            form = schema.get("format")
            return "string", f" // format: {_json(form)}" if isinstance(form, str) else ""
        if kind in {"number", "integer"}:
            return "number", ""
        if kind in {"boolean", "null"}:
            return str(kind), ""
        if kind == "array":
            return self._array(mapping(schema.get("items")), depth), ""
        if kind == "object":
            return (self.object(schema, depth + 1) if mapping(schema.get("properties")) else "object"), ""
        return "any", ""

    def _array(self, held: Mapping[str, Any], depth: int) -> str:
        if not held:
            return "any[]"
        head = heading(self._resolved(held))
        body, tail = self.type(held, depth + 1)
        if head or tail or "\n" in body:
            return f"Array<\n{head}{body}>"
        return f"{body}[]"

    def _union(self, members: Sequence[Any], depth: int) -> tuple[str, str]:
        parts = []
        for member in members:
            body, tail = self.type(member, depth + 1)
            parts.append((heading(mapping(member)) + body, tail))
        if any(tail or "\n" in body for body, tail in parts):
            return "".join(f"\n | {body}{tail}" for body, tail in parts) + "\n", ""
        return " | ".join(body for body, _ in parts), ""

    def _property(self, name: str, held: Any, required: bool, depth: int) -> tuple[str, str, str]:
        schema = mapping(held)
        head = heading(schema) or heading(self._resolved(schema))
        body, tail = self.type(schema, depth)
        if "default" in schema:
            tail += f"{',' if tail else ' //'} default: {_json(schema['default'])}"
        self.size += len(head) + len(body) + len(tail)
        mark = "" if required else "?"
        return head, f"{name}{mark}:{'' if body.startswith(chr(10)) else ' '}{body}", tail

    def _resolved(self, schema: Mapping[str, Any]) -> Mapping[str, Any]:
        reference = schema.get("$ref")
        if not isinstance(reference, str):
            return schema
        return mapping(self.definitions.get(reference.rsplit("/", 1)[-1]))

    def _check(self, schema: Mapping[str, Any]) -> None:
        self.doubts += len(schema.keys() - KNOWN)


def heading(schema: Mapping[str, Any]) -> str:
    """Return the comment above a type or property: its title, then its description, parted by an empty comment."""
    title, description = schema.get("title"), schema.get("description")
    text = comment(description) if isinstance(description, str) else ""
    if isinstance(title, str) and title:
        return f"// {title}\n" + ("//\n" if text else "") + text
    return text


def comment(text: str) -> str:
    """Return a text as comment lines; indentation and empty lines are lost."""
    lines = (line.strip() for line in text.split("\n"))
    return "".join(f"// {line}\n" for line in lines if line)


def _members(schema: Mapping[str, Any]) -> list[Any]:
    for key in ("anyOf", "oneOf"):
        if isinstance(schema.get(key), list):
            return list(schema[key])
    kinds = schema.get("type")
    if not isinstance(kinds, list):
        return []
    rest = {key: value for key, value in schema.items() if key not in {"title", "default"}}
    return [{**rest, "type": kind} for kind in kinds]


def _properties(schema: Mapping[str, Any], required: list[Any], rendering: Typescript) -> list[tuple[str, Any]]:
    """Return the properties in the order in which they were sent, as far as the capture tells.

    Some recorders sort all keys; then the list of the required names is the only witness of the order.
    """
    held = mapping(schema.get("properties"))
    asked = [name for name in required if isinstance(name, str) and name in held]
    if asked != sorted(asked) and _is_sorted(schema) and _is_sorted(held) and all(map(_is_sorted, held.values())):
        rendering.doubts += 1
        return [(name, held[name]) for name in asked] + [pair for pair in held.items() if pair[0] not in asked]
    return list(held.items())


def _is_sorted(value: Any) -> bool:
    return isinstance(value, dict) and list(value) == sorted(value)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)

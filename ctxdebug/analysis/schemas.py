"""JSON schemas of outputs: whether they are sound, and whether strict mode takes them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

_TYPES = frozenset({"string", "number", "integer", "boolean", "object", "array", "null"})
_DEEPEST = 60


def faults(schema: Mapping[str, Any]) -> list[str]:
    """What no JSON schema may have: unknown types, required names that are no properties, dangling references."""
    found: list[str] = []
    for path, node in _nodes(schema):
        where = path or "the root"
        found += [f"{where} has the unknown type {kind!r}" for kind in _types(node) if str(kind).lower() not in _TYPES]
        properties = node.get("properties")
        required = node.get("required")
        if isinstance(required, list) and isinstance(properties, Mapping):
            found += [
                f"{where} requires {name!r}, which is not among its properties"
                for name in required
                if name not in properties
            ]
        if node.get("enum") == []:
            found.append(f"{where} has an empty enum")
        reference = node.get("$ref")
        if isinstance(reference, str) and reference.startswith("#/") and not _resolves(schema, reference):
            found.append(f"{where} refers to {reference}, which does not exist")
    return found


def loose_objects(schema: Mapping[str, Any]) -> list[str]:
    """Objects that leave `additionalProperties` open or a property optional, as OpenAI's strict mode does not allow."""
    found: list[str] = []
    for path, node in _nodes(schema):
        properties = node.get("properties")
        if not isinstance(properties, Mapping):
            continue
        where = path or "the root"
        if node.get("additionalProperties") is not False:
            found.append(f"{where} does not set additionalProperties to false")
        optional = [name for name in properties if name not in (node.get("required") or ())]
        if optional:
            found.append(f"{where} does not require {', '.join(map(repr, optional[:4]))}")
    return found


def _types(node: Mapping[str, Any]) -> list[Any]:
    kind = node.get("type")
    return kind if isinstance(kind, list) else [] if kind is None else [kind]


def _nodes(schema: Mapping[str, Any], path: str = "", depth: int = 0) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if depth > _DEEPEST:
        return
    yield path, schema
    for key in ("properties", "$defs", "definitions"):
        children = schema.get(key)
        if isinstance(children, Mapping):
            for name, child in children.items():
                if isinstance(child, Mapping):
                    yield from _nodes(child, f"{path}/{name}", depth + 1)
    for key in ("items", "not"):
        child = schema.get(key)
        if isinstance(child, Mapping):
            yield from _nodes(child, f"{path}/{key}", depth + 1)
    for key in ("anyOf", "oneOf", "allOf", "prefixItems"):
        for number, child in enumerate(schema.get(key) or ()):
            if isinstance(child, Mapping):
                yield from _nodes(child, f"{path}/{key}/{number}", depth + 1)


def _resolves(schema: Mapping[str, Any], reference: str) -> bool:
    node: Any = schema
    for part in reference[2:].split("/"):
        name = part.replace("~1", "/").replace("~0", "~")
        if not isinstance(node, Mapping) or name not in node:
            return False
        node = node[name]
    return True

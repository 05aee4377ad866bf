"""JSON schemas of outputs: whether they are sound, whether strict mode takes them, and whether an answer keeps them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

_TYPES = frozenset({"string", "number", "integer", "boolean", "object", "array", "null"})
_DEEPEST = 60
_MOST_STEPS = 20_000
"""Subschemas that are held against one value: doubled references are exponential, and schemas are captured text."""


class UnboundedSchemaError(Exception):
    """A schema takes more steps than are allowed, so that nothing is known of the value."""


def faults(schema: Mapping[str, Any]) -> list[str]:
    """Return what no JSON schema may have: unknown types, required names that are no properties, dangling references."""
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
                if not isinstance(name, str) or name not in properties
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
        optional = [name for name in properties if name not in _listed(node.get("required"))]
        if optional:
            found.append(f"{where} does not require {', '.join(map(repr, optional[:4]))}")
    return found


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


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
        for number, child in enumerate(_listed(schema.get(key))):
            if isinstance(child, Mapping):
                yield from _nodes(child, f"{path}/{key}/{number}", depth + 1)


def _resolves(schema: Mapping[str, Any], reference: str) -> bool:
    return _target(schema, reference) is not None


def breaks(schema: Mapping[str, Any], value: Any) -> str | None:
    """Say where a value breaks a schema, as `$.path: what is wrong`; None when it keeps it.

    Types, required and additional properties, enums, items, alternatives and local references are held
    against it; other keywords are let pass. Raises `UnboundedSchemaError`.
    """
    return next(_breaks(schema, value, "$", _Whole(schema), 0), None)


class _Whole:
    """The whole schema, which references lead into, and the steps that are left."""

    def __init__(self, schema: Mapping[str, Any]) -> None:
        self.schema = schema
        self._left = _MOST_STEPS

    def step(self) -> None:
        self._left -= 1
        if self._left < 0:
            raise UnboundedSchemaError


_KINDS: Mapping[str, tuple[type, ...]] = {
    "string": (str,), "number": (int, float), "integer": (int,), "boolean": (bool,), "object": (dict,), "array": (list,), "null": (type(None),),
}  # fmt: skip


def _breaks(schema: Any, value: Any, path: str, root: _Whole, depth: int) -> Iterator[str]:
    root.step()
    if not isinstance(schema, Mapping):
        return
    if depth > _DEEPEST:
        raise UnboundedSchemaError
    reference = schema.get("$ref")
    if isinstance(reference, str) and reference.startswith("#/"):
        yield from _breaks(_target(root.schema, reference), value, path, root, depth + 1)
        return
    choices = schema.get("anyOf") or schema.get("oneOf")
    if isinstance(choices, list) and choices:
        if all(next(_breaks(choice, value, path, root, depth + 1), None) is not None for choice in choices):
            yield f"{path}: none of {len(choices)} alternatives fits"
        return
    if value is None and schema.get("nullable") is True:
        return
    kinds = [str(kind).lower() for kind in _types(schema)]
    if kinds and not any(_is(value, kind) for kind in kinds):
        yield f"{path}: {type(value).__name__}, declared {' or '.join(kinds)}"
        return
    enum = schema.get("enum")
    if isinstance(enum, list) and value not in enum:
        yield f"{path}: {value!r} is not among the allowed values"
    if isinstance(value, dict):
        yield from _object(schema, value, path, root, depth)
    if isinstance(value, list):
        for number, item in enumerate(value):
            yield from _breaks(schema.get("items"), item, f"{path}[{number}]", root, depth + 1)


def _object(schema: Mapping[str, Any], value: dict[str, Any], path: str, root: _Whole, depth: int) -> Iterator[str]:
    properties = schema.get("properties")
    known = properties if isinstance(properties, Mapping) else {}
    for name in _listed(schema.get("required")):
        if isinstance(name, str) and name not in value:
            yield f"{path}: {name!r} is required and missing"
    for name, given in value.items():
        if name in known:
            yield from _breaks(known[name], given, f"{path}.{name}", root, depth + 1)
        elif known and schema.get("additionalProperties") is False:
            yield f"{path}: {name!r} is not declared"


def _is(value: Any, kind: str) -> bool:
    if isinstance(value, bool):
        return kind == "boolean"
    if kind == "integer" and isinstance(value, float):
        return value.is_integer()
    return isinstance(value, _KINDS.get(kind, (object,)))


def _target(root: Mapping[str, Any], reference: str) -> Any:
    node: Any = root
    for part in reference[2:].split("/"):
        name = part.replace("~1", "/").replace("~0", "~")
        node = node.get(name) if isinstance(node, Mapping) else None
    return node

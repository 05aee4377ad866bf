"""Check a JSON value against a JSON Schema; a keyword that is not known here is refused, never passed over."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "boolean": (bool,),
    "null": (type(None),),
    "number": (int, float),
}
_ANNOTATIONS = frozenset(
    {"$schema", "$id", "$comment", "title", "description", "default", "examples", "deprecated", "readOnly", "writeOnly"}
    | {"$defs", "definitions", "format", "strict", "name", "contentEncoding", "contentMediaType"}
)
_MAXIMUM_DEPTH = 64


def schema_flaw(schema: Any) -> str | None:
    """Return what keeps a schema from being checked here, or None."""
    if isinstance(schema, bool):
        return None
    if not isinstance(schema, dict):
        return "a schema is a mapping"
    for key, value in schema.items():
        if key not in _CHECKS and key not in _ANNOTATIONS and key not in ("then", "else"):
            return f"the schema keyword {key!r} is not supported"
        if key == "pattern" and (flaw := _pattern_flaw(value)):
            return flaw
        if key == "$ref" and not str(value).startswith("#"):
            return "a schema reference leads outside the schema"
        for part in _parts(key, value):
            if flaw := schema_flaw(part):
                return flaw
    return None


def violations(value: Any, schema: Any, limit: int = 5) -> list[str]:
    """Return up to `limit` places where the value breaks the schema, as `$.path: what is wrong`."""
    found: list[str] = []
    for message in _check(value, schema, "$", schema, 0):
        found.append(message)
        if len(found) >= limit:
            break
    return found


def _pattern_flaw(value: Any) -> str | None:
    try:
        re.compile(value)
    except (re.error, TypeError) as error:
        return f"the schema pattern cannot be read: {error}"
    return None


def _parts(key: str, value: Any) -> Iterator[Any]:
    if key in ("properties", "$defs", "definitions", "patternProperties", "dependentSchemas") and isinstance(
        value, dict
    ):
        yield from value.values()
    elif key in ("anyOf", "oneOf", "allOf", "prefixItems") and isinstance(value, list):
        yield from value
    elif key in ("items", "additionalProperties", "not", "if", "then", "else", "contains", "propertyNames"):
        yield value


def _check(value: Any, schema: Any, path: str, root: Any, depth: int) -> Iterator[str]:
    if depth > _MAXIMUM_DEPTH:
        yield f"{path}: the schema refers to itself without end"
        return
    if schema is False:
        yield f"{path}: nothing is allowed here"
    if not isinstance(schema, dict):
        return
    for key, rule in schema.items():
        check = _CHECKS.get(key)
        if check is not None:
            yield from check(value, rule, path, root, depth + 1, schema)


def _valid(value: Any, schema: Any, root: Any, depth: int) -> bool:
    return next(_check(value, schema, "$", root, depth), None) is None


def _is(value: Any, name: str) -> bool:
    if isinstance(value, bool):
        return name == "boolean"
    if name == "integer":
        return isinstance(value, int) or (isinstance(value, float) and value.is_integer())
    return isinstance(value, _TYPES.get(name, ()))


def _same(left: Any, right: Any) -> bool:
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(_same, left, right))
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(_same(item, right[key]) for key, item in left.items())
    return bool(left == right)


def _type(value: Any, rule: Any, path: str, *_: Any) -> Iterator[str]:
    names = [rule] if isinstance(rule, str) else list(rule)
    if not any(_is(value, name) for name in names):
        yield f"{path}: expected {' or '.join(names)}"


def _enum(value: Any, rule: Any, path: str, *_: Any) -> Iterator[str]:
    if not any(_same(value, item) for item in rule):
        yield f"{path}: not one of the {len(rule)} allowed values"


def _const(value: Any, rule: Any, path: str, *_: Any) -> Iterator[str]:
    if not _same(value, rule):
        yield f"{path}: not the one allowed value"


def _properties(value: Any, rule: Any, path: str, root: Any, depth: int, _: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for name, part in rule.items():
            if name in value:
                yield from _check(value[name], part, f"{path}.{name}", root, depth)


def _required(value: Any, rule: Any, path: str, *_: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from (f"{path}: {name!r} is missing" for name in rule if name not in value)


def _additional(value: Any, rule: Any, path: str, root: Any, depth: int, schema: Any) -> Iterator[str]:
    if isinstance(value, dict):
        known = schema.get("properties", {})
        for name, item in value.items():
            if name not in known:
                if rule is False:
                    yield f"{path}: {name!r} is not allowed"
                else:
                    yield from _check(item, rule, f"{path}.{name}", root, depth)


def _items(value: Any, rule: Any, path: str, root: Any, depth: int, schema: Any) -> Iterator[str]:
    if isinstance(value, list):
        first = len(schema.get("prefixItems", ()))
        for index in range(first, len(value)):
            yield from _check(value[index], rule, f"{path}[{index}]", root, depth)


def _prefix_items(value: Any, rule: Any, path: str, root: Any, depth: int, _: Any) -> Iterator[str]:
    if isinstance(value, list):
        for index, (item, part) in enumerate(zip(value, rule, strict=False)):
            yield from _check(item, part, f"{path}[{index}]", root, depth)


def _contains(value: Any, rule: Any, path: str, root: Any, depth: int, _: Any) -> Iterator[str]:
    if isinstance(value, list) and not any(_valid(item, rule, root, depth) for item in value):
        yield f"{path}: no item is as demanded"


def _unique(value: Any, rule: Any, path: str, *_: Any) -> Iterator[str]:
    if rule and isinstance(value, list):
        for index, item in enumerate(value):
            if any(_same(item, other) for other in value[:index]):
                yield f"{path}[{index}]: an item stands twice"
                return


def _all_of(value: Any, rule: Any, path: str, root: Any, depth: int, _: Any) -> Iterator[str]:
    for part in rule:
        yield from _check(value, part, path, root, depth)


def _any_of(value: Any, rule: Any, path: str, root: Any, depth: int, _: Any) -> Iterator[str]:
    if not any(_valid(value, part, root, depth) for part in rule):
        yield f"{path}: fits none of the {len(rule)} alternatives"


def _one_of(value: Any, rule: Any, path: str, root: Any, depth: int, _: Any) -> Iterator[str]:
    fitting = sum(_valid(value, part, root, depth) for part in rule)
    if fitting != 1:
        yield f"{path}: fits {fitting} of the {len(rule)} alternatives, and should fit one"


def _not(value: Any, rule: Any, path: str, root: Any, depth: int, _: Any) -> Iterator[str]:
    if _valid(value, rule, root, depth):
        yield f"{path}: has the excluded form"


def _if(value: Any, rule: Any, path: str, root: Any, depth: int, schema: Any) -> Iterator[str]:
    branch = "then" if _valid(value, rule, root, depth) else "else"
    yield from _check(value, schema.get(branch, True), path, root, depth)


def _ref(value: Any, rule: Any, path: str, root: Any, depth: int, _: Any) -> Iterator[str]:
    target = root
    for step in str(rule).lstrip("#").split("/")[1:]:
        step = step.replace("~1", "/").replace("~0", "~")
        if not isinstance(target, dict) or step not in target:
            yield f"{path}: the schema refers to {rule}, which it does not hold"
            return
        target = target[step]
    yield from _check(value, target, path, root, depth)


def _pattern(value: Any, rule: Any, path: str, *_: Any) -> Iterator[str]:
    from ctxdebug.redaction.bounded_regex import search

    if isinstance(value, str) and search(rule, value) is None:
        yield f"{path}: does not match {rule}"


def _bound(fits: Callable[[Any, Any], bool], words: str) -> Callable[..., Iterator[str]]:
    def check(value: Any, rule: Any, path: str, *_: Any) -> Iterator[str]:
        if isinstance(value, int | float) and not isinstance(value, bool) and not fits(value, rule):
            yield f"{path}: {value} is not {words} {rule}"

    return check


def _length(kind: type, fits: Callable[[int, Any], bool], words: str) -> Callable[..., Iterator[str]]:
    def check(value: Any, rule: Any, path: str, *_: Any) -> Iterator[str]:
        if isinstance(value, kind) and not fits(len(value), rule):  # type: ignore[arg-type]
            yield f"{path}: {words} {rule}"

    return check


def _multiple(value: Any, rule: Any) -> bool:
    quotient = float(value) / float(rule)
    return abs(quotient - round(quotient)) < 1e-9


_CHECKS: dict[str, Callable[..., Iterator[str]]] = {
    "type": _type,
    "enum": _enum,
    "const": _const,
    "properties": _properties,
    "required": _required,
    "additionalProperties": _additional,
    "items": _items,
    "prefixItems": _prefix_items,
    "contains": _contains,
    "uniqueItems": _unique,
    "allOf": _all_of,
    "anyOf": _any_of,
    "oneOf": _one_of,
    "not": _not,
    "if": _if,
    "$ref": _ref,
    "pattern": _pattern,
    "minimum": _bound(lambda value, rule: value >= rule, "at least"),
    "maximum": _bound(lambda value, rule: value <= rule, "at most"),
    "exclusiveMinimum": _bound(lambda value, rule: value > rule, "above"),
    "exclusiveMaximum": _bound(lambda value, rule: value < rule, "below"),
    "multipleOf": _bound(_multiple, "a multiple of"),
    "minLength": _length(str, lambda size, rule: size >= rule, "shorter than"),
    "maxLength": _length(str, lambda size, rule: size <= rule, "longer than"),
    "minItems": _length(list, lambda size, rule: size >= rule, "fewer items than"),
    "maxItems": _length(list, lambda size, rule: size <= rule, "more items than"),
    "minProperties": _length(dict, lambda size, rule: size >= rule, "fewer keys than"),
    "maxProperties": _length(dict, lambda size, rule: size <= rule, "more keys than"),
}

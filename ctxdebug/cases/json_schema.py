"""Check a JSON value against a JSON Schema (2020-12), which comes from a stranger as much as the value does.

The library fetches references to other hosts, searches with the pattern's own cost, and follows doubled references
exponentially. Here nothing is fetched, patterns run in a process that can be ended, and the number of steps is bounded.
A keyword that is not known is refused, never passed over.
"""

from __future__ import annotations

import json
import re
from contextvars import ContextVar
from difflib import get_close_matches
from functools import cache
from typing import TYPE_CHECKING, Any

from ctxdebug.errors import CtxdebugError
from ctxdebug.redaction.bounded_regex import search

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Keyword = Callable[[Any, Any, Any, Any], Any]

MOST_STEPS = 50_000
"""Keywords that are applied to a value, about 1 s; a large value costs a step more for every 1,000 characters."""
_DEEPEST = 64
_UNBOUNDED = frozenset({"$dynamicRef", "unevaluatedItems", "unevaluatedProperties"})
"""Keywords that the library follows without counting."""
_ANNOTATIONS = frozenset(
    {"$schema", "$id", "$anchor", "$comment", "title", "description", "default", "examples", "deprecated", "readOnly"}
    | {"writeOnly", "$defs", "definitions", "format", "strict", "name", "contentEncoding", "contentMediaType"}
    | {"then", "else", "minContains", "maxContains"}
)
_MAPS = ("properties", "$defs", "definitions", "patternProperties", "dependentSchemas")
_LISTS = ("anyOf", "oneOf", "allOf", "prefixItems")
_SINGLE = ("items", "additionalProperties", "not", "if", "then", "else", "contains", "propertyNames")


class UnboundedSchemaError(CtxdebugError):
    """A schema cannot be held against a value in the steps that are allowed; nothing is known of the value."""


def schema_flaw(schema: Any) -> str | None:
    """Return what keeps a schema from being checked here, or None."""
    if not isinstance(schema, bool | dict):
        return "a schema is a mapping"
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import SchemaError

    try:
        if flaw := next(_keyword_flaws(schema, 0), None):
            return flaw
        Draft202012Validator.check_schema(_without_dialect(schema))
    except SchemaError as error:
        where = ".".join(map(str, error.absolute_path)) or "the root"
        return f"the schema is not sound at {where}: {error.message[:120]}"
    except RecursionError:
        return "the schema is nested too deep"
    return None


def violations(value: Any, schema: Any, limit: int = 5) -> list[str]:
    """Return up to `limit` places where the value breaks the schema, as `$.path: what is wrong`.

    Raises `UnboundedSchemaError` where that takes more than `MOST_STEPS` steps, `UsageError` where a pattern takes too long.
    """
    from referencing import Registry
    from referencing.exceptions import Unresolvable

    found: list[str] = []
    running = _BUDGET.set(_Budget(value))
    try:
        checked = _bounded_class()(_without_dialect(schema), registry=Registry())
        for error in checked.iter_errors(value):
            found.append(f"{error.json_path}: {_words(error)}")
            if len(found) >= limit:
                break
    except Unresolvable as error:
        found.append(f"$: the schema refers to {getattr(error, 'ref', error)}, which it does not contain")
    except RecursionError:
        raise UnboundedSchemaError("the schema refers to itself without end") from None
    finally:
        _BUDGET.reset(running)
    return found


class _Budget:
    """The steps that are left, and how large the parts of the value are."""

    def __init__(self, value: Any) -> None:
        self.left = MOST_STEPS
        self._sizes: dict[int, int] = {}
        self._measure(value)

    def _measure(self, value: Any) -> int:
        if isinstance(value, dict):
            size = sum(len(str(key)) + self._measure(item) for key, item in value.items())
        elif isinstance(value, list):
            size = sum(map(self._measure, value))
        else:
            return len(value) if isinstance(value, str) else 1
        self._sizes[id(value)] = size
        return size

    def spend(self, value: Any) -> None:
        size = len(value) if isinstance(value, str) else self._sizes.get(id(value), 0)
        self.left -= 1 + size // 1000
        if self.left < 0:
            raise UnboundedSchemaError(f"the schema takes more than {MOST_STEPS:,} steps on this answer")


_BUDGET: ContextVar[_Budget] = ContextVar("steps")


@cache
def _bounded_class() -> Any:
    """Return the library's validator with every keyword counted, and those that search or compare at a cost of our own."""
    from jsonschema import Draft202012Validator
    from jsonschema.validators import extend

    ours: dict[str, Keyword] = {
        "pattern": _pattern,
        "patternProperties": _pattern_properties,
        "additionalProperties": _additional_properties,
        "uniqueItems": _unique_items,
    }
    keywords = {**Draft202012Validator.VALIDATORS, **ours}
    return extend(  # type: ignore[no-untyped-call]  # jsonschema types only its classes
        Draft202012Validator, {name: _counted(keyword) for name, keyword in keywords.items()}
    )


def _counted(keyword: Keyword) -> Keyword:
    def apply(validator: Any, rule: Any, value: Any, schema: Any) -> Any:
        _BUDGET.get().spend(value)
        return keyword(validator, rule, value, schema)

    return apply


def _wrong(message: str) -> Exception:
    from jsonschema import ValidationError

    return ValidationError(message)


def _pattern(_: Any, rule: Any, value: Any, __: Any) -> Iterator[Any]:
    if isinstance(value, str) and search(rule, value) is None:
        yield _wrong(f"does not match {rule}")


def _pattern_properties(validator: Any, rule: Any, value: Any, _: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        for pattern, part in rule.items():
            for name, item in value.items():
                if search(pattern, name) is not None:
                    yield from validator.descend(item, part, path=name, schema_path=pattern)


def _additional_properties(validator: Any, rule: Any, value: Any, schema: Any) -> Iterator[Any]:
    if not isinstance(value, dict):
        return
    known, patterns = schema.get("properties", {}), schema.get("patternProperties", {})
    for name, item in value.items():
        if name not in known and not any(search(pattern, name) is not None for pattern in patterns):
            if rule is False:
                yield _wrong(f"{name!r} is not allowed")
            else:
                yield from validator.descend(item, rule, path=name)


def _unique_items(_: Any, rule: Any, value: Any, __: Any) -> Iterator[Any]:
    if rule and isinstance(value, list):
        seen: set[str] = set()
        for item in value:
            text = json.dumps(_plain(item), sort_keys=True)
            if text in seen:
                yield _wrong("an item is in it twice")
                return
            seen.add(text)


def _plain(value: Any) -> Any:
    """Return a value in which equal numbers are written alike: 1.0 is 1."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list) else value


def _words(error: Any) -> str:
    """Return what is wrong in our words; the library's repeat the value, which may be long."""
    keyword, rule = error.validator, error.validator_value
    if keyword == "type":
        return f"expected {rule if isinstance(rule, str) else ' or '.join(rule)}"
    if keyword == "required":
        return str(error.message).replace("is a required property", "is missing")
    if keyword in ("pattern", "additionalProperties", "uniqueItems"):
        return str(error.message)[:200]
    if keyword == "enum":
        return f"not one of the {len(rule)} allowed values"
    if keyword in ("anyOf", "oneOf"):
        return f"does not fit {'exactly one' if keyword == 'oneOf' else 'any'} of the {len(rule)} alternatives"
    if keyword in (None, "const", "not"):
        return {None: "nothing is allowed here", "const": "not the one allowed value", "not": "has the excluded form"}[
            keyword
        ]
    return f"breaks {keyword}: {json.dumps(rule)[:80]}"


def _keyword_flaws(schema: Any, depth: int) -> Iterator[str]:
    if not isinstance(schema, dict):
        return
    if depth > _DEEPEST:
        raise RecursionError
    known = (_bounded_class().VALIDATORS.keys() - _UNBOUNDED) | _ANNOTATIONS
    for key, value in schema.items():
        if key not in known:
            near = get_close_matches(str(key), known, 1)
            yield f"the schema keyword {key!r} is not supported{f'; did you mean {near[0]!r}?' if near else ''}"
        patterns = (
            [value]
            if key == "pattern"
            else list(value)
            if key == "patternProperties" and isinstance(value, dict)
            else []
        )
        yield from filter(None, map(_pattern_flaw, patterns))
        if key == "$ref" and not str(value).startswith("#"):
            yield "a schema reference leads outside the schema"
        for part in _parts(key, value):
            yield from _keyword_flaws(part, depth + 1)


def _pattern_flaw(value: Any) -> str | None:
    try:
        re.compile(value)
    except (re.error, TypeError, RecursionError, OverflowError) as error:
        return f"the schema pattern cannot be read: {error}"
    return None


def _parts(key: str, value: Any) -> Iterator[Any]:
    if key in _MAPS and isinstance(value, dict):
        yield from value.values()
    elif key in _LISTS and isinstance(value, list):
        yield from value
    elif key in _SINGLE:
        yield value


def _without_dialect(schema: Any) -> Any:
    """Return a schema without `$schema`, at which the library would change to a validator that counts nothing."""
    if isinstance(schema, dict):
        return {
            key: _without_dialect(item) for key, item in schema.items() if key != "$schema" or not isinstance(item, str)
        }
    return [_without_dialect(item) for item in schema] if isinstance(schema, list) else schema

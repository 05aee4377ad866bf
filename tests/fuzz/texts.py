"""Every text of a file of any shape, with the keys that lead to it: JSON, JSON Lines, YAML, streams, and JSON inside texts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any, TypeAlias

from ctxdebug.decoding.safe_yaml import parse_yaml
from ctxdebug.errors import LoadError
from ctxdebug.model import Decoding, Pointer

Keys: TypeAlias = tuple[Any, ...]
_DEEPEST = 200
_MAY_BE_CONTENT = frozenset({"text", "content", "message", "messages", "parts", "input", "context", "data"})
"""Keys that some formats use for what is no content, in certain objects only; they vouch for nothing here."""
_TAIL = 3
"""Steps by which a pointer is known: what stands before them differs where a file's text was decoded another way."""


def leaves(held: str) -> list[tuple[Keys, str]]:
    """Return every text of a file with the keys that lead to it; an empty list where the file has no shape at all."""
    return [leaf for value in _values(held) for leaf in _below(value, (), 0)]


def at_any(found: list[tuple[Keys, str]], pointers: list[Pointer]) -> Iterator[str]:
    """Yield the texts to which one of the pointers leads."""
    tails = {tuple(step for step in pointer if not isinstance(step, Decoding))[-_TAIL:] for pointer in pointers}
    for keys, text in found:
        if any(keys[at : at + size] in tails for size in range(1, _TAIL + 1) for at in range(len(keys) - size + 1)):
            yield text


def below_words(found: list[tuple[Keys, str]], formats: set[str]) -> Iterator[str]:
    """Yield the texts under a key that is known to hold words which are no content, for all formats or one of these."""
    known = _word_keys(frozenset(formats))
    for keys, text in found:
        if any(key in known for key in keys):
            yield text


@cache
def _word_keys(formats: frozenset[str]) -> frozenset[str]:
    rows: dict[str, Any] = json.loads(files("ctxdebug.loading").joinpath("metadata.json").read_text("utf-8"))
    own = {key for form in formats for key in rows["formats"].get(form, ())}
    return frozenset(rows["words"]) | (own - _MAY_BE_CONTENT)


def _values(held: str) -> Iterator[Any]:
    value = _json(held)
    if value is not None:
        yield value
        return
    rows = [row for row in map(_json, held.splitlines()) if row is not None]
    if rows:
        yield from rows
        return
    try:
        yield parse_yaml(held.encode("utf-8", "surrogatepass"))
    except (LoadError, RecursionError, ValueError):
        yield held


def _json(text: str) -> Any:
    if not text.lstrip().startswith(("{", "[", '"')):
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _below(value: Any, keys: Keys, depth: int) -> Iterator[tuple[Keys, str]]:
    if depth > _DEEPEST:
        return
    if isinstance(value, str):
        yield keys, value
        lines = value.splitlines() if "data:" in value else [value]
        for line in lines:
            inner = _json(line.removeprefix("data:").strip())
            if isinstance(inner, (dict, list)):
                yield from _below(inner, keys, depth + 1)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _below(item, (*keys, key), depth + 1)
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _below(item, (*keys, number), depth + 1)

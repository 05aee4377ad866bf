"""Words of which a text must have one before a pattern can be found in it: a cheap look before a costly search."""

from __future__ import annotations

import re
from functools import reduce
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

# The parser of `re` is private by name; `pattern_code` reads its codes too.
_parser: Any = re._parser  # type: ignore[attr-defined]  # private by name  # noqa: SLF001 - as above


def anchors(source: str, flags: int = 0) -> frozenset[str] | None:
    """Return texts (lower case) of which each match of a pattern has one; None where the pattern has no such texts."""
    return _of_sequence(_parser.parse(source, flags))


def _of_sequence(items: Iterable[tuple[Any, Any]]) -> frozenset[str] | None:
    """Return the best texts that any part of a sequence needs: those of which the shortest is the longest."""
    found: list[frozenset[str]] = []
    run = ""
    for kind, value in items:
        if str(kind) == "LITERAL":
            run += chr(value)
            continue
        found, run = [*found, frozenset({run.lower()})] if run else found, ""
        inner = _of_item(str(kind), value)
        if inner:
            found.append(inner)
    if run:
        found.append(frozenset({run.lower()}))
    return max(found, key=lambda texts: (min(map(len, texts)), -len(texts)), default=None)


def _of_item(kind: str, value: Any) -> frozenset[str] | None:
    if kind == "SUBPATTERN":
        return _of_sequence(value[3])
    if kind in {"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"}:
        return _of_sequence(value[2]) if value[0] else None
    if kind == "ATOMIC_GROUP":
        return _of_sequence(value)
    if kind == "BRANCH":
        options = [_of_sequence(option) for option in value[1]]
        return None if any(option is None for option in options) else reduce(frozenset.__or__, filter(None, options))
    return None

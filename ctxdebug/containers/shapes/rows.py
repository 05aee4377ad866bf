"""The objects of an export: a line each, items of a list, or items of the list that one object wraps (`{"data": […]}`)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ctxdebug.containers import documents
from ctxdebug.decoding.source import Source
from ctxdebug.errors import LoadError
from ctxdebug.model import Pointer, Problem

WRAPPERS = ("data", "rows", "items", "results", "calls", "spans", "logs", "hits")


def first_row(source: Source, *marks: str, wrappers: tuple[str, ...] = WRAPPERS) -> Mapping[str, Any] | None:
    """Return the first object of an export whose beginning has all of `marks`; None where there is none."""
    if source.shape not in {"json", "json lines"} or not all(mark in source.opening for mark in marks):
        return None
    try:
        document = source.document if source.shape == "json" else source.first_line
    except LoadError:  # text that only looks like JSON, which another container may know
        return None
    return next((row for _, row in _within(document, (), wrappers)), None)


def rows(source: Source, wrappers: tuple[str, ...] = WRAPPERS) -> Iterator[tuple[Pointer, Mapping[str, Any]] | Problem]:
    """Yield every object of an export with its place."""
    for found in documents(source):
        if isinstance(found, Problem):
            yield found
        else:
            yield from _within(found[1], found[0], wrappers)


def _within(document: Any, at: Pointer, wrappers: tuple[str, ...]) -> Iterator[tuple[Pointer, Mapping[str, Any]]]:
    if isinstance(document, list):
        for index, item in enumerate(document):
            if isinstance(item, dict):
                yield (*at, index), item
    elif isinstance(document, dict):
        key = next((key for key in wrappers if isinstance(document.get(key), (list, dict))), None)
        inner = document[key] if key is not None else None
        if isinstance(inner, list) and all(isinstance(item, dict) for item in inner):
            yield from _within(inner, (*at, str(key)), ())
        elif isinstance(inner, dict) and len(document) <= _MOST_BESIDE:
            yield (*at, str(key)), inner
        else:
            yield at, document


_MOST_BESIDE = 3
"""Keys of an object that only wraps another one."""

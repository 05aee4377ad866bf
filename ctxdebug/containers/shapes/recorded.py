"""A list of recorded calls in one document, as the recorders of HTTP traffic write it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from ctxdebug.containers import Found
from ctxdebug.containers.shapes.batch import spread
from ctxdebug.decoding.source import Source
from ctxdebug.errors import LoadError
from ctxdebug.exchange import Exchange
from ctxdebug.model import Pointer, Problem, pointer_text


def read_recorded(
    source: Source, items: Iterable[Any], at: Pointer, exchange: Callable[[Source, dict[str, Any], Pointer], Exchange]
) -> Iterator[Found]:
    """Yield the calls of a list that stands at a pointer, by what reads one of its objects; what breaks one is its problem."""
    for index, item in enumerate(items):
        if not isinstance(item, dict):
            continue
        place = (*at, index)
        try:
            yield from spread(exchange(source, item, place))
        except LoadError as error:
            yield Problem(source.path, error.message, pointer_text(place))

"""Sentry's transactions: spans whose `data` holds the attributes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ctxdebug.containers import Found, Likeness, container
from ctxdebug.containers.shapes.rows import first_row, rows
from ctxdebug.containers.shapes.span import Span, exchanges_of
from ctxdebug.decoding.source import Source
from ctxdebug.model import Pointer, Problem


def _spans(event: Mapping[str, Any], at: Pointer) -> Iterator[Span]:
    listed = event.get("spans")
    for index, raw in enumerate(listed if isinstance(listed, list) else []):
        held = raw.get("data") if isinstance(raw, dict) else None
        if isinstance(held, dict) and "span_id" in raw:
            yield _span(raw, held, (*at, "spans", index))
    contexts = event.get("contexts")
    trace = contexts.get("trace") if isinstance(contexts, dict) else None
    if isinstance(trace, dict) and isinstance(trace.get("data"), dict):
        yield _span(trace, trace["data"], (*at, "contexts", "trace"))


def _span(raw: Mapping[str, Any], held: dict[str, Any], at: Pointer) -> Span:
    origins: dict[Pointer, Pointer] = {(*at, "attributes", key): (*at, "data", key) for key in held}
    name = raw.get("description")
    trace = raw.get("trace_id")
    return Span(at, held, origins=origins, trace=trace if isinstance(trace, str) else None,
                labels={"name": name} if isinstance(name, str) else {})  # fmt: skip


def _sniff(source: Source) -> Likeness:
    row = first_row(source, '"event_id"', '"contexts"', wrappers=("data",))
    return Likeness.CERTAIN if row is not None and next(_spans(row, ()), None) is not None else Likeness.NO


@container("sentry", "a transaction of Sentry: `event_id`, `contexts` and `spans` with `data`", _sniff)
def exchanges(source: Source) -> Iterator[Found]:
    """One exchange a span that is a call of a model."""
    for found in rows(source, ("data",)):
        if isinstance(found, Problem):
            yield found
        else:
            yield from exchanges_of(list(_spans(found[1], found[0])))

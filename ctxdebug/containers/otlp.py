"""OpenTelemetry traces: OTLP JSON, a line or a file, and plain lists of spans."""

from __future__ import annotations

from collections.abc import Iterator

from ctxdebug.containers import Found, Likeness, container, documents
from ctxdebug.containers.shapes.span import exchanges_of, spans_in
from ctxdebug.decoding.source import Source
from ctxdebug.model import Problem

_MARKS = ('"resourceSpans"', '"resource_spans"', '"scopeSpans"', '"spanContext"', '"spanId"', '"span_id"')


def _sniff(source: Source) -> Likeness:
    if source.shape not in {"json", "json lines"} or not any(mark in source.opening for mark in _MARKS):
        return Likeness.NO
    document = source.document if source.shape == "json" else source.first_line
    if isinstance(document, dict) and {"trace", "observations", "info"} & document.keys():
        return Likeness.NO
    return Likeness.CERTAIN if next(spans_in(document, ()), None) is not None else Likeness.NO


@container(
    "otlp",
    "`resourceSpans` with `scopeSpans` and `spans` (JSON, or JSON lines), or a list of spans with attributes",
    _sniff,
)
def exchanges(source: Source) -> Iterator[Found]:
    """One exchange a span that is a call of a model."""
    for found in documents(source):
        if isinstance(found, Problem):
            yield found
        else:
            yield from exchanges_of(list(spans_in(found[1], found[0])))

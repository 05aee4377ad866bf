"""OpenTelemetry traces: OTLP JSON, a line or a file, and plain lists of spans."""

from __future__ import annotations

from collections.abc import Iterator

from ctxdebug.containers import Found, Likeness, container, documents
from ctxdebug.containers.shapes.span import Traces, exchanges_of, spans_in
from ctxdebug.decoding.source import Source
from ctxdebug.errors import LoadError
from ctxdebug.model import Problem

_MARKS = ('"resourceSpans"', '"resource_spans"', '"scopeSpans"', '"spanContext"', '"spanId"', '"span_id"')

_RETRIEVES = ("etriev", "RETRIEVER", "erank", "RERANKER")
"""Of which the line of a retriever's run has one; that a line of another kind has it too costs no more than reading twice."""


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
    """One exchange a span that is a call of a model; what was retrieved in its trace, on whichever line, stands beside it."""
    traces = _traces(source)
    for found in documents(source):
        if isinstance(found, Problem):
            yield found
        else:
            yield from exchanges_of(list(spans_in(found[1], found[0])), traces)


def _traces(source: Source) -> Traces | None:
    """Read the lines once before, where some of them are runs of retrievers: a span is written when it ends, a call may be lines away."""
    traces = Traces([])
    try:
        if source.shape != "json lines" or not any(mark in line for _, line in source.lines() for mark in _RETRIEVES):
            return None
        for found in documents(source):
            if not isinstance(found, Problem):
                traces.add(list(spans_in(found[1], found[0])))
    except LoadError:
        pass  # the exchanges before the line that cannot be decoded come first, and the fault is told there
    return traces

"""OTLP traces in protobuf: what an exporter posts to `/v1/traces`, saved as a file."""

from __future__ import annotations

from collections.abc import Iterator

from ctxdebug.containers import Found, Likeness, container
from ctxdebug.containers.shapes.span import exchanges_of, spans_in
from ctxdebug.decoding.otlp_protobuf import read_traces
from ctxdebug.decoding.source import Source
from ctxdebug.errors import LoadError
from ctxdebug.model import Decoding

_RESOURCE_SPANS = b"\x0a"
_PRINTED = frozenset(b"\t\n\r") | frozenset(range(32, 127))


def _sniff(source: Source) -> Likeness:
    """Bytes that begin with the first field of an export, are no text, and parse from end to end."""
    if source.shape != "text" or not source.head.startswith(_RESOURCE_SPANS) or _PRINTED.issuperset(source.head[:200]):
        return Likeness.NO
    try:
        found = read_traces(source.data)
    except LoadError:
        return Likeness.NO
    return Likeness.CERTAIN if any("traceId" in span for span in found) else Likeness.NO


@container("otlp-protobuf", "an ExportTraceServiceRequest of OTLP in protobuf, as it is posted to /v1/traces", _sniff)
def exchanges(source: Source) -> Iterator[Found]:
    """One exchange a span that is a call of a model."""
    at = (*source.root, Decoding.PROTOBUF)
    yield from exchanges_of(list(spans_in(read_traces(source.data), at)))

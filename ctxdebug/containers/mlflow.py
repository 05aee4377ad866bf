"""MLflow traces: spans whose inputs and outputs are the request and the response of a call."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ctxdebug.containers import Found, Likeness, container, documents
from ctxdebug.containers.shapes.retrieved import Row, labels_of, query_of, retrieved
from ctxdebug.decoding.source import Source
from ctxdebug.exchange import Exchange
from ctxdebug.model import Decoding, Pointer, Problem

_CALLS = frozenset({"CHAT_MODEL", "LLM"})


def _traces(document: Any, at: Pointer) -> Iterator[tuple[dict[str, Any], list[Any], Pointer]]:
    """Yield the info and spans of each trace: `{info, data: {spans}}`, or a list of these, also under `traces`."""
    if isinstance(document, list):
        for index, item in enumerate(document):
            yield from _traces(item, (*at, index))
    if not isinstance(document, dict):
        return
    if isinstance(document.get("traces"), list):
        yield from _traces(document["traces"], (*at, "traces"))
    info, data = document.get("info"), document.get("data")
    if isinstance(info, dict) and isinstance(data, dict) and isinstance(data.get("spans"), list):
        yield info, data["spans"], (*at, "data", "spans")


def _sniff(source: Source) -> Likeness:
    if source.shape not in {"json", "json lines"} or (
        '"info"' not in source.opening and '"mlflow.' not in source.opening
    ):
        return Likeness.NO
    document = source.document if source.shape == "json" else source.first_line
    return Likeness.CERTAIN if next(_traces(document, ()), None) is not None else Likeness.NO


@container(
    "mlflow", "`info` with `data.spans`, whose attributes contain mlflow.spanInputs and mlflow.spanOutputs", _sniff
)
def exchanges(source: Source) -> Iterator[Found]:
    """One exchange a span of type CHAT_MODEL or LLM."""
    for found in documents(source):
        if isinstance(found, Problem):
            yield found
        else:
            yield from _exchanges(source, found[1], found[0])


def _beside(spans: list[Any], source: Source, where: Pointer) -> dict[str, Any]:
    """Return what the retrievers of a trace returned, and what they looked for."""
    found: list[Row] = []
    queries: list[str] = []
    for index, span in enumerate(spans):
        attributes = span.get("attributes") if isinstance(span, dict) else None
        if isinstance(attributes, dict) and _opened(attributes.get("mlflow.spanType"), (), source)[0] == "RETRIEVER":
            at = (*where, index, "attributes", "mlflow.spanOutputs")
            found += retrieved(attributes.get("mlflow.spanOutputs"), at)
            queries += query_of(attributes.get("mlflow.spanInputs"))
    return labels_of(found, queries)


def _exchanges(source: Source, document: Any, at: Pointer) -> Iterator[Found]:
    for info, spans, where in _traces(document, at):
        beside = _beside(spans, source, where)
        trace = next((info[key] for key in ("trace_id", "request_id") if isinstance(info.get(key), str)), None)
        metadata = info.get("trace_metadata")
        session = metadata.get("mlflow.trace.session") if isinstance(metadata, dict) else None
        for index, span in enumerate(spans):
            attributes = span.get("attributes") if isinstance(span, dict) else None
            if not isinstance(attributes, dict):
                continue
            kind, _ = _opened(attributes.get("mlflow.spanType"), (), source)
            if isinstance(kind, str) and kind in _CALLS:
                inside = (*where, index, "attributes")
                request, request_at = _opened(
                    attributes.get("mlflow.spanInputs"), (*inside, "mlflow.spanInputs"), source
                )
                response, response_at = _opened(
                    attributes.get("mlflow.spanOutputs"), (*inside, "mlflow.spanOutputs"), source
                )
                yield Exchange(
                    (*where, index),
                    request=request,
                    request_at=request_at,
                    response=response,
                    response_at=response_at,
                    session=session if isinstance(session, str) else None,
                    labels={**({"trace": trace} if trace else {}), **beside},
                )


def _opened(value: Any, at: Pointer, source: Source) -> tuple[Any, Pointer]:
    """Return a value, read as JSON where it is JSON in a string."""
    if isinstance(value, str):
        inner = source.reader.value(value)
        if inner is not None:
            return inner, (*at, Decoding.JSON)
    return value, at

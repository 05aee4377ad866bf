"""Langfuse exports: a trace with its observations, of which the generations are calls of a model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ctxdebug.containers import Found, Likeness, container
from ctxdebug.exchange import Exchange
from ctxdebug.model import Decoding, Pointer
from ctxdebug.observations import read_observation, usage_of
from ctxdebug.source import Source

_LABELS = (
    "startTime",
    "endTime",
    "latency",
    "timeToFirstToken",
    "totalCost",
    "name",
    "level",
    "statusMessage",
)


def _sniff(source: Source) -> Likeness:
    if source.shape not in {"json", "json lines"} or (
        '"observations"' not in source.opening and '"traceId"' not in source.opening
    ):
        return Likeness.NO
    document = source.document if source.shape == "json" else source.first_line
    return Likeness.CERTAIN if any(True for _ in _traces(document, ())) else Likeness.NO


def _traces(document: Any, at: Pointer) -> Iterator[tuple[Mapping[str, Any], list[Any], Pointer]]:
    """Traces with their observations: `{trace, observations}`, a trace that holds them, or a list of either."""
    if isinstance(document, list):
        if document and all(_is_observation(item) for item in document):
            yield {}, document, at
            return
        for index, item in enumerate(document):
            yield from _traces(item, (*at, index))
    if not isinstance(document, dict):
        return
    trace = document.get("trace")
    if isinstance(document.get("observations"), list) and all(
        _is_observation(item) for item in document["observations"]
    ):
        yield trace if isinstance(trace, dict) else document, document["observations"], (*at, "observations")
    elif isinstance(trace, dict):
        yield from _traces(trace, (*at, "trace"))


def _is_observation(item: Any) -> bool:
    return isinstance(item, dict) and "traceId" in item and "type" in item and "input" in item


@container("langfuse", "`observations` with traceId, type and input, beside or inside a `trace`", _sniff)
def exchanges(source: Source) -> Iterator[Found]:
    """One exchange a generation; spans, agents and tools repeat or summarise them."""
    if source.shape == "json":
        yield from _exchanges(source, source.document, (*source.root, Decoding.JSON))
        return
    for number, line in source.lines():
        if line.strip():
            document = source.reader.read(line, f"line {number + 1}")
            yield from _exchanges(source, document, (*source.root, Decoding.LINES, number, Decoding.JSON))


def _exchanges(source: Source, document: Any, at: Pointer) -> Iterator[Found]:
    for trace, observations, where in _traces(document, at):
        order = sorted(range(len(observations)), key=lambda n: str(observations[n].get("startTime") or ""))
        for index in order:
            held = observations[index]
            if held.get("type") == "GENERATION" and held.get("input") is not None:
                yield _exchange(source, trace, held, (*where, index))


def _exchange(source: Source, trace: Mapping[str, Any], held: Mapping[str, Any], at: Pointer) -> Exchange:
    request, request_at, response, response_at, origins = read_observation(held, at, source.reader)
    session = trace.get("sessionId")
    labels = {key: held[key] for key in _LABELS if held.get(key) is not None}
    labels["trace"] = str(held.get("traceId"))
    model = held.get("model")
    return Exchange(
        at,
        request=request,
        request_at=request_at,
        response=response,
        response_at=response_at,
        model=model if isinstance(model, str) else None,
        session=session if isinstance(session, str) else None,
        usage=usage_of(held.get("usageDetails"), (*at, "usageDetails")),
        labels=labels,
        origins=origins,
    )

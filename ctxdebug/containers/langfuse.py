"""Langfuse exports: a trace with its observations, of which the generations are calls of a model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from ctxdebug.containers import Found, Likeness, container, documents
from ctxdebug.containers.shapes.langfuse_observation import read_observation, usage_of
from ctxdebug.containers.shapes.retrieved import Row, labels_of, query_of, retrieved, retrieves
from ctxdebug.decoding.source import Source
from ctxdebug.exchange import Exchange
from ctxdebug.model import Pointer, Problem, pointer_text

_MARKS = ('"observations"', '"traceId"', '"trace_id"', '"GENERATION"')
_TYPES = frozenset(
    {"GENERATION", "SPAN", "EVENT", "AGENT", "TOOL", "CHAIN", "RETRIEVER", "EMBEDDING", "EVALUATOR", "GUARDRAIL"}
)
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


_USAGE = ("usageDetails", "usage_details", "usage")
"""Where an observation keeps its token counts: newest first; the oldest are beside the input."""


_NO_RETRIEVERS = frozenset({"GENERATION", "EMBEDDING", "CHAIN", "AGENT", "EVALUATOR", "GUARDRAIL"})
"""Types whose runs return something else than passages, whatever they are called."""


def _sniff(source: Source) -> Likeness:
    if source.shape not in {"json", "json lines"} or (not any(mark in source.opening for mark in _MARKS)):
        return Likeness.NO
    document = source.document if source.shape == "json" else source.first_line
    return Likeness.CERTAIN if any(True for _ in _traces(document, ())) else Likeness.NO


_Held: TypeAlias = tuple[Mapping[str, Any], Pointer]


def _traces(document: Any, at: Pointer) -> Iterator[tuple[Mapping[str, Any], list[_Held]]]:
    """Traces with their observations: `{trace, observations}`, a trace that holds them, or a list of observations."""
    if isinstance(document, list):
        if document and all(_is_observation(item) for item in document):
            yield {}, [(item, (*at, index)) for index, item in enumerate(document)]
            return
        for index, item in enumerate(document):
            yield from _traces(item, (*at, index))
    if not isinstance(document, dict):
        return
    trace, listed = document.get("trace"), document.get("observations")
    if isinstance(listed, list) and all(_is_observation(item) for item in listed):
        held = [(item, (*at, "observations", index)) for index, item in enumerate(listed)]
        yield trace if isinstance(trace, dict) else document, held
    elif isinstance(trace, dict):
        yield from _traces(trace, (*at, "trace"))
    elif isinstance(document.get("data"), list):
        yield from _traces(document["data"], (*at, "data"))
    elif _is_observation(document):
        yield {}, [(document, at)]


def _is_observation(item: Any) -> bool:
    if not isinstance(item, dict) or "input" not in item:
        return False
    if "type" in item and {"traceId", "trace_id"} & item.keys():
        return True
    return str(item.get("type")) in _TYPES and bool(
        {"startTime", "start_time", "usageDetails", "modelParameters"} & item.keys()
    )


@container("langfuse", "`observations` with traceId, type and input, beside or inside a `trace`", _sniff)
def exchanges(source: Source) -> Iterator[Found]:
    """One exchange a generation; spans, agents and tools repeat or summarise them."""
    for found in documents(source):
        if isinstance(found, Problem):
            yield found
            continue
        at, document = found
        generations = 0
        for trace, observations in _traces(document, at):
            beside = _retrieved(observations)
            for held, where in sorted(observations, key=lambda entry: str(entry[0].get("startTime") or "")):
                if held.get("type") == "GENERATION":
                    generations += 1
                    yield _exchange(source, trace, held, where, beside)
        if not generations:
            yield Problem(source.path, "contains Langfuse observations, and no generation among them", pointer_text(at))


def _retrieved(observations: list[_Held]) -> dict[str, Any]:
    """Return what the retrievers of a trace returned, and what they looked for."""
    found: list[Row] = []
    queries: list[str] = []
    for held, where in observations:
        named = str(held.get("type")) not in _NO_RETRIEVERS and retrieves(str(held.get("name") or ""))
        if held.get("type") == "RETRIEVER" or named:
            found += retrieved(held.get("output"), (*where, "output"))
            queries += query_of(held.get("input"))
    return labels_of(found, queries)


def _exchange(
    source: Source, trace: Mapping[str, Any], held: Mapping[str, Any], at: Pointer, beside: dict[str, Any]
) -> Exchange:
    request, request_at, response, response_at, origins = read_observation(held, at, source.reader)
    session = trace.get("sessionId")
    labels = {key: held[key] for key in _LABELS if held.get(key) is not None}
    if request is None:
        labels["observation"] = str(held.get("id") or "")
    labels["trace"] = str(held.get("traceId") or held.get("trace_id"))
    labels.update(beside)
    model = held.get("model")
    return Exchange(
        at,
        request=request,
        request_at=request_at,
        response=response,
        response_at=response_at,
        model=model if isinstance(model, str) else None,
        session=session if isinstance(session, str) else None,
        usage=next((used for key in _USAGE if (used := usage_of(held.get(key), (*at, key)))), None)
        or usage_of(held, at),
        labels=labels,
        origins=origins,
    )

"""LangSmith runs: a tree of runs, of which those of type llm are calls of a model."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ctxdebug.containers import Found, Likeness, container, documents
from ctxdebug.containers.shapes.retrieved import Row, labels_of, query_of, retrieved
from ctxdebug.decoding.source import Source
from ctxdebug.exchange import Exchange
from ctxdebug.model import Pointer, Problem

_LABELS = ("name", "start_time", "end_time", "total_cost", "status", "tags", "feedback_stats")


def _is_run(value: Any) -> bool:
    return isinstance(value, dict) and "run_type" in value and "inputs" in value


def _runs(document: Any, at: Pointer) -> Iterator[tuple[dict[str, Any], Pointer]]:
    """Every run of a document, children after their parents."""
    if isinstance(document, list):
        for index, item in enumerate(document):
            yield from _runs(item, (*at, index))
    elif _is_run(document):
        yield document, at
        yield from _runs(document.get("child_runs") or [], (*at, "child_runs"))
    elif isinstance(document, dict):
        for key in ("runs", "data", "post", "patch"):
            if isinstance(document.get(key), list):
                yield from _runs(document[key], (*at, key))


def _sniff(source: Source) -> Likeness:
    if source.shape not in {"json", "json lines"} or '"run_type"' not in source.opening:
        return Likeness.NO
    document = source.document if source.shape == "json" else source.first_line
    return Likeness.CERTAIN if next(_runs(document, ()), None) is not None else Likeness.NO


@container("langsmith", "runs with run_type, inputs and outputs (JSON, JSON lines, nested as child_runs)", _sniff)
def exchanges(source: Source) -> Iterator[Found]:
    """One exchange a run of type llm."""
    for found in documents(source):
        if isinstance(found, Problem):
            yield found
        else:
            yield from _calls(found[1], found[0])


def _calls(document: Any, at: Pointer) -> Iterator[Exchange]:
    found: dict[str, list[Row]] = {}
    asked: dict[str, list[str]] = {}
    runs = list(_runs(document, at))
    for run, where in runs:
        if run.get("run_type") == "retriever":
            trace = str(run.get("trace_id"))
            found.setdefault(trace, []).extend(retrieved(run.get("outputs"), (*where, "outputs")))
            asked.setdefault(trace, []).extend(query_of(run.get("inputs")))
    for run, where in runs:
        if run.get("run_type") == "llm":
            trace = str(run.get("trace_id"))
            yield _exchange(run, where, labels_of(found.get(trace, []), asked.get(trace, [])))


def _exchange(run: dict[str, Any], at: Pointer, beside: dict[str, Any]) -> Exchange:
    """Inputs are the request; parameters that stand beside them are put in."""
    origins: dict[Pointer, Pointer] = {}
    inputs, outputs = run.get("inputs"), run.get("outputs")
    held = run.get("extra")
    extra: dict[str, Any] = held if isinstance(held, dict) else {}
    parameters = extra.get("invocation_params")
    request: Any = inputs
    if isinstance(inputs, dict) and isinstance(parameters, dict):
        added = {key: value for key, value in parameters.items() if key not in inputs and key != "_type"}
        request = {**added, **inputs}
        for key in added:
            origins[(*at, "inputs", key)] = (*at, "extra", "invocation_params", key)
    held = extra.get("metadata")
    metadata: dict[str, Any] = held if isinstance(held, dict) else {}
    response, response_at = outputs, (*at, "outputs")
    if not outputs and isinstance(run.get("error"), str):
        response, response_at = {"error": run["error"]}, at
    session = next((metadata[key] for key in ("thread_id", "session_id", "conversation_id") if metadata.get(key)), None)
    labels = {key: run[key] for key in _LABELS if run.get(key) is not None}
    if isinstance(run.get("trace_id"), str):
        labels["trace"] = run["trace_id"]
        labels.update(beside)
    provider = metadata.get("ls_provider")
    return Exchange(
        at,
        request=request,
        request_at=(*at, "inputs"),
        response=response,
        response_at=response_at,
        provider=provider if isinstance(provider, str) else None,
        model=metadata.get("ls_model_name") if isinstance(metadata.get("ls_model_name"), str) else None,
        session=session if isinstance(session, str) else None,
        labels=labels,
        origins=origins,
    )

"""Datadog's LLM Observability: spans of kind llm, as its export API and its SDK write them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ctxdebug.containers import Found, Likeness, container
from ctxdebug.containers.shapes.rows import first_row, rows
from ctxdebug.decoding.json_values import mapping
from ctxdebug.decoding.source import Source
from ctxdebug.exchange import Exchange
from ctxdebug.model import Pointer, Problem, Usage

_LABELS = ("span_id", "trace_id", "ml_app", "status", "duration")


def _spans(row: Mapping[str, Any], at: Pointer) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any], Pointer, str]]:
    """Each span, what holds its input and output, the place of that, and the span's kind."""
    held = row.get("attributes")
    if isinstance(held, dict) and "span_kind" in held:
        yield held, held, (*at, "attributes"), str(held["span_kind"])
    for index, span in enumerate(row["spans"] if isinstance(row.get("spans"), list) else []):
        meta = mapping(mapping(span).get("meta"))
        kind = meta.get("kind") or meta.get("span.kind") or mapping(meta.get("span")).get("kind")
        if meta:
            yield span, meta, (*at, "spans", index, "meta"), str(kind)


def _sniff(source: Source) -> Likeness:
    row = first_row(source, '"ml_app"', wrappers=("data",))
    return Likeness.CERTAIN if row is not None and next(_spans(row, ()), None) is not None else Likeness.NO


@container(
    "datadog",
    "spans of Datadog's LLM Observability: `span_kind` under `attributes`, or `spans` with `meta` and `ml_app`",
    _sniff,
)
def exchanges(source: Source) -> Iterator[Found]:
    """One exchange a span of kind llm; a text is what one message holds."""
    for found in rows(source, ("data",)):
        if isinstance(found, Problem):
            yield found
            continue
        at, row = found
        for span, held, where, kind in _spans(row, at):
            if kind == "llm":
                yield _exchange(span, held, where, at)


def _exchange(span: Mapping[str, Any], held: Mapping[str, Any], where: Pointer, at: Pointer) -> Exchange:
    asked, answered = mapping(held.get("input")), mapping(held.get("output"))
    request, request_at = _side(asked, (*where, "input"))
    response, response_at = _side(answered, (*where, "output"))
    used = mapping(span.get("metrics"))
    prompt, output = _count_of(used.get("input_tokens")), _count_of(used.get("output_tokens"))
    usage = Usage(prompt, _count_of(used.get("cache_read_input_tokens")), None, output, None, used, (*at, "metrics"))
    return Exchange(
        where,
        request=request,
        request_at=request_at,
        response=response,
        response_at=response_at,
        model=_text_of(held.get("model_name")),
        provider=_text_of(held.get("model_provider")),
        session=_text_of(span.get("session_id")),
        usage=usage if prompt is not None or output is not None else None,
        format="messages" if isinstance(request, list) else "logged-row",
        labels={key: span[key] for key in _LABELS if isinstance(span.get(key), (str, int, float))},
    )


def _side(held: Mapping[str, Any], at: Pointer) -> tuple[Any, Pointer]:
    if isinstance(held.get("messages"), list):
        return held["messages"], (*at, "messages")
    return held.get("value"), (*at, "value")


def _text_of(value: Any) -> str | None:
    """Return the value if it is a text."""
    return value if isinstance(value, str) else None


def _count_of(value: Any) -> int | None:
    """Return the value if it is a whole number; some exports write it as 31.0."""
    return (
        int(value) if isinstance(value, (int, float)) and not isinstance(value, bool) and value == int(value) else None
    )

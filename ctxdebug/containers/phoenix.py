"""Phoenix's span tables as JSON: a span a row, its attributes in columns (`attributes.llm.model_name`, `context.trace_id`)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ctxdebug.containers import Found, Likeness, container
from ctxdebug.containers.shapes.rows import first_row, rows
from ctxdebug.containers.shapes.span import Span, exchanges_of
from ctxdebug.decoding.source import Source
from ctxdebug.model import Pointer, Problem

_COLUMN = "attributes."
_MESSAGES = ("llm.input_messages", "llm.output_messages")


def _sniff(source: Source) -> Likeness:
    row = first_row(source, '"attributes.', '"context.')
    return Likeness.CERTAIN if row is not None and any(key.startswith(_COLUMN) for key in row) else Likeness.NO


@container(
    "phoenix", "rows with columns `context.span_id` and `attributes.llm.…`, as Phoenix writes its spans to JSON", _sniff
)
def exchanges(source: Source) -> Iterator[Found]:
    """One exchange a span that is a call of a model."""
    spans: list[Span] = []
    for found in rows(source):
        if isinstance(found, Problem):
            yield found
        else:
            spans.append(_span(found[1], found[0]))
    yield from exchanges_of(spans)


def _span(row: Mapping[str, Any], at: Pointer) -> Span:
    span = Span(at, {}, labels={key: row[key] for key in ("name",) if isinstance(row.get(key), str)})
    for key, value in row.items():
        if key.startswith(_COLUMN) and value is not None:
            name = key.removeprefix(_COLUMN)
            if name in _MESSAGES and isinstance(value, list):
                _spread(span, name, value, (*at, key), (*at, "attributes"))
            else:
                span.attributes[name] = value
                span.origins[(*at, "attributes", name)] = (*at, key)
    if "openinference.span.kind" not in span.attributes and isinstance(row.get("span_kind"), str):
        span.attributes["openinference.span.kind"] = row["span_kind"]
    trace = row.get("context.trace_id")
    span.trace = trace if isinstance(trace, str) else None
    return span


def _spread(span: Span, name: str, value: Any, at: Pointer, made: Pointer) -> None:
    """A list as OpenInference names its leaves: `llm.input_messages.0.message.content`."""
    if isinstance(value, (dict, list)) and value:
        steps = value.items() if isinstance(value, dict) else enumerate(value)
        for step, inner in steps:
            _spread(span, f"{name}.{step}", inner, (*at, step), made)
    elif value is not None:
        span.attributes[name] = value
        span.origins[(*made, name)] = at

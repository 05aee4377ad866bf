"""Trace spans as exporters write them: typed attributes made plain, with the way back to each value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ctxdebug.containers.shapes.retrieved import Row, labels_of, retrieved_by_span
from ctxdebug.exchange import Exchange
from ctxdebug.model import Pointer
from ctxdebug.records import field, record

_MARKS = ("gen_ai.", "llm.", "ai.", "openinference.")
_OUTER = frozenset({"ai.generateText", "ai.streamText", "ai.generateObject", "ai.streamObject"})
_SESSION_KEYS = ("session.id", "gen_ai.conversation.id", "langfuse.session.id", "thread_id")
_TYPED = ("stringValue", "intValue", "doubleValue", "boolValue", "arrayValue", "kvlistValue", "bytesValue")


@record(slots=True)
class Span:
    """A span's attributes and events, made plain; `origins` leads from these to the file."""

    at: Pointer
    attributes: dict[str, Any]
    events: list[dict[str, Any]] = field(default_factory=list)
    origins: dict[Pointer, Pointer] = field(default_factory=dict)
    trace: str | None = None
    labels: dict[str, Any] = field(default_factory=dict)

    @property
    def retrieves(self) -> bool:
        """Whether the span is the run of a retriever, and no call of a model."""
        told = self.attributes.get("openinference.span.kind")
        if isinstance(told, str) and told.upper() in {"RETRIEVER", "RERANKER"}:
            return True
        return self.attributes.get("gen_ai.operation.name") == "retrieval"

    @property
    def is_call(self) -> bool:
        """Whether the span is one call of a model."""
        told = self.attributes.get("openinference.span.kind")
        kind = told.upper() if isinstance(told, str) else ""
        operation = str(self.attributes.get("gen_ai.operation.name") or "chat")
        if operation in {"embeddings", "create_agent", "invoke_agent", "execute_tool", "invoke_workflow"}:
            return False
        if str(self.attributes.get("ai.operationId") or "").startswith(("ai.embed", "ai.toolCall")):
            return False
        marked = any(name.startswith(_MARKS) for name in self.attributes)
        named = any(str(event.get("name") or "").startswith("gen_ai.") for event in self.events)
        return (marked or named) and kind in {"", "LLM", "RETRIEVER"}


_MOST_KEPT = 32_000_000
"""Characters of retrieved passages that are kept for the calls of their traces; what comes later stands beside no call."""


class Traces:
    """What the spans of each trace retrieved, each passage once, and which traces have a call of a model that it stands beside."""

    def __init__(self, spans: list[Span]) -> None:
        self._rows: dict[str, dict[str, Row]] = {}
        self._asked: dict[str, list[str]] = {}
        self._kept = 0
        self.with_calls: set[str | None] = set()
        self.add(spans)

    def add(self, spans: list[Span]) -> None:
        """Take more spans, of the same traces or of others."""
        self.with_calls.update(span.trace for span in spans if span.is_call and not span.retrieves)
        for span in spans:
            if not span.trace or not (span.retrieves or not span.is_call) or self._kept > _MOST_KEPT:
                continue
            at = (*span.at, "attributes")
            rows, queries = retrieved_by_span(str(span.labels.get("name") or ""), span.attributes, span.events, at)
            self._asked.setdefault(span.trace, []).extend(queries)
            for row in rows:
                row["at"] = span.origins.get(row["at"], row["at"])
                self._rows.setdefault(span.trace, {}).setdefault(row["text"], row)
                self._kept += len(row["text"])

    def labels(self, trace: str) -> dict[str, Any]:
        """Return what was retrieved in a trace, as labels of its calls."""
        rows = self._rows.get(trace)
        return labels_of(list(rows.values()), self._asked[trace]) if rows is not None else {}


def spans_in(document: Any, at: Pointer) -> Iterator[Span]:
    """Yield the spans of an OTLP export, or of a plain list of spans."""
    if isinstance(document, list):
        for index, item in enumerate(document):
            yield from spans_in(item, (*at, index))
    if not isinstance(document, dict):
        return
    for key in ("resourceSpans", "resource_spans", "scopeSpans", "scope_spans", "spans", "batches"):
        if isinstance(document.get(key), list):
            yield from spans_in(document[key], (*at, key))
    if "attributes" in document and {"name", "spanId", "span_id", "spanContext", "context"} & document.keys():
        yield _span(document, at)


def _span(raw: Mapping[str, Any], at: Pointer) -> Span:
    span = Span(at, {}, labels={key: raw[key] for key in ("name",) if isinstance(raw.get(key), str)})
    span.attributes = _plain(raw.get("attributes"), (*at, "attributes"), span.origins)
    events = raw.get("events")
    for index, event in enumerate(events if isinstance(events, list) else []):
        if isinstance(event, dict):
            held = _plain(event.get("attributes"), (*at, "events", index, "attributes"), span.origins)
            span.events.append({"name": event.get("name"), "attributes": held})
    context = raw.get("spanContext") or raw.get("context") or {}
    trace = (
        raw.get("traceId")
        or raw.get("trace_id")
        or (context.get("traceId") or context.get("trace_id") if isinstance(context, dict) else None)
    )
    span.trace = trace if isinstance(trace, str) else None
    return span


def _plain(attributes: Any, at: Pointer, origins: dict[Pointer, Pointer]) -> dict[str, Any]:
    """Attributes as one object; a list of typed key-value pairs is opened, and its values' places are noted."""
    if isinstance(attributes, dict):
        return attributes
    found: dict[str, Any] = {}
    for index, pair in enumerate(attributes if isinstance(attributes, list) else []):
        if isinstance(pair, dict):
            key = pair.get("key")
            # a value whose key is lost or taken is kept by its number, so that its text is told as not understood
            name = key if isinstance(key, str) and key not in found else f"#{index}"
            value, inner = _typed(pair.get("value"))
            found[name] = value
            origins[(*at, name)] = (*at, index, "value", *inner)
            for odd in (other for other in pair if other != "value" and not (other == "key" and isinstance(key, str))):
                found[f"#{index} {odd}"] = pair[odd]
                origins[(*at, f"#{index} {odd}")] = (*at, index, odd)
        else:
            found[f"#{index}"] = pair
            origins[(*at, f"#{index}")] = (*at, index)
    return found


def _typed(value: Any) -> tuple[Any, Pointer]:
    """Return a typed value, and the steps inside it that lead to the plain one."""
    if not isinstance(value, dict):
        return value, ()
    key = next((key for key in _TYPED if key in value), None)
    if key is None:
        return value, ()
    held = value[key]
    if key == "arrayValue":
        listed = held.get("values") if isinstance(held, dict) else None
        return [_typed(item)[0] for item in (listed if isinstance(listed, list) else [])], (key,)
    if key == "kvlistValue":
        return _plain(held.get("values") if isinstance(held, dict) else None, (), {}), (key,)
    if key == "intValue" and isinstance(held, str) and held.lstrip("-").isdecimal() and len(held) < 20:
        return int(held), (key,)
    return held, (key,)


def exchanges_of(spans: list[Span], traces: Traces | None = None) -> Iterator[Exchange]:
    """Yield the calls among spans; a span that only wraps another one is left out.

    `traces` is what is known of their traces from other spans too; without it, of these alone.
    """
    traces = Traces(spans) if traces is None else traces
    inner = any(
        str(span.attributes.get("ai.operationId") or "").endswith((".doGenerate", ".doStream")) for span in spans
    )
    for span in spans:
        if span.retrieves and span.trace is not None and span.trace in traces.with_calls:
            continue  # what it found stands beside the call of its trace
        if not span.is_call or (inner and str(span.attributes.get("ai.operationId")) in _OUTER):
            continue
        session = next(
            (span.attributes[key] for key in _SESSION_KEYS if isinstance(span.attributes.get(key), str)), None
        )
        labels = {**span.labels, "trace": span.trace} if span.trace else span.labels
        if span.trace and not span.retrieves:
            labels = {**labels, **traces.labels(span.trace)}
        yield Exchange(
            span.at,
            request={"attributes": span.attributes, "events": span.events},
            request_at=span.at,
            session=session,
            labels=labels,
            origins=span.origins,
        )

"""Jaeger's and Zipkin's JSON: spans whose tags are the attributes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ctxdebug.containers import Found, Likeness, container, documents
from ctxdebug.containers.shapes.span import Span, exchanges_of
from ctxdebug.decoding.source import Source
from ctxdebug.model import Pointer, Problem


def _spans(document: Any, at: Pointer) -> Iterator[Span]:
    if isinstance(document, list):
        for index, item in enumerate(document):
            yield from _spans(item, (*at, index))
    elif isinstance(document, dict):
        for key in ("data", "spans"):
            if isinstance(document.get(key), list):
                yield from _spans(document[key], (*at, key))
        if isinstance(document.get("tags"), (list, dict)) and {"operationName", "traceId"} & document.keys():
            yield _span(document, at)


def _span(raw: Mapping[str, Any], at: Pointer) -> Span:
    name = raw.get("operationName") or raw.get("name")
    span = Span(at, {}, labels={"name": name} if isinstance(name, str) else {})
    span.attributes = _tags(raw["tags"], (*at, "tags"), (*at, "attributes"), span.origins)
    logs = raw.get("logs")
    for index, log in enumerate(logs if isinstance(logs, list) else []):
        fields = log.get("fields") if isinstance(log, dict) else None
        made: Pointer = (*at, "events", index, "attributes")
        held = _tags(fields, (*at, "logs", index, "fields"), made, span.origins)
        span.events.append({"name": held.pop("event", None), "attributes": held})
    trace = raw.get("traceID") or raw.get("traceId")
    span.trace = trace if isinstance(trace, str) else None
    return span


def _tags(tags: Any, at: Pointer, made: Pointer, origins: dict[Pointer, Pointer]) -> dict[str, Any]:
    """Tags as one object; `made` is where a reader will look for them."""
    found: dict[str, Any] = {}
    if isinstance(tags, dict):
        for key, value in tags.items():
            found[key] = value
            origins[(*made, key)] = (*at, key)
    for index, tag in enumerate(tags if isinstance(tags, list) else []):
        if isinstance(tag, dict):
            key = tag["key"] if isinstance(tag.get("key"), str) and tag["key"] not in found else f"#{index}"
            found[key] = tag.get("value")
            origins[(*made, key)] = (*at, index, "value")
    return found


def _sniff(source: Source) -> Likeness:
    if source.shape not in {"json", "json lines"} or '"tags"' not in source.opening:
        return Likeness.NO
    if '"operationName"' not in source.opening and '"localEndpoint"' not in source.opening:
        return Likeness.NO
    document = source.document if source.shape == "json" else source.first_line
    return Likeness.CERTAIN if next(_spans(document, ()), None) is not None else Likeness.NO


@container("jaeger", "spans of Jaeger (`operationName`, `tags`) or Zipkin (`traceId`, `localEndpoint`, `tags`)", _sniff)
def exchanges(source: Source) -> Iterator[Found]:
    """One exchange a span that is a call of a model."""
    for found in documents(source):
        if isinstance(found, Problem):
            yield found
        else:
            yield from exchanges_of(list(_spans(found[1], found[0])))

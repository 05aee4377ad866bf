"""An OpenTelemetry span exporter that writes our recordings: model calls, and what retrievers returned beside them.

It has the methods of `opentelemetry.sdk.trace.export.SpanExporter` without its class, so that nothing is needed that the
application does not have. A span is written as OTLP JSON has it, one a line.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ctxdebug.recording.call import MARK, VERSION
from ctxdebug.recording.recorder import Recorder
from ctxdebug.records import record
from ctxdebug.redaction.masking import masked
from ctxdebug.redaction.named_values import is_secret_name

_KIND = "openinference.span.kind"
_MARKS = ("gen_ai.", "llm.", "openinference.", "retrieval.", "ai.", "traceloop.", "db.vector.")
_CALLS = frozenset({"LLM", "EMBEDDING", "AGENT", "CHAIN"})


class SpanExporter:
    """Give it to a `SimpleSpanProcessor` or a `BatchSpanProcessor`."""

    def __init__(self, target: Path | str, *, calls: bool = True) -> None:
        """Open the recording; raises `UsageError` where it cannot be written."""
        self._recorder = Recorder(target, warn=_warn)
        self._calls = calls

    @property
    def path(self) -> Path:
        """The first file."""
        return self._recorder.paths[0]

    def export(self, spans: Sequence[Any]) -> Any:
        """Write the spans that concern models; returns OpenTelemetry's word for success, whatever happened to the file."""
        for span in spans:
            attributes = span.attributes or {}
            if any(name.startswith(_MARKS) for name in attributes) and (self._calls or not _is_call(attributes)):
                self._recorder.put(_Line(span))
        from opentelemetry.sdk.trace.export import SpanExportResult

        return SpanExportResult.SUCCESS

    def shutdown(self) -> None:
        """Close the file."""
        self._recorder.close()

    def force_flush(self, timeout_millis: int = 30_000) -> bool:  # noqa: ARG002 - the signature is OpenTelemetry's
        """Whether everything is written; it is, with each export."""
        return True


def _is_call(attributes: Mapping[str, Any]) -> bool:
    kind = str(attributes.get(_KIND) or "").upper()
    return kind in _CALLS if kind else "gen_ai.request.model" in attributes or "llm.request.type" in attributes


@record(frozen=True, slots=True)
class _Line:
    span: Any

    def line(self) -> bytes:
        """Return the span as one line of JSON."""
        import msgspec

        span, context = self.span, self.span.context
        held: dict[str, Any] = {
            "traceId": format(context.trace_id, "032x"),
            "spanId": format(context.span_id, "016x"),
            "name": span.name,
            "startTimeUnixNano": str(span.start_time or 0),
            "endTimeUnixNano": str(span.end_time or 0),
            "attributes": _attributes(span.attributes),
            "events": [
                {"name": event.name, "timeUnixNano": str(event.timestamp), "attributes": _attributes(event.attributes)}
                for event in span.events
            ],
        }
        if span.parent is not None:
            held["parentSpanId"] = format(span.parent.span_id, "016x")
        return msgspec.json.encode({MARK: VERSION, "via": "opentelemetry", "span": held}) + b"\n"


def _attributes(attributes: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    return [{"key": name, "value": _value(name, value)} for name, value in (attributes or {}).items()]


def _value(name: str, value: Any) -> dict[str, Any]:
    if isinstance(value, bool):
        return {"boolValue": value}
    if isinstance(value, int):
        return {"intValue": str(value)}
    if isinstance(value, float):
        return {"doubleValue": value}
    if isinstance(value, (list, tuple)):
        return {"arrayValue": {"values": [_value(name, item) for item in value]}}
    if is_secret_name(name.rpartition(".")[2]):
        return {"stringValue": "<REDACTED:credential:1>"}
    return {"stringValue": masked(str(value))}


def _warn(text: str) -> None:
    import logging

    logging.getLogger("ctxdebug").warning(text)

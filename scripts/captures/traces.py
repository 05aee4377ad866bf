"""Traces of a conversation as OTLP JSON: real instrumentation, with scripted ids and times.

What a library stamps into its own output (random ids, the clock, the loopback address) is replaced
in order of appearance, so that a second run writes the same bytes.
"""

from __future__ import annotations

import base64
import json
import re
import uuid
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING, Any

from google.protobuf.json_format import MessageToDict
from opentelemetry.exporter.otlp.proto.common.trace_encoder import encode_spans
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.sdk.trace.id_generator import IdGenerator

from scripts.captures.scripted import hexadecimal

if TYPE_CHECKING:
    from collections.abc import Callable

START = datetime(2026, 9, 14, 9, 2, 11, tzinfo=UTC)
STEP = timedelta(milliseconds=740)
"""The time from one event of a trace to the next."""

UUID = re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b")
CLOCK = re.compile(r"\b20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3,9}(?:Z|\+00:00)")
LOOPBACK = re.compile(r"http://127\.0\.0\.1:\d+")


class ScriptedIds(IdGenerator):
    """Trace and span ids that are the same in every run."""

    def __init__(self, seed: str) -> None:
        self._seed = seed
        self._number = count()

    def generate_trace_id(self) -> int:
        """Return the next trace id, 128 bits."""
        return int(hexadecimal(f"{self._seed}/trace/{next(self._number)}", 32), 16)

    def generate_span_id(self) -> int:
        """Return the next span id, 64 bits."""
        return int(hexadecimal(f"{self._seed}/span/{next(self._number)}", 16), 16)


class Trace:
    """A tracer provider that keeps its spans, and writes them as a collector would."""

    def __init__(self, service: str) -> None:
        self._spans = InMemorySpanExporter()
        self.provider = TracerProvider(resource=Resource({"service.name": service}), id_generator=ScriptedIds(service))
        self.provider.add_span_processor(SimpleSpanProcessor(self._spans))

    def otlp(self, host: str) -> str:
        """Write the finished spans as OTLP JSON: ids in hexadecimal, addresses of the stub as `host`."""
        export = MessageToDict(encode_spans(self._spans.get_finished_spans()), use_integers_for_enums=True)
        spans = [
            span for resource in export["resourceSpans"] for scope in resource["scopeSpans"] for span in scope["spans"]
        ]
        keys = ("startTimeUnixNano", "endTimeUnixNano")
        order = sorted({int(span[key]) for span in spans for key in keys})
        for span in spans:
            for key in ("traceId", "spanId", "parentSpanId"):
                if key in span:
                    span[key] = base64.b64decode(span[key]).hex()
            for key in keys:
                moment = START + order.index(int(span[key])) * STEP
                span[key] = str(int(moment.timestamp() * 1000) * 1_000_000)
            _place(span["attributes"], host)
        return scripted(json.dumps(export, ensure_ascii=False, indent=2) + "\n", host)


def scripted(text: str, host: str) -> str:
    """Replace the random ids, the times and the loopback address in a text."""
    text = _renamed(UUID, text, lambda place: str(uuid.UUID(hexadecimal(f"uuid/{place}", 32))))
    text = _renamed(CLOCK, text, lambda place: (START + place * STEP).isoformat(timespec="milliseconds"))
    return LOOPBACK.sub(host, text)


def _renamed(pattern: re.Pattern[str], text: str, name: Callable[[int], str]) -> str:
    """Give each distinct match the name of its place among them."""
    places: dict[str, int] = {}
    return pattern.sub(lambda match: name(places.setdefault(match[0], len(places))), text)


def _place(attributes: list[Any], host: str) -> None:
    """Say that `host` had served the span."""
    replaced = {
        "server.address": {"stringValue": host.removeprefix("https://")},
        "server.port": {"intValue": "443"},
    }
    for attribute in attributes:
        attribute["value"] = replaced.get(attribute["key"], attribute["value"])

"""Spans of OpenTelemetry become a recording, and what a retriever returned stands beside the call of the same trace."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

import ctxdebug
from ctxdebug.decoding.source import Source
from ctxdebug.engine.run import RunOptions, run
from ctxdebug.loading.load import LoadOptions, load
from ctxdebug.model import Snapshot

pytest.importorskip("opentelemetry.sdk.trace", reason="the application has OpenTelemetry, or no spans")


@dataclass
class Context:
    trace_id: int = 0x4BF92F3577B34DA6A3CE929D0E0E4736
    span_id: int = 7


@dataclass
class Span:
    name: str
    attributes: dict[str, Any]
    context: Context = field(default_factory=Context)
    parent: Context | None = None
    start_time: int = 1
    end_time: int = 2
    events: tuple[Any, ...] = ()


FOUND = Span("search", {"openinference.span.kind": "RETRIEVER", "input.value": "holidays", "retrieval.documents.0.document.id": "hours",
    "retrieval.documents.0.document.content": "The museum is closed on 25 and 26 December."})  # fmt: skip
CALL = Span("chat", {"openinference.span.kind": "LLM", "llm.model_name": "gpt-4o-mini", "llm.token_count.prompt": 20,
    "llm.input_messages.0.message.role": "user", "llm.input_messages.0.message.content": "Are you open on 25 December?",
    "llm.output_messages.0.message.role": "assistant", "llm.output_messages.0.message.content": "No."})  # fmt: skip
OTHER = Span("GET", {"http.url": "https://museum.example", "http.request.header.authorization": "Bearer x"})


def test_spans_of_models_are_written_and_others_are_not(tmp_path: Path) -> None:
    exporter = ctxdebug.span_exporter(tmp_path / "run.jsonl")
    exporter.export([FOUND, OTHER, CALL])
    exporter.shutdown()
    names = [json.loads(line)["span"]["name"] for line in exporter.path.read_text().splitlines()]
    assert names == ["search", "chat"]
    *_, call = (one for one in load(Source(str(exporter.path)), LoadOptions()) if isinstance(one, Snapshot))
    assert (call.model, call.container, "".join(segment.text for segment in call.answer_segments())) == (
        "gpt-4o-mini", "ctxdebug-recording", "No.")  # fmt: skip


def test_without_calls_only_retrievals_are_written(tmp_path: Path) -> None:
    exporter = ctxdebug.span_exporter(tmp_path / "run.jsonl", calls=False)
    exporter.export([FOUND, CALL])
    assert len(exporter.path.read_text().splitlines()) == 1


def test_what_was_retrieved_stands_beside_the_call(tmp_path: Path) -> None:
    exporter = ctxdebug.span_exporter(tmp_path / "run.jsonl")
    exporter.export([FOUND, CALL])
    report = run([str(exporter.path)], RunOptions(), keep=True)
    assert [len(examined.analysis._retrieved) for examined in report.examined] == [0, 1]


def test_a_key_in_an_attribute_is_hidden(tmp_path: Path) -> None:
    exporter = ctxdebug.span_exporter(tmp_path / "run.jsonl")
    exporter.export([Span("chat", CALL.attributes | {"llm.api_key": "word", "note": "sk-ant-api03-" + "aB3" * 31})])
    text = exporter.path.read_text()
    assert '"word"' not in text
    assert "aB3aB3" not in text


def test_with_the_sdk_itself(tmp_path: Path) -> None:
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import SimpleSpanProcessor

    exporter = ctxdebug.span_exporter(tmp_path / "run.jsonl")
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    tracer = provider.get_tracer("museum")
    with tracer.start_as_current_span("turn"), tracer.start_as_current_span("chat", attributes=CALL.attributes):
        pass
    provider.shutdown()
    (line,) = [json.loads(line) for line in exporter.path.read_text().splitlines()]
    assert len(line["span"]["traceId"]) == 32
    assert "parentSpanId" in line["span"]

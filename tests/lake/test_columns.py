from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from ctxdebug.lake.columns import Columns, moment
from tests.lake.lakes import LEAVE_BOT, scanned, write_lines, write_table

REQUEST, RESPONSE = LEAVE_BOT["request"], LEAVE_BOT["response"]
MESSAGES = REQUEST["messages"]
ANSWER = RESPONSE["choices"][0]["message"]["content"]
PLATFORMS: dict[str, dict[str, Any]] = {
    "envelope": {"request": json.dumps(REQUEST), "response": json.dumps(RESPONSE), "session_id": "s1"},
    "other names": {"llm_request": json.dumps(REQUEST), "llm_response": json.dumps(RESPONSE), "conversation_id": "s1"},
    "structures": {"request": REQUEST, "response": RESPONSE, "thread_id": "s1"},
    "one document": {"raw": json.dumps({**LEAVE_BOT, "session_id": "s1"}), "day": "2026-11-30"},
    "langfuse": {
        "id": "o1", "trace_id": "t1", "session_id": "s1", "type": "GENERATION", "start_time": "2026-11-30T10:00:00Z", "model": "gpt-4o-mini",
        "input": json.dumps(MESSAGES), "output": json.dumps({"role": "assistant", "content": ANSWER}), "prompt_name": "leave",
    },
    "litellm": {
        "request_id": "r1", "call_type": "acompletion", "session_id": "s1", "startTime": datetime(2026, 11, 30, 10, tzinfo=UTC),
        "model": "gpt-4o-mini", "prompt_tokens": 2340, "messages": json.dumps(MESSAGES), "response": json.dumps(RESPONSE),
    },
    "phoenix": {
        "context.span_id": "a", "context.trace_id": "t1", "attributes.session.id": "s1", "span_kind": "LLM",
        "attributes.openinference.span.kind": "LLM", "attributes.llm.model_name": "gpt-4o-mini",
        "attributes.llm.input_messages": [{"message.role": one["role"], "message.content": one["content"]} for one in MESSAGES],
        "attributes.llm.output_messages": [{"message.role": "assistant", "message.content": ANSWER}],
    },
    "openllmetry in clickhouse": {
        "Timestamp": datetime(2026, 11, 30, 10, tzinfo=UTC), "TraceId": "t1", "SpanId": "a", "SpanName": "openai.chat",
        "SpanAttributes": {
            "gen_ai.system": "openai", "gen_ai.request.model": "gpt-4o-mini", "llm.request.type": "chat", "session.id": "s1",
            **{f"gen_ai.prompt.{at}.{key}": one[key] for at, one in enumerate(MESSAGES) for key in ("role", "content")},
            "gen_ai.completion.0.role": "assistant", "gen_ai.completion.0.content": ANSWER,
        },
    },
    "otel genai": {
        "trace_id": "t1", "span_id": "a", "name": "chat gpt-4o-mini", "start_time": "2026-11-30T10:00:00Z",
        "attributes": json.dumps({
            "gen_ai.operation.name": "chat", "gen_ai.request.model": "gpt-4o-mini", "gen_ai.conversation.id": "s1",
            "gen_ai.input.messages": [{"role": one["role"], "parts": [{"type": "text", "content": one["content"]}]} for one in MESSAGES],
            "gen_ai.output.messages": [{"role": "assistant", "parts": [{"type": "text", "content": ANSWER}], "finish_reason": "stop"}],
        }),
    },
    "bedrock": {
        "schemaType": "ModelInvocationLog", "schemaVersion": "1.0", "timestamp": "2026-11-30T10:00:00Z", "requestId": "r", "operation": "Converse",
        "modelId": "anthropic.claude-3-5-haiku-20241022-v1:0", "session_id": "s1",
        "input": {"inputBodyJson": {
            "system": [{"text": one["content"]} for one in MESSAGES if one["role"] == "system"],
            "messages": [{"role": one["role"], "content": [{"text": one["content"]}]} for one in MESSAGES if one["role"] != "system"],
        }},
        "output": {"outputBodyJson": {"output": {"message": {"role": "assistant", "content": [{"text": ANSWER}]}}, "stopReason": "end_turn"}},
    },
}  # fmt: skip


@pytest.mark.parametrize("name", PLATFORMS)
def test_rows_of_a_platform_are_recognised(name: str, tmp_path: Path) -> None:
    found = scanned(write_table(tmp_path / "calls.parquet", [PLATFORMS[name]]), into=tmp_path)

    assert [row["message"] for row in found["problem"]] == []
    (exchange,) = found["exchange"]
    assert (exchange["session"], exchange["row"], exchange["source"]) == ("s1", 1, str(tmp_path / "calls.parquet"))
    assert "LRC301" in [row["code"] for row in found["finding"]]


@pytest.mark.parametrize("name", ["langfuse", "litellm", "otel genai", "bedrock"])
def test_the_time_of_a_platforms_row_is_recognised(name: str, tmp_path: Path) -> None:
    (exchange,) = scanned(write_table(tmp_path / "calls.parquet", [PLATFORMS[name]]), into=tmp_path)["exchange"]

    assert exchange["time"] == datetime(2026, 11, 30, 10, tzinfo=UTC)


def test_columns_that_are_told_are_taken_whatever_their_names(tmp_path: Path) -> None:
    row = {"a": json.dumps(REQUEST), "b": json.dumps(RESPONSE), "meta": {"chat": 17}, "at": 1_790_000_000_000}
    columns = Columns("a", "b", "meta.chat", "at")

    found = scanned(write_table(tmp_path / "calls.parquet", [row]), into=tmp_path, columns=columns)

    (exchange,) = found["exchange"]
    assert exchange["session"] == "17"
    assert exchange["time"] == datetime(2026, 9, 21, 14, 13, 20, tzinfo=UTC)
    assert "MEM403" in [one["code"] for one in found["finding"]]


def test_keys_of_json_lines_are_columns_too(tmp_path: Path) -> None:
    row = {"a": REQUEST, "b": RESPONSE, "meta": {"chat": "s9"}}
    found = scanned(
        write_lines(tmp_path / "calls.jsonl", [row, row]), into=tmp_path, columns=Columns("a", "b", "meta.chat")
    )

    assert [one["session"] for one in found["exchange"]] == ["s9", "s9"]


def test_a_trace_groups_and_names_no_session(tmp_path: Path) -> None:
    assert Columns().session_of({"trace_id": "t"}) == (None, "t")
    assert Columns().session_of({"trace_id": "t", "session_id": "s"}) == ("s", None)
    assert Columns().session_of({"session_id": ""}) == (None, None)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2026-11-30T10:00:00+02:00", datetime(2026, 11, 30, 8, tzinfo=UTC)),
        ("2026-11-30 10:00:00", datetime(2026, 11, 30, 10, tzinfo=UTC)),
        (1_790_000_000, datetime(2026, 9, 21, 14, 13, 20, tzinfo=UTC)),
        ("1790000000000000000", datetime(2026, 9, 21, 14, 13, 20, tzinfo=UTC)),
        ("yesterday", None),
        (True, None),
        (float("nan"), None),
        (-5, None),
    ],
)
def test_times_of_every_unit(value: Any, expected: datetime | None) -> None:
    assert moment(value) == expected

"""Exports of tools and tracers: each with one made-up sample, and what it must give."""

from __future__ import annotations

import base64
import gzip
import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import pytest

from ctxdebug.decoding.python_repr import read_repr
from ctxdebug.model import Problem, Snapshot

Opened = Callable[..., tuple[list[Snapshot], list[Problem]]]
REQUEST = {"model": "m", "messages": [{"role": "user", "content": "Which gate?"}]}
CHOICE = {"message": {"role": "assistant", "content": "Gate 4."}, "finish_reason": "stop"}
RESPONSE = {"id": "r1", "choices": [CHOICE], "usage": {"prompt_tokens": 9, "completion_tokens": 3}}
URL = "https://api.example.org/v1/chat/completions"


def typed(**attributes: str) -> list[dict[str, Any]]:
    return [{"key": name.replace("__", "."), "value": {"stringValue": value}} for name, value in attributes.items()]


HAR = {"log": {"entries": [{
    "request": {"method": "POST", "url": URL, "postData": {"text": json.dumps(REQUEST)}},
    "response": {"status": 200, "content": {"text": base64.b64encode(json.dumps(RESPONSE).encode()).decode(), "encoding": "base64"}},
}]}}  # fmt: skip
NOCK = [{"scope": "https://api.example.org:443", "method": "POST", "path": "/v1/chat/completions", "body": REQUEST,
         "status": 200, "response": RESPONSE}]  # fmt: skip
NOCK_HEX = [{**NOCK[0], "response": json.dumps(RESPONSE).encode().hex()}]
LLAMA_STACK = {"test_id": "t", "request": {"method": "POST", "url": URL, "body": REQUEST, "endpoint": "/v1/chat/completions"},
               "response": {"body": {"__type__": "x", "__data__": RESPONSE}, "is_streaming": False}}  # fmt: skip
SPAN = {"traceId": "t1", "spanId": "s1", "name": "chat m", "attributes": typed(
    gen_ai__request__model="m",
    gen_ai__input__messages=json.dumps([{"role": "user", "parts": [{"type": "text", "content": "Which gate?"}]}]),
    gen_ai__output__messages=json.dumps([{"role": "assistant", "parts": [{"type": "text", "content": "Gate 4."}]}]),
)}  # fmt: skip
OTLP = {"resourceSpans": [{"scopeSpans": [{"scope": {"name": "lib"}, "spans": [SPAN]}]}]}
LANGFUSE = {"trace": {"id": "t1", "sessionId": "s"}, "observations": [
    {"id": "o1", "traceId": "t1", "type": "SPAN", "input": "x", "startTime": "1"},
    {"id": "o2", "traceId": "t1", "type": "GENERATION", "model": "m", "startTime": "2", "metadata": "{}",
     "input": json.dumps(REQUEST["messages"]), "output": json.dumps({"role": "assistant", "content": "Gate 4."})},
]}  # fmt: skip
LANGSMITH = [{"id": "1", "run_type": "chain", "inputs": {}, "child_runs": [
    {"id": "2", "run_type": "llm", "trace_id": "t1", "inputs": {"messages": [REQUEST["messages"]]}, "outputs": {"generations": [[
        {"text": "Gate 4.", "message": {"type": "ai", "content": "Gate 4."}}]]},
     "extra": {"invocation_params": {"model": "m", "temperature": 0.5}}}]}]  # fmt: skip
MLFLOW = {"info": {"trace_id": "t1"}, "data": {"spans": [
    {"name": "root", "attributes": {"mlflow.spanType": '"CHAIN"'}},
    {"name": "call", "attributes": {"mlflow.spanType": '"CHAT_MODEL"', "mlflow.spanInputs": json.dumps(REQUEST),
                                    "mlflow.spanOutputs": json.dumps(RESPONSE)}}]}}  # fmt: skip
LITELLM = {"id": "1", "call_type": "acompletion", "model": "m", "messages": REQUEST["messages"], "response": RESPONSE,
           "model_parameters": {"temperature": 0.5}, "prompt_tokens": 9, "custom_llm_provider": "openai"}  # fmt: skip
PROMPTFOO = {"evalId": "e", "results": {"version": 3, "results": [
    {"prompt": {"raw": "Which gate?", "label": "p"}, "provider": {"id": "openai:chat:m"}, "vars": {}, "success": False,
     "response": {"output": "Gate 4.", "tokenUsage": {"prompt": 9, "completion": 3}}}]}}  # fmt: skip
TAU = [{"task_id": 7, "reward": 0.0, "traj": [*REQUEST["messages"], {"role": "assistant", "content": "Gate 4."}]}]
SAMPLE = {"id": 1, "epoch": 1, "attachments": {"abc": "Which gate?"},
          "message_pool": [{"role": "user", "content": "attachment://abc"}], "events": [
    {"event": "model", "model": "m", "input": [], "input_refs": [[0, 1]], "tools": [], "tool_choice": "none", "config": {},
     "output": {"choices": [{"message": {"role": "assistant", "content": "Gate 4."}, "stop_reason": "stop"}]}}]}  # fmt: skip
INSPECT = {"version": 2, "status": "success", "eval": {"model": "m"}, "samples": [SAMPLE]}


def archive(members: dict[str, Any], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", method) as file:
        for name, value in members.items():
            file.writestr(name, value if isinstance(value, str) else json.dumps(value))
    return held.getvalue()


EVAL = archive({"header.json": {"status": "success"}, "samples/1_epoch_1.json": SAMPLE})
SAMPLES: list[tuple[Any, str]] = [
    (HAR, "har"), (NOCK, "nock"), (NOCK_HEX, "nock"), (LLAMA_STACK, "json"), (OTLP, "otlp"), ([SPAN], "otlp"), (LANGFUSE, "langfuse"),
    (LANGSMITH, "langsmith"), (MLFLOW, "mlflow"), (LITELLM, "litellm"), (PROMPTFOO, "promptfoo"), (TAU, "tau-bench"),
    (INSPECT, "inspect"), (EVAL, "inspect"), ([{"request": REQUEST, "response": RESPONSE}], "json"),
]  # fmt: skip


@pytest.mark.parametrize(("document", "container"), SAMPLES)
def test_an_export_is_known_and_read(opened: Opened, document: Any, container: str) -> None:
    snapshots, problems = opened(document if isinstance(document, bytes) else json.dumps(document))
    assert problems == []
    (found,) = snapshots
    assert found.container == container
    assert [message.text for message in found.messages] == ["Which gate?"]
    assert found.answer[-1].text == "Gate 4."


@pytest.mark.parametrize(("document", "container"), [entry for entry in SAMPLES if not isinstance(entry[0], bytes)])
def test_an_export_may_be_gzip(opened: Opened, document: Any, container: str) -> None:
    snapshots, _ = opened(gzip.compress(json.dumps(document).encode()))
    assert [found.container for found in snapshots] == [container]


@pytest.mark.parametrize("document", [OTLP, LANGFUSE, MLFLOW, LITELLM, {"request": REQUEST, "response": RESPONSE}])
def test_an_export_may_be_json_lines(opened: Opened, document: Any) -> None:
    snapshots, problems = opened(f"{json.dumps(document)}\n{json.dumps(document)}\n")
    assert problems == []
    assert [found.answer[-1].text for found in snapshots] == ["Gate 4."] * 2


def test_parameters_beside_the_messages_are_settings_with_their_own_place(opened: Opened) -> None:
    (found,), _ = opened(json.dumps(LITELLM))
    assert found.settings.temperature == 0.5
    assert found.settings_at["temperature"][-2:] == ("model_parameters", "temperature")
    assert found.provider == "openai"


def test_a_moved_value_keeps_its_place_in_the_file(opened: Opened) -> None:
    (found,), _ = opened(json.dumps(INSPECT))
    pointer = found.messages[0].segments[0].pieces[0].pointer
    assert pointer[-2:] == ("attachments", "abc")


def test_an_outer_span_does_not_count_twice(opened: Opened) -> None:
    prompt = json.dumps([{"role": "user", "content": "Which gate?"}])
    outer = {
        "name": "ai.generateText",
        "spanId": "1",
        "attributes": {"ai.operationId": "ai.generateText", "ai.prompt": prompt},
    }
    inner = {"name": "x", "spanId": "2", "attributes": {"ai.operationId": "ai.generateText.doGenerate", "ai.prompt.messages": prompt,
                                                        "ai.response.text": "Gate 4."}}  # fmt: skip
    snapshots, _ = opened(json.dumps([outer, inner]))
    assert len(snapshots) == 1


def test_a_log_without_samples_says_so(opened: Opened) -> None:
    snapshots, problems = opened(json.dumps({"eval": {"model": "m"}, "status": "cancelled"}))
    assert snapshots == []
    assert "no samples" in problems[0].message


def test_a_bad_member_stops_only_itself(opened: Opened) -> None:
    data = archive({"header.json": {}, "samples/1_epoch_1.json": "{", "samples/2_epoch_1.json": SAMPLE})
    snapshots, problems = opened(data)
    assert len(snapshots) == 1
    assert len(problems) == 1
    assert "samples/1_epoch_1.json" in problems[0].message


def test_zstd_members_are_read_with_the_extra(opened: Opened) -> None:
    zstandard = pytest.importorskip("zstandard")
    packed = zstandard.ZstdCompressor().compress(json.dumps(SAMPLE).encode())
    data = bytearray(archive({"header.json": {}, "samples/1_epoch_1.json": "x" * len(packed)}, zipfile.ZIP_STORED))
    at = data.index(b"x" * len(packed))
    data[at : at + len(packed)] = packed
    for mark, offset in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        start = data.index(mark, data.index(mark) + 4)
        data[start + offset : start + offset + 2] = (93).to_bytes(2, "little")
    snapshots, problems = opened(bytes(data))
    assert problems == []
    assert snapshots[0].answer[0].text == "Gate 4."


def test_a_printed_python_value_is_read_and_said(opened: Opened) -> None:
    (found,), problems = opened(repr({"request": REQUEST, "response": RESPONSE}))
    assert problems == []
    assert found.container == "python"
    assert found.answer[0].text == "Gate 4."
    assert any("printed Python" in note for note in found.notes)


def test_what_stands_in_a_printed_value_without_a_key_is_not_dropped(opened: Opened) -> None:
    snapshots, problems = opened("{'messages': [{'role': 'user', 'content' 'Hello there'}]}")
    assert snapshots == []
    assert "a dict has a value without a key" in problems[0].message
    assert read_repr("Point(1, y=2)")[0] == {"y": 2, "*args": [1]}


def test_a_python_value_is_never_run(opened: Opened) -> None:
    snapshots, problems = opened("{'role': __import__('os').getcwd()}")
    assert snapshots == []
    assert problems[0].fatal


def test_chunks_a_line_are_one_response(opened: Opened) -> None:
    chunks = [
        {"object": "chat.completion.chunk", "choices": [{"delta": {"content": text}}]} for text in ("Gate", " 4.")
    ]
    snapshots, _ = opened("\n".join(map(json.dumps, chunks)))
    assert [found.answer[0].text for found in snapshots] == ["Gate 4."]


def test_batches_are_opened(opened: Opened) -> None:
    params = {"model": "c", "max_tokens": 9, "messages": REQUEST["messages"]}
    batch = {"request": {"requests": [{"custom_id": "a", "params": params}, {"custom_id": "b", "params": params}]},
             "response": {"id": "b1"}, "url": "https://api.anthropic.com/v1/messages/batches"}  # fmt: skip
    snapshots, _ = opened(json.dumps(batch))
    assert [found.format for found in snapshots] == ["anthropic.messages"] * 2
    line = {"custom_id": "a", "method": "POST", "url": "/v1/chat/completions", "body": REQUEST}
    snapshots, _ = opened(f"{json.dumps(line)}\n{json.dumps(line)}\n")
    assert [found.messages[0].text for found in snapshots] == ["Which gate?"] * 2


@pytest.mark.parametrize(
    ("asked", "answered"),
    [({"input": REQUEST["messages"]}, {"output": "Gate 4."}), ({"input": REQUEST["messages"]}, {"output": [CHOICE]}),
     ({"inputs": REQUEST}, {"output": RESPONSE}), ({"inputs": {"messages": REQUEST["messages"]}}, {"outputs": CHOICE["message"]})],
)  # fmt: skip
def test_what_experiment_trackers_log_is_a_call(opened: Opened, asked: Any, answered: Any) -> None:
    (found,), problems = opened(json.dumps({**asked, **answered, "metadata": {"model": "m"}}))
    assert problems == []
    assert found.model == "m"
    assert [message.text for message in found.messages] == ["Which gate?"]
    assert found.answer[-1].text == "Gate 4."


def test_a_row_of_a_data_set_is_no_call(opened: Opened) -> None:
    snapshots, problems = opened(json.dumps({"input": "Which gate?", "output": "Gate 4."}))
    assert snapshots == []
    assert problems[0].fatal


@pytest.mark.parametrize("document", [OTLP, LANGFUSE, LANGSMITH, MLFLOW, LITELLM])
def test_a_bad_line_stops_only_itself(opened: Opened, document: Any) -> None:
    line = json.dumps(document)
    snapshots, problems = opened(f"{line}\nnot json\n{line}\n{line[:40]}")
    assert len(snapshots) == 2
    assert [(problem.pointer, problem.fatal) for problem in problems] == [("/1", True), ("/3", False)]


def test_observations_without_a_trace(opened: Opened) -> None:
    held = LANGFUSE["observations"][1]  # type: ignore[index]  # a document as JSON has it
    for document in (held, [held], {"data": [held], "meta": {}}):
        (found,), _ = opened(json.dumps(document))
        assert found.container == "langfuse"
        assert found.answer[0].text == "Gate 4."

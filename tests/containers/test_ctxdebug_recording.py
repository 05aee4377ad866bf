"""Recordings of our own: what the writer writes, the reader reads, whatever the bytes were."""

from __future__ import annotations

import base64
import json
import zlib
from pathlib import Path
from typing import Any

import pytest

from ctxdebug.decoding.source import Source
from ctxdebug.exchange import Exchange, Stream
from ctxdebug.loading.load import LoadOptions, load
from ctxdebug.model import Problem, Snapshot
from tests.recording.stub import chat, chat_events

URL = "https://api.openai.com/v1/chat/completions"
ASKED = {"model": "gpt-4o-mini", "messages": [{"role": "user", "content": "How many days may I carry over?"}]}


def line(**changes: Any) -> dict[str, Any]:
    """A line of a recording, as it is written for a plain call."""
    request = {
        "method": "POST",
        "url": URL,
        "headers": [["content-type", "application/json"]],
        "body": json.dumps(ASKED),
    }
    response = {"status": 200, "headers": [["content-type", "application/json"]], "body": chat().decode()}
    return {"ctxdebug_recording": 1, "call": 1, "request": request, "response": response} | changes


def loaded(tmp_path: Path, *lines: dict[str, Any] | str) -> tuple[list[Snapshot], list[Problem]]:
    path = tmp_path / "run.jsonl"
    path.write_text(
        "".join(f"{held if isinstance(held, str) else json.dumps(held, separators=(',', ':'))}\n" for held in lines)
    )
    found = list(load(Source(str(path)), LoadOptions()))
    return [one for one in found if isinstance(one, Snapshot)], [one for one in found if isinstance(one, Problem)]


def words(snapshot: Snapshot) -> str:
    return "".join(segment.text for segment in snapshot.answer_segments())


def exchange(tmp_path: Path, held: dict[str, Any]) -> Exchange:
    from ctxdebug.containers.ctxdebug_recording import exchanges

    path = tmp_path / "one.jsonl"
    path.write_text(json.dumps(held, separators=(",", ":")) + "\n")
    (found,) = exchanges(Source(str(path)))
    assert isinstance(found, Exchange)
    return found


def test_one_line_is_a_recording(tmp_path: Path) -> None:
    (snapshot,), problems = loaded(tmp_path, line())
    assert (snapshot.container, snapshot.format, words(snapshot), problems) == (
        "ctxdebug-recording", "openai.chat", "Ten days may be carried over.", [])  # fmt: skip


@pytest.mark.parametrize("window", [zlib.MAX_WBITS, -zlib.MAX_WBITS], ids=["zlib", "raw"])
def test_a_deflated_body_is_read(tmp_path: Path, window: int) -> None:
    packer = zlib.compressobj(wbits=window)
    packed = packer.compress(chat()) + packer.flush()
    body = {"_base64": base64.b64encode(packed).decode()}
    (snapshot,), _ = loaded(
        tmp_path, line(response={"status": 200, "headers": [["content-encoding", "deflate"]], "body": body})
    )
    assert words(snapshot) == "Ten days may be carried over."


def test_the_text_of_a_compressed_body_has_a_place_in_the_file(tmp_path: Path) -> None:
    response = {
        "status": 200,
        "headers": [["content-encoding", "br"]],
        "body": {"_base64": "AAAA"},
        "text": chat().decode(),
    }
    found = exchange(tmp_path, line(response=response))
    assert "text" in found.response_at


def test_a_stream_that_the_client_ended_is_incomplete(tmp_path: Path) -> None:
    events = b"".join(chat_events(["Ten ", "days"])[:2]).decode()
    found = exchange(tmp_path, line(response={"status": 200, "headers": [], "body": events}, ended="client"))
    assert isinstance(found.response, Stream)
    assert not found.response.complete
    assert found.notes == ("the application ended the call before the answer was complete",)


def test_a_body_that_was_cut_says_how_long_it_was(tmp_path: Path) -> None:
    found = exchange(tmp_path, line(response={"status": 200, "headers": [], "body": "Ten", "body_size": 70_000_000}))
    assert found.notes == ("the recorder kept the beginning of the response: it has 70,000,000 bytes",)


def test_a_call_without_response_says_why(tmp_path: Path) -> None:
    held = line(error={"type": "ConnectError", "message": "refused"})
    del held["response"]
    (snapshot,), problems = loaded(tmp_path, held)
    assert (snapshot.has_response, snapshot.notes, problems) == (
        False,
        ("there was no response: ConnectError: refused",),
        [],
    )


def test_a_websocket_is_told_and_not_read(tmp_path: Path) -> None:
    held = line(websocket=[[1.0, "sent", "{}"], [2.0, "received", "{}"]], response={"status": 101, "headers": []})
    snapshots, problems = loaded(tmp_path, line(), held)
    assert len(snapshots) == 1
    assert [problem.message for problem in problems] == [
        "a WebSocket conversation of 2 messages is recorded here; ctxdebug does not read those"]  # fmt: skip


def test_a_later_version_is_refused_by_name(tmp_path: Path) -> None:
    _, problems = loaded(tmp_path, line(ctxdebug_recording=2))
    assert "of version 2 of the recording" in problems[0].message


def test_other_calls_are_left_out_by_name(tmp_path: Path) -> None:
    models = {"method": "GET", "url": "https://api.openai.com/v1/models", "headers": []}
    listed = {"status": 200, "headers": [], "body": '{"object": "list", "data": []}'}
    snapshots, problems = loaded(tmp_path, line(), line(request=models, response=listed))
    assert len(snapshots) == 1
    assert "GET api.openai.com/v1/models" in problems[0].message


def test_a_line_that_was_cut_costs_only_itself(tmp_path: Path) -> None:
    snapshots, problems = loaded(tmp_path, line(), json.dumps(line())[:300])
    assert len(snapshots) == 1
    assert [problem.fatal for problem in problems] == [False]


def test_the_trace_and_the_times_are_labels(tmp_path: Path) -> None:
    held = line(started="2026-11-02T09:14:03.120Z", trace="4b" * 16, timings_ms={"first_byte": 5.0, "total": 9.0})
    (snapshot,), _ = loaded(tmp_path, held)
    assert snapshot.labels == {
        "timestamp": "2026-11-02T09:14:03.120Z", "latency_ms": 9.0, "first_byte_ms": 5.0, "trace": "4b" * 16}  # fmt: skip


def test_responses_over_a_websocket_are_calls(tmp_path: Path) -> None:
    def created(words: str) -> str:
        return json.dumps({"type": "response.create", "model": "gpt-5", "input": [{"role": "user", "content": words}]})

    def done(words: str) -> str:
        content = [{"type": "output_text", "text": words, "annotations": []}]
        output = [{"type": "message", "id": "m", "role": "assistant", "status": "completed", "content": content}]
        response = {"id": "resp_1", "object": "response", "model": "gpt-5", "status": "completed", "output": output}
        return json.dumps({"type": "response.completed", "response": response})

    frames = [[1.0, "sent", created("Where?")], [2.0, "received", done("Here.")], [3.0, "sent", created("When?")],
              [4.0, "received", done("Now.")], [5.0, "received", "base64:AAAA"]]  # fmt: skip
    url = "https://api.openai.com/v1/responses"
    held = line(
        websocket=frames, request={"method": "GET", "url": url, "headers": []}, response={"status": 101, "headers": []}
    )
    snapshots, problems = loaded(tmp_path, held)
    assert problems == []
    assert [words(one) for one in snapshots] == ["Here.", "Now."]
    assert {one.format for one in snapshots} == {"openai.responses"}


def test_a_websocket_whose_call_is_under_way_has_no_complete_answer(tmp_path: Path) -> None:
    asked = json.dumps({"type": "response.create", "model": "gpt-5", "input": "Where?"})
    (snapshot,), _ = loaded(tmp_path, line(websocket=[[1.0, "sent", asked]], response={"status": 101, "headers": []}))
    assert words(snapshot) == ""


def test_a_refused_websocket_is_told_and_is_no_exchange(tmp_path: Path) -> None:
    snapshots, problems = loaded(
        tmp_path, line(), line(websocket=[], response={"status": 404, "headers": [], "body": "{}"})
    )
    assert len(snapshots) == 1
    assert [(problem.message, problem.fatal) for problem in problems] == [
        ("the provider refused a WebSocket (404)", False)
    ]

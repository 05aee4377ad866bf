"""`ctxdebug.record()`: what the libraries send and get is recorded, and they behave as before."""

from __future__ import annotations

import asyncio
import gzip
import json
import logging
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

import ctxdebug
from ctxdebug.errors import UsageError
from ctxdebug.recording.in_process.active import Recording
from tests.recording.lines import whole_lines
from tests.recording.stub import Answer, Seen, Stub, chat, chat_events, serve
from tests.shell import ROOT

EVENTS = chat_events(["Zehn ", "Tage ", "für ", "alle."])
ASKED = json.dumps({"model": "gpt-4o-mini", "messages": [{"role": "user", "content": "Wie viele Tage?"}]}).encode()
PATH = "/v1/chat/completions"


def answer(seen: Seen) -> Answer:
    if "stream" in seen.path:
        return Answer(EVENTS, headers={"content-type": "text/event-stream"})
    if "gzip" in seen.path:
        return Answer([gzip.compress(chat())], headers={"content-encoding": "gzip"})
    if "breaks" in seen.path:
        return Answer(EVENTS, breaks_after=2)
    return Answer([chat()], framing="length")


@pytest.fixture(scope="module")
def stub() -> Iterator[Stub]:
    with serve(answer) as running:
        yield running


@pytest.fixture
def recording(tmp_path: Path) -> Iterator[Recording]:
    with ctxdebug.record(tmp_path / "run.jsonl") as running:
        yield running


def lines(recording: Recording) -> list[dict[str, Any]]:
    return whole_lines(recording.path)


def test_a_call_is_recorded(stub: Stub, recording: Recording) -> None:
    got = httpx.post(
        f"{stub.url}{PATH}", content=ASKED, headers={"authorization": "Bearer sk-fake-abcdefghij1234567890"}
    )
    (line,) = lines(recording)
    assert got.content == chat() == line["response"]["body"].encode()
    assert (line["request"]["body"].encode(), line["via"]) == (ASKED, "httpx")
    assert "sk-fake" not in recording.path.read_text()
    assert recording.calls == 1


def test_a_stream_is_recorded_event_by_event(stub: Stub, recording: Recording) -> None:
    with httpx.stream("POST", f"{stub.url}{PATH}?stream", content=ASKED) as got:
        assert lines(recording) == []
        assert b"".join(got.iter_raw()) == b"".join(EVENTS)
    (line,) = lines(recording)
    assert line["response"]["body"].encode() == b"".join(EVENTS)
    assert "ended" not in line


def test_an_async_call_and_an_async_stream(stub: Stub, recording: Recording) -> None:
    async def calls() -> tuple[bytes, bytes]:
        async with httpx.AsyncClient() as client:
            plain = await client.post(f"{stub.url}{PATH}", content=ASKED)
            async with client.stream("POST", f"{stub.url}{PATH}?stream", content=ASKED) as got:
                return plain.content, b"".join([chunk async for chunk in got.aiter_raw()])

    assert asyncio.run(calls()) == (chat(), b"".join(EVENTS))
    assert [line["response"]["body"].encode() for line in lines(recording)] == [chat(), b"".join(EVENTS)]


def test_a_request_that_is_produced_while_it_is_sent(stub: Stub, recording: Recording) -> None:
    async def parts() -> AsyncIterator[bytes]:
        yield ASKED[:10]
        yield ASKED[10:]

    async def call() -> None:
        async with httpx.AsyncClient() as client:
            await client.post(f"{stub.url}{PATH}", content=parts())

    asyncio.run(call())
    httpx.post(f"{stub.url}{PATH}", content=iter([ASKED[:10], ASKED[10:]]))
    assert [line["request"]["body"].encode() for line in lines(recording)] == [ASKED, ASKED]
    assert stub.seen[-1].body == ASKED


def test_a_form_passes_as_before(stub: Stub, recording: Recording) -> None:
    httpx.post(f"{stub.url}{PATH}", files={"file": ("a.txt", b"words")}, data={"model": "m"})
    (line,) = lines(recording)
    assert b"words" in stub.seen[-1].body
    assert line["request"]["body"].encode() == stub.seen[-1].body


def test_compressed_bytes_are_kept_with_their_text(stub: Stub, recording: Recording) -> None:
    assert httpx.post(f"{stub.url}{PATH}?gzip", content=ASKED).content == chat()
    (line,) = lines(recording)
    assert (line["response"]["text"].encode(), "_base64" in line["response"]["body"]) == (chat(), True)


def test_a_stream_that_is_left_is_said_to_be(stub: Stub, recording: Recording) -> None:
    with httpx.stream("POST", f"{stub.url}{PATH}?stream", content=ASKED) as got:
        next(got.iter_raw(10))
    assert lines(recording)[0]["ended"] == "client"


def test_errors_are_those_of_the_library(stub: Stub, recording: Recording) -> None:
    with pytest.raises(httpx.ConnectError):
        httpx.post(f"http://127.0.0.1:9{PATH}", content=ASKED)
    with pytest.raises(httpx.RemoteProtocolError):
        httpx.post(f"{stub.url}{PATH}?breaks", content=ASKED)
    refused, broken = lines(recording)
    assert (refused["error"]["type"], "response" in refused) == ("ConnectError", False)
    assert (broken["ended"], broken["error"]["type"]) == ("upstream", "RemoteProtocolError")


def test_a_mocked_transport_is_recorded(recording: Recording) -> None:
    mocked = httpx.MockTransport(lambda _: httpx.Response(200, content=chat()))
    with httpx.Client(transport=mocked) as client:
        assert client.post(f"https://api.openai.com{PATH}", content=ASKED).content == chat()
    assert lines(recording)[0]["response"]["body"].encode() == chat()


def test_a_hook_may_read_the_response(recording: Recording) -> None:
    mocked = httpx.MockTransport(lambda _: httpx.Response(200, content=chat()))
    with httpx.Client(transport=mocked, event_hooks={"response": [lambda response: response.read()]}) as client:
        assert client.post(f"https://api.openai.com{PATH}", content=ASKED).content == chat()
    assert lines(recording)[0]["response"]["body"].encode() == chat()


def test_other_traffic_is_not_recorded(stub: Stub, recording: Recording, tmp_path: Path) -> None:
    httpx.get(f"{stub.url}/v1/models")
    httpx.post(f"{stub.url}/oauth/token", content=b"secret")
    assert lines(recording) == []
    with ctxdebug.record(tmp_path / "all.jsonl", everything=True) as everything:
        httpx.get(f"{stub.url}/v1/models")
    assert everything.calls == 1


def test_threads_are_recorded_too(stub: Stub, recording: Recording) -> None:
    threads = [
        threading.Thread(target=httpx.post, args=(f"{stub.url}{PATH}",), kwargs={"content": ASKED}) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(lines(recording)) == 8


def test_afterwards_the_library_is_as_it_was(tmp_path: Path) -> None:
    before = httpx.Client.send, httpx.AsyncClient.send, list(sys.meta_path)
    with ctxdebug.record(tmp_path / "a.jsonl"), ctxdebug.record(tmp_path / "b.jsonl"):
        assert httpx.Client.send is not before[0]
    assert (httpx.Client.send, httpx.AsyncClient.send, list(sys.meta_path)) == before


def test_install_is_one_recording_until_uninstall(stub: Stub, tmp_path: Path) -> None:
    recording = ctxdebug.install(tmp_path)
    try:
        assert ctxdebug.install(tmp_path) is recording
        httpx.post(f"{stub.url}{PATH}", content=ASKED)
    finally:
        ctxdebug.uninstall()
    httpx.post(f"{stub.url}{PATH}", content=ASKED)
    assert len(lines(recording)) == 1


def test_a_path_that_cannot_be_written_is_said_at_once(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="cannot be written"):
        ctxdebug.install(tmp_path / "file")
    assert httpx.Client.send.__name__ == "send"


def test_a_fault_of_ours_never_reaches_the_call(
    stub: Stub, recording: Recording, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("ours")

    monkeypatch.setattr("ctxdebug.recording.call.Call.received", broken)
    monkeypatch.setattr("ctxdebug.recording.call.Call.sent", broken)
    with caplog.at_level(logging.WARNING, "ctxdebug"):
        assert httpx.post(f"{stub.url}{PATH}", content=ASKED).content == chat()
    assert "a call could not be recorded: RuntimeError: ours" in caplog.text


def test_check_passes_and_fails(stub: Stub, tmp_path: Path) -> None:
    with ctxdebug.record(tmp_path / "run.jsonl") as recording:
        httpx.post(f"{stub.url}{PATH}", content=ASKED)
        assert recording.check().exchanges == 1
        with httpx.stream("POST", f"{stub.url}{PATH}?stream", content=ASKED) as got:
            next(got.iter_raw(200))
        with pytest.raises(AssertionError, match="MEM103"):
            recording.check(fail_on="warning")


def test_check_of_nothing_is_no_pass(recording: Recording) -> None:
    with pytest.raises(AssertionError, match="nothing to check"):
        recording.check()


def test_a_library_that_is_imported_later_is_watched(stub: Stub, tmp_path: Path) -> None:
    code = (
        "import sys, ctxdebug\n"
        f"ctxdebug.install({str(tmp_path / 'run.jsonl')!r})\n"
        "assert 'httpx' not in sys.modules\n"
        "import httpx\n"
        f"httpx.post('{stub.url}{PATH}', content=b'{{}}')\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)
    assert len((tmp_path / "run.jsonl").read_text().splitlines()) == 1


def test_importing_ctxdebug_loads_nothing() -> None:
    code = "import sys, ctxdebug; print(sorted(n for n in sys.modules if n.startswith('ctxdebug') or n in ('httpx', 'typer', 'logging')))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "['ctxdebug']"


def library(name: str) -> Any:
    return pytest.importorskip(name)


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("path", [PATH, f"{PATH}?stream", f"{PATH}?gzip"])
def test_requests(stub: Stub, recording: Recording, path: str, stream: bool) -> None:
    requests = library("requests")
    got = requests.post(f"{stub.url}{path}", data=ASKED, stream=stream)
    body = b"".join(got.iter_content(50)) if stream else got.content
    (line,) = lines(recording)
    assert body == line["response"]["body"].encode() == (b"".join(EVENTS) if "stream" in path else chat())
    assert (line["request"]["body"].encode(), line["via"]) == (ASKED, "requests")
    assert "ended" not in line


def test_requests_lines_and_errors(stub: Stub, recording: Recording) -> None:
    requests = library("requests")
    with requests.post(f"{stub.url}{PATH}?stream", data=ASKED, stream=True) as got:
        assert len([line for line in got.iter_lines() if line]) == len(EVENTS)
    with requests.post(f"{stub.url}{PATH}?stream", data=ASKED, stream=True) as got:
        next(got.iter_content(10))
    with pytest.raises(requests.ConnectionError):
        requests.post(f"http://127.0.0.1:9{PATH}", data=ASKED)
    assert [line.get("ended") for line in lines(recording)] == [None, "client", None]
    assert lines(recording)[2]["error"]["type"] == "ConnectionError"


READERS: dict[str, Callable[[Any], Any]] = {
    "read": lambda got: got.read(),
    "text": lambda got: got.text(),
    "iter_any": lambda got: _joined(got.content.iter_any()),
    "iter_chunked": lambda got: _joined(got.content.iter_chunked(16)),
    "lines": lambda got: _joined(got.content),
    "iter_chunks": lambda got: _joined(got.content.iter_chunks()),
}


async def _joined(parts: Any) -> bytes:
    return b"".join([part[0] if isinstance(part, tuple) else part async for part in parts])


@pytest.mark.parametrize("reader", READERS)
def test_aiohttp(stub: Stub, recording: Recording, reader: str) -> None:
    aiohttp = library("aiohttp")

    async def call() -> Any:
        async with aiohttp.ClientSession() as session, session.post(f"{stub.url}{PATH}?stream", data=ASKED) as got:
            return await READERS[reader](got)

    body = asyncio.run(call())
    (line,) = lines(recording)
    assert (body if isinstance(body, bytes) else body.encode()) == b"".join(EVENTS) == line["response"]["body"].encode()
    assert (line["request"]["body"].encode(), line["via"], line.get("ended")) == (ASKED, "aiohttp", None)


def test_a_library_inside_another_is_one_call(stub: Stub, recording: Recording) -> None:
    class ByAnotherClient(httpx.BaseTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            return httpx.Response(200, content=httpx.post(f"{stub.url}{PATH}", content=request.read()).content)

    with httpx.Client(transport=ByAnotherClient()) as client:
        assert client.post(f"https://api.openai.com{PATH}", content=ASKED).content == chat()
    assert [line["request"]["url"] for line in lines(recording)] == [f"https://api.openai.com{PATH}"]

"""The proxy is transparent: what passes, passes unchanged and at once; and what it wrote is what passed."""

from __future__ import annotations

import asyncio
import base64
import gzip
import json
import socket
import time
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tests.recording.conftest import Bench
from tests.recording.stub import Answer, Seen, chat, chat_events

EVENTS = chat_events(["Zehn ", "Tage ", "dürfen ", "ins ", "nächste ", "Jahr."])


def fixed(answer: Answer) -> Callable[[Seen], Answer]:
    return lambda _: answer


def body_of(side: dict[str, Any]) -> bytes:
    held = side.get("body", "")
    return base64.b64decode(held["_base64"]) if isinstance(held, dict) else held.encode()


@pytest.mark.parametrize("framing", ["chunked", "length", "close"])
def test_a_body_passes_and_is_recorded_byte_for_byte(bench: Bench, framing: str) -> None:
    path = f"/v1/{framing}"
    bench.answers[path] = fixed(Answer([b'{"a": ', '"ü"}'.encode()], framing=framing))
    asked = '{"model": "gpt-4o-mini",   "odd":"spacing \\u00fc ü"}'.encode()
    got = httpx.post(bench.url(path), content=asked)
    line = bench.line(path)
    assert got.content == b'{"a": ' + '"ü"}'.encode() == body_of(line["response"]) == bench.seen(path).sent
    assert bench.seen(path).body == asked == body_of(line["request"])


def test_headers_pass_in_both_directions(bench: Bench) -> None:
    bench.answers["/v1/headers"] = fixed(Answer([b"{}"], headers={"x-request-id": "req_1", "set-cookie": "a=1"}))
    got = httpx.post(
        bench.url("/v1/headers"), content=b"{}", headers={"x-stainless-lang": "python", "user-agent": "mine"}
    )
    seen = bench.seen("/v1/headers").headers
    assert (got.headers["x-request-id"], got.headers["set-cookie"]) == ("req_1", "a=1")
    assert "date" not in got.headers
    assert "server" not in got.headers
    assert (seen["x-stainless-lang"], seen["user-agent"], seen["host"]) == (
        "python",
        "mine",
        f"127.0.0.1:{bench.stub.port}",
    )


def test_nothing_is_added_to_a_request(bench: Bench) -> None:
    with socket.create_connection(("127.0.0.1", bench.proxy.port)) as plain:
        plain.sendall(f"GET /openai/v1/bare?a=1&b=%2F HTTP/1.1\r\nHost: localhost:{bench.proxy.port}\r\n\r\n".encode())
        plain.recv(100)
    assert bench.seen("/v1/bare?a=1&b=%2F").headers.keys() == {"host"}


@pytest.mark.parametrize("encoding", ["gzip", "br"])
def test_a_compressed_body_passes_as_it_is(bench: Bench, encoding: str) -> None:
    packed = gzip.compress(chat()) if encoding == "gzip" else b"\x0b\x01\x80ab\x03"
    path = f"/v1/{encoding}"
    bench.answers[path] = fixed(Answer([packed], headers={"content-encoding": encoding}))
    with httpx.stream("GET", bench.url(path)) as got:
        raw = b"".join(got.iter_raw())
    line = bench.line(path)["response"]
    assert raw == packed == body_of(line)
    assert got.headers["content-encoding"] == encoding
    assert line.get("text") == (chat().decode() if encoding == "gzip" else None)


def test_a_stream_is_not_held_back(bench: Bench) -> None:
    bench.answers["/v1/stream"] = fixed(Answer(EVENTS, headers={"content-type": "text/event-stream"}, pause=0.1))
    begun = time.perf_counter()
    came: list[tuple[float, bytes]] = []
    with httpx.stream("POST", bench.url("/v1/stream"), content=b"{}") as got:
        came.extend((time.perf_counter() - begun, chunk) for chunk in got.iter_raw())
    assert [chunk for _, chunk in came] == EVENTS
    assert came[0][0] < 0.1 * (len(EVENTS) - 1)  # the first is here long before the last was sent
    line = bench.line("/v1/stream")
    assert [size for _, size in line["response"]["chunks"]] == [len(event) for event in EVENTS]
    times = [at for at, _ in line["response"]["chunks"]]
    assert times == sorted(times)
    assert line["timings_ms"]["first_byte"] == times[0]


@pytest.mark.parametrize("status", [204, 301, 400, 401, 429, 500, 529])
def test_every_status_passes(bench: Bench, status: int) -> None:
    path = f"/v1/status{status}"
    told = b"" if status == 204 else b'{"error": {"message": "no"}}'
    headers = {"retry-after": "7", "location": "https://elsewhere.example/"}
    bench.answers[path] = fixed(Answer([told] if told else [], status, headers, framing="length"))
    got = httpx.post(bench.url(path), content=b"{}")
    assert (got.status_code, got.content, got.headers["retry-after"]) == (status, told, "7")
    assert bench.line(path)["response"]["status"] == status


def test_a_provider_that_breaks_off_breaks_off(bench: Bench) -> None:
    bench.answers["/v1/breaks"] = fixed(Answer(EVENTS, breaks_after=2))
    got: list[bytes] = []
    with (
        pytest.raises(httpx.RemoteProtocolError),
        httpx.stream("POST", bench.url("/v1/breaks"), content=b"{}") as stream,
    ):
        got.extend(stream.iter_raw())
    assert b"".join(got) == b"".join(EVENTS[:2])
    line = bench.line("/v1/breaks")
    assert (line["ended"], body_of(line["response"])) == ("upstream", b"".join(EVENTS[:2]))


def test_a_client_that_goes_ends_the_call_to_the_provider(bench: Bench) -> None:
    bench.answers["/v1/long"] = fixed(Answer([b"data: 1\n\n"] * 500, pause=0.02))
    with httpx.stream("POST", bench.url("/v1/long"), content=b"{}") as got:
        assert next(got.iter_raw())
    line = bench.line("/v1/long")
    assert line["ended"] == "client"
    seen = bench.seen("/v1/long")
    for _ in range(100):
        if seen.broken:
            break
        time.sleep(0.05)
    assert seen.broken
    assert seen.sent.startswith(body_of(line["response"]))


def test_an_upload_without_length_passes(bench: Bench) -> None:
    parts = [b'{"file": "', b"x" * 200_000, b'"}']
    httpx.post(bench.url("/v1/upload"), content=iter(parts))
    assert bench.seen("/v1/upload").body == b"".join(parts) == body_of(bench.line("/v1/upload")["request"])


def test_connections_are_kept(bench: Bench) -> None:
    with httpx.Client() as client:
        client.post(bench.url("/v1/kept"), content=b"{}")
        before = bench.stub.connections
        for _ in range(5):
            client.post(bench.url("/v1/kept"), content=b"{}")
    assert bench.stub.connections == before


def test_a_hundred_streams_at_once_are_not_mixed(bench: Bench) -> None:
    def own(seen: Seen) -> Answer:
        name = json.loads(seen.body)["name"]
        return Answer([f"data: {name}-{number}\n\n".encode() for number in range(20)], pause=0.005)

    bench.answers["/v1/many"] = own

    async def one(client: httpx.AsyncClient, number: int) -> bytes:
        async with client.stream("POST", bench.url("/v1/many"), json={"name": f"n{number}"}) as got:
            return b"".join([chunk async for chunk in got.aiter_raw()])

    async def every() -> list[bytes]:
        async with httpx.AsyncClient(limits=httpx.Limits(max_connections=None), timeout=60) as client:
            return await asyncio.gather(*(one(client, number) for number in range(100)))

    expected = ["".join(f"data: n{one}-{number}\n\n" for number in range(20)).encode() for one in range(100)]
    assert asyncio.run(every()) == expected
    for _ in range(100):
        written = [line for line in bench.lines() if line["request"]["url"].endswith("/v1/many")]
        if len(written) == 100:
            break
        time.sleep(0.05)
    assert sorted(body_of(line["response"]) for line in written) == sorted(expected)
    for line in written:
        assert body_of(line["response"]).startswith(f"data: {json.loads(line['request']['body'])['name']}-0".encode())


@pytest.mark.parametrize(
    "headers",
    [{"host": "evil.example"}, {"host": "127.0.0.1.evil.example:80"}, {"origin": "https://evil.example"}, {"origin": "null"},
     {"sec-fetch-site": "cross-site"}],
    ids=str,
)  # fmt: skip
def test_a_page_in_a_browser_cannot_use_it(bench: Bench, headers: dict[str, str]) -> None:
    before = len(bench.stub.seen)
    assert httpx.post(bench.url("/v1/page"), content=b"{}", headers=headers).status_code == 403
    assert len(bench.stub.seen) == before


@pytest.mark.parametrize("path", ["/", "/nobody/v1/models", "/http://evil.example/", "/../openai"])
def test_it_is_no_open_proxy(bench: Bench, path: str) -> None:
    before = len(bench.stub.seen)
    with socket.create_connection(("127.0.0.1", bench.proxy.port)) as plain:
        plain.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        assert plain.recv(100).startswith(b"HTTP/1.1 404")
    assert len(bench.stub.seen) == before


def test_an_address_instead_of_a_path_goes_nowhere(bench: Bench) -> None:
    with socket.create_connection(("127.0.0.1", bench.proxy.port)) as plain:
        plain.sendall(b"GET http://evil.example/openai/v1 HTTP/1.1\r\nHost: evil.example\r\n\r\n")
        assert plain.recv(100).startswith(b"HTTP/1.1 403")


def test_a_path_that_a_tool_sends_otherwise_is_put_right(bench: Bench) -> None:
    httpx.post(bench.url("/given"), content=b"{}")
    assert bench.stub.seen[-1].path == "/sent"


def test_excluded_paths_pass_unrecorded(bench: Bench) -> None:
    assert httpx.post(bench.url("/quiet/please"), content=b"{}").status_code == 200
    assert not [line for line in bench.lines() if "quiet" in line["request"]["url"]]


def test_no_key_is_in_the_file(bench: Bench) -> None:
    key = "sk-fake-abcdefghij1234567890"
    bench.answers["/v1/key"] = lambda seen: Answer([f"your key {seen.headers['authorization']}".encode()])
    got = httpx.post(bench.url("/v1/key"), content=b"{}", headers={"authorization": f"Bearer {key}"})
    assert key in got.text
    assert key not in json.dumps(bench.line("/v1/key"))


@pytest.fixture
def echo() -> Any:
    """A WebSocket server that answers each message twice, and refuses a path."""
    from websockets.sync.server import Server, ServerConnection, serve

    def talk(connection: ServerConnection) -> None:
        for message in connection:
            connection.send(message)
            connection.send(b"\x00\x01" if isinstance(message, bytes) else message.upper())

    def refuse(connection: ServerConnection, request: Any) -> Any:
        return connection.respond(401, '{"error": "no key"}') if request.path == "/refused" else None

    server: Server = serve(talk, "127.0.0.1", 0, process_request=refuse)
    import threading

    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.socket.getsockname()[1]
    server.shutdown()


def test_a_websocket_passes_both_ways(echo: int, tmp_path: Any) -> None:
    from pathlib import Path

    from websockets.exceptions import InvalidStatus
    from websockets.sync.client import connect
    from websockets.typing import Origin

    from ctxdebug.recording.running import RunningProxy

    proxy = RunningProxy(str(tmp_path), [("openai", f"http://127.0.0.1:{echo}", {})], warn=pytest.fail)
    base = proxy.base.replace("http", "ws")
    with connect(
        f"{base}/openai/v1/realtime?model=m",
        additional_headers={"authorization": "Bearer sk-fake-abcdefghij1234567890"},
    ) as socket:
        socket.send("grüße")
        assert (socket.recv(), socket.recv()) == ("grüße", "GRÜSSE")
        socket.send(b"\x05")
        assert (socket.recv(), socket.recv()) == (b"\x05", b"\x00\x01")
    with pytest.raises(InvalidStatus) as refused:
        connect(f"{base}/openai/refused")
    assert refused.value.response.status_code == 401
    with pytest.raises(InvalidStatus):
        connect(f"{base}/openai/v1/realtime", origin=Origin("https://evil.example"))
    proxy.close()
    first, second = [json.loads(line) for line in Path(proxy.path).read_text().splitlines()]
    assert [frame[1:] for frame in first["websocket"]] == [
        ["sent", "grüße"], ["received", "grüße"], ["received", "GRÜSSE"], ["sent", "base64:BQ=="], ["received", "base64:BQ=="],
        ["received", "base64:AAE="]]  # fmt: skip
    assert (second["response"]["status"], second["websocket"]) == (401, [])
    assert "sk-fake" not in Path(proxy.path).read_text()

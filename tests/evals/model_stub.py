"""A model endpoint on loopback that answers as it is told, and counts."""

from __future__ import annotations

import contextlib
import json
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def chat(text: str | None, finish: str = "stop", **message: Any) -> dict[str, Any]:
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "model": "stub-1",
        "choices": [
            {"index": 0, "message": {"role": "assistant", "content": text, **message}, "finish_reason": finish}
        ],
        "usage": {"prompt_tokens": 9, "completion_tokens": 3, "total_tokens": 12},
    }


def anthropic(text: str, stop: str = "end_turn") -> dict[str, Any]:
    return {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": "stub-1",
        "content": [{"type": "text", "text": text}],
        "stop_reason": stop,
        "usage": {"input_tokens": 9, "output_tokens": 3},
    }


def sse(*events: Any, done: bool = True) -> bytes:
    lines = [f"data: {json.dumps(event)}\n\n" for event in events]
    return ("".join(lines) + ("data: [DONE]\n\n" if done else "")).encode()


def deltas(*words: str, finish: str | None = "stop") -> list[dict[str, Any]]:
    chunk = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "model": "stub-1"}
    events = [{**chunk, "choices": [{"index": 0, "delta": {"content": word}, "finish_reason": None}]} for word in words]
    if finish:
        events.append({**chunk, "choices": [{"index": 0, "delta": {}, "finish_reason": finish}]})
    return events


@dataclass
class Told:
    """What to answer: a body (dict → JSON), a status, headers, a delay before and a cut after so many bytes."""

    body: Any = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    delay: float = 0.0
    cut: int | None = None
    trickle: float = 0.0
    drip: float = 0.0
    """Seconds between header lines that never end."""

    def bytes(self) -> bytes:
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


@dataclass
class Stub:
    """`script` is used up in order, then `reply` answers."""

    url: str = ""
    script: list[Told] = field(default_factory=list)
    reply: Callable[[dict[str, Any]], Told] = lambda _: Told(chat("5 days"))
    requests: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    busiest: int = 0
    busy: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def next(self, request: dict[str, Any]) -> Told:
        with self.lock:
            told = self.script.pop(0) if self.script else None
        return told or self.reply(request)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: Any) -> None:
        """A client that hangs up is part of the tests."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    stub: Stub

    def log_message(self, *_: Any) -> None:
        return

    def do_POST(self) -> None:
        stub = self.stub
        request = json.loads(self.rfile.read(int(self.headers["content-length"])))
        with stub.lock:
            stub.requests.append(request)
            stub.headers.append({name.lower(): value for name, value in self.headers.items()})
            stub.paths.append(self.path)
            stub.times.append(time.monotonic())
            stub.busy += 1
            stub.busiest = max(stub.busiest, stub.busy)
        try:
            self._answer(stub.next(request))
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True
        finally:
            with stub.lock:
                stub.busy -= 1

    def _answer(self, told: Told) -> None:
        if told.delay:
            time.sleep(told.delay)
        data = told.bytes()
        if told.drip:
            self.wfile.write(b"HTTP/1.1 200 OK\r\n")
            for number in range(200):
                self.wfile.write(f"x-{number}: 1\r\n".encode())
                self.wfile.flush()
                time.sleep(told.drip)
        self.send_response(told.status)
        for name, value in {"content-type": "application/json", **told.headers}.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        if told.trickle:
            for byte in data:
                self.wfile.write(bytes([byte]))
                self.wfile.flush()
                time.sleep(told.trickle)
            return
        self.wfile.write(data if told.cut is None else data[: told.cut])
        if told.cut is not None:
            self.wfile.flush()
            self.close_connection = True


@contextlib.contextmanager
def serve() -> Iterator[Stub]:
    """Serve a stub on a free port until the block ends."""
    told = Stub()
    handler = type("Handler", (_Handler,), {"stub": told})
    server = _Server(("127.0.0.1", 0), handler)
    told.url = f"http://127.0.0.1:{server.server_port}/v1"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield told
    finally:
        server.shutdown()
        server.server_close()

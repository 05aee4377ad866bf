"""A loopback HTTP server that answers as a provider would and keeps every request as it arrived."""

from __future__ import annotations

import json
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self, TypeAlias

Body: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Reply:
    """What the server sends back; `body` is the bytes of the HTTP body."""

    body: bytes
    content_type: str = "application/json"
    status: int = 200


Answer: TypeAlias = Callable[[Body], Reply]
"""The scripted answer to one request: it sees the request, because usage depends on what was sent."""


@dataclass(frozen=True, slots=True)
class Recording:
    """One exchange as it went over the wire. No header is kept: keys travel in headers."""

    url: str
    request: bytes
    reply: Reply


class Stub:
    """Answers requests from a script, in order, and records them as if `host` had served them."""

    def __init__(self, host: str) -> None:
        self.host = host
        self.recordings: list[Recording] = []
        self._script: deque[Answer] = deque()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        if self._script and exc[0] is None:
            raise RuntimeError(f"{len(self._script)} scripted answers were never asked for")

    def url(self, path: str = "") -> str:
        """Return the address to give to the SDK as its base URL."""
        return f"http://127.0.0.1:{self._server.server_address[1]}{path}"

    def script(self, *answers: Answer) -> None:
        """Queue the answers to the next requests."""
        self._script.extend(answers)

    def answer(self, path: str, request: bytes) -> Reply:
        """Record one request and return its scripted reply."""
        reply = self._script.popleft()(json.loads(request))
        self.recordings.append(Recording(self.host + path, request, reply))
        return reply

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        stub = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                reply = stub.answer(self.path, self._body())
                self.send_response_only(reply.status)
                self.send_header("content-type", reply.content_type)
                self.send_header("content-length", str(len(reply.body)))
                self.end_headers()
                self.wfile.write(reply.body)

            def _body(self) -> bytes:
                if self.headers.get("transfer-encoding", "").lower() != "chunked":
                    return self.rfile.read(int(self.headers.get("content-length", 0)))
                body = b""
                while size := int(self.rfile.readline(), 16):
                    body += self.rfile.read(size)
                    self.rfile.readline()
                self.rfile.readline()
                return body

            def log_message(self, *_: Any) -> None:
                """Stay quiet: the run prints what it wrote, not what it served."""

        return Handler

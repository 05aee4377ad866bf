"""A provider on the loopback interface that logs every byte: what it got, and what it sent.

It is written on sockets and threads, not on the server that the proxy runs on, so that it judges both sides of it.
"""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import BinaryIO


@dataclass
class Seen:
    """One request as it came, and the body that was sent back."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    sent: bytes = b""
    broken: bool = False
    """Whether the client went away before the answer was complete."""


@dataclass
class Answer:
    """What the stub sends: chunks, with a pause before each, framed as the headers say."""

    chunks: Sequence[bytes]
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    pause: float = 0.0
    framing: str = "chunked"
    """`chunked`, `length`, or `close` (the body ends with the connection)."""
    breaks_after: int | None = None
    """Close the connection after so many chunks, as a provider that fails does."""


@dataclass
class Stub:
    """A provider that answers by a function."""

    answer: Callable[[Seen], Answer]
    seen: list[Seen] = field(default_factory=list)
    connections: int = 0
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def serve(answer: Callable[[Seen], Answer]) -> Iterator[Stub]:
    """Serve until the end of the block."""
    stub = Stub(answer)
    listening = socket.create_server(("127.0.0.1", 0), backlog=512)
    stub.port = listening.getsockname()[1]
    threading.Thread(target=_accept, args=(listening, stub), daemon=True).start()
    try:
        yield stub
    finally:
        listening.close()


def _accept(listening: socket.socket, stub: Stub) -> None:
    with suppress(OSError):
        while True:
            connection, _ = listening.accept()
            stub.connections += 1
            threading.Thread(target=_talk, args=(connection, stub), daemon=True).start()


def _talk(connection: socket.socket, stub: Stub) -> None:
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    with connection, connection.makefile("rb") as reader, suppress(OSError):
        while (seen := _request(reader)) is not None:
            stub.seen.append(seen)
            answer = stub.answer(seen)
            try:
                if not _send(connection, seen, answer):
                    return
            except OSError:
                seen.broken = True
                return


def _request(reader: BinaryIO) -> Seen | None:
    line: bytes = reader.readline()
    if not line.strip():
        return None
    method, path, _ = line.decode("latin-1").split(" ", 2)
    headers: dict[str, str] = {}
    while (line := reader.readline()).strip():
        name, _, value = line.decode("latin-1").partition(":")
        headers[name.lower()] = value.strip()
    if "chunked" in headers.get("transfer-encoding", ""):
        body = b""
        while size := int(reader.readline(), 16):
            body += reader.read(size)
            reader.readline()
        reader.readline()
    else:
        body = reader.read(int(headers.get("content-length", 0)))
    return Seen(method, path, headers, body)


def _send(connection: socket.socket, seen: Seen, answer: Answer) -> bool:
    """Send an answer; whether the connection stays."""
    headers = {"content-type": "application/json", **answer.headers}
    if answer.framing == "chunked":
        headers["transfer-encoding"] = "chunked"
    elif answer.framing == "length":
        headers["content-length"] = str(sum(map(len, answer.chunks)))
    else:
        headers["connection"] = "close"
    lines = [f"HTTP/1.1 {answer.status} Status", *(f"{name}: {value}" for name, value in headers.items())]
    connection.sendall(("\r\n".join(lines) + "\r\n\r\n").encode("latin-1"))
    for number, chunk in enumerate(answer.chunks if seen.method != "HEAD" else ()):
        if answer.breaks_after == number:
            return False
        if answer.pause:
            time.sleep(answer.pause)
        framed = f"{len(chunk):x}\r\n".encode() + chunk + b"\r\n" if answer.framing == "chunked" else chunk
        seen.sent += chunk  # before the client can have it, or a test would look too soon
        connection.sendall(framed)
    if answer.framing == "chunked" and seen.method != "HEAD":
        connection.sendall(b"0\r\n\r\n")
    return answer.framing != "close"


# What providers answer, in small


def chat(words: str = "Ten days may be carried over.", model: str = "gpt-4o-mini", **usage: int) -> bytes:
    """An answer of OpenAI's chat completions."""
    counted = {"prompt_tokens": 20, "completion_tokens": 8, "total_tokens": 28, **usage}
    message = {"role": "assistant", "content": words, "refusal": None}
    choice = {"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}
    return json.dumps(
        {
            "id": "chatcmpl-1",
            "object": "chat.completion",
            "created": 1,
            "model": model,
            "choices": [choice],
            "usage": counted,
        }
    ).encode()


def chat_events(words: Sequence[str], model: str = "gpt-4o-mini") -> list[bytes]:
    """The same as events of a stream."""
    chunks = []
    for number, word in enumerate(words):
        delta = {"role": "assistant", "content": word} if number == 0 else {"content": word}
        chunks.append(_event(model, [{"index": 0, "delta": delta, "finish_reason": None}]))
    chunks.append(_event(model, [{"index": 0, "delta": {}, "finish_reason": "stop"}]))
    return [*chunks, b"data: [DONE]\n\n"]


def _event(model: str, choices: list[object]) -> bytes:
    held = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": model, "choices": choices}
    return b"data: " + json.dumps(held, ensure_ascii=False).encode() + b"\n\n"

"""One recorded call: filled while its bytes pass, and written as one line of JSON when it is over."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from ctxdebug.recording.secrets import without_credentials, without_secrets, without_url_secrets
from ctxdebug.records import field, record

VERSION = 1
MARK = "ctxdebug_recording"
"""The key by which a line is known; its value is the version of the shape."""
MAX_BODY = 64 * 1024 * 1024
"""Bytes of one body that are kept. What is longer passes in full, and the line says how long it was."""
_MOST_DECODED = 16 * 1024 * 1024

Headers = list[tuple[str, str]]


@record(slots=True)
class Body:
    """A body as it passes, chunk by chunk."""

    limit: int = MAX_BODY
    size: int = 0
    arrivals: list[tuple[float, int]] = field(default_factory=list)
    """For each chunk, milliseconds since the call began, and its bytes."""
    _kept: list[bytes] = field(default_factory=list)

    def add(self, data: bytes, at: float) -> None:
        """Take the next chunk, `at` milliseconds after the call began."""
        if not data:
            return
        room = self.limit - self.size
        if room > 0:
            self._kept.append(data if len(data) <= room else data[:room])
            self.arrivals.append((round(at, 1), min(len(data), room)))
        self.size += len(data)

    @property
    def data(self) -> bytes:
        """The bytes that were kept."""
        return b"".join(self._kept)

    @property
    def cut(self) -> bool:
        """Whether the body was longer than what is kept."""
        return self.size > self.limit


@record(slots=True)
class Call:
    """One call: its two sides, when each byte came, and how it ended."""

    method: str
    url: str
    headers: Headers
    number: int = 0
    via: str = "proxy"
    """What recorded it: the proxy, or the patched library."""
    trace: str | None = None
    """The trace that the call belongs to, as 32 hexadecimal digits."""
    request: Body = field(default_factory=Body)
    response: Body = field(default_factory=Body)
    status: int | None = None
    response_headers: Headers = field(default_factory=list)
    decoded: bool = False
    """The library gave the body decompressed, so that the bytes of the wire are not known."""
    first_byte: float | None = None
    ended: str | None = None
    """Who ended the call before the response was complete: `client` or `upstream`."""
    error: tuple[str, str] | None = None
    """What went wrong when no response came: the kind, and the words."""
    frames: list[list[Any]] | None = None
    """The messages of a WebSocket: milliseconds, `sent` or `received`, and the text or the bytes."""
    started: datetime = field(default_factory=lambda: datetime.now(UTC))
    _clock: float = field(default_factory=time.perf_counter)
    _total: float | None = None

    @property
    def elapsed(self) -> float:
        """Milliseconds since the call began."""
        return (time.perf_counter() - self._clock) * 1000

    def sent(self, data: bytes) -> None:
        """Take bytes of the request."""
        self.request.add(data, self.elapsed)

    def answered(self, status: int, headers: Iterable[tuple[str, str]]) -> None:
        """Take the status and the headers of the response."""
        self.status, self.response_headers = status, list(headers)

    def received(self, data: bytes) -> None:
        """Take bytes of the response."""
        at = self.elapsed
        if self.first_byte is None and data:
            self.first_byte = at
        self.response.add(data, at)

    def failed(self, error: BaseException) -> None:
        """Take the error that stands in place of a response."""
        self.error = type(error).__name__, str(error)[:2000]

    def finish(self) -> None:
        """Stop the clock."""
        if self._total is None:
            self._total = self.elapsed

    def line(self) -> bytes:
        """Return the call as one line of JSON; the credentials that were sent with it are nowhere in it."""
        import msgspec

        self.finish()
        hide = without_credentials(self.headers)
        request: dict[str, Any] = {
            "method": self.method,
            "url": without_url_secrets(self.url),
            "headers": without_secrets(self.headers),
            **_body(self.request, self.headers, hide, plain=False),
        }
        held: dict[str, Any] = {MARK: VERSION, "call": self.number, "via": self.via, "started": _stamp(self.started)}
        if self.trace:
            held["trace"] = self.trace
        held["request"] = request
        if self.status is not None:
            response = {"status": self.status, "headers": without_secrets(self.response_headers)}
            held["response"] = response | _body(self.response, self.response_headers, hide, plain=self.decoded)
            if self.response.arrivals:
                held["response"]["chunks"] = self.response.arrivals
        if self.frames is not None:
            held["websocket"] = [[at, side, hide(text)] for at, side, text in self.frames]
        if self.error is not None:
            held["error"] = {"type": self.error[0], "message": hide(self.error[1])}
        if self.ended is not None:
            held["ended"] = self.ended
        first = {} if self.first_byte is None else {"first_byte": round(self.first_byte, 1)}
        held["timings_ms"] = first | {"total": round(self._total or 0.0, 1)}
        return msgspec.json.encode(held) + b"\n"


def trace_of(headers: Mapping[str, str]) -> str | None:
    """Return the trace that a call belongs to, from the header of the W3C's trace context."""
    parts = headers.get("traceparent", "").split("-")
    return parts[1] if len(parts) >= 4 and len(parts[1]) == 32 else None


def _stamp(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _body(body: Body, headers: Headers, hide: Any, *, plain: bool) -> dict[str, Any]:
    """Return the keys of a body: its exact text, else its bytes as base64, with the text of a compressed one beside."""
    data = body.data
    found: dict[str, Any] = {}
    if body.cut:
        found["body_size"] = body.size
    if not data:
        return found
    encoded = next((value for name, value in headers if name.lower() == "content-encoding"), "")
    if encoded and encoded != "identity" and not plain:
        text = _decompressed(data, encoded)
        shown = None if text is None else hide(text)
        if shown == text:  # the bytes would repeat a credential that the text hides
            found["body"] = {"_base64": _base64(data)}
        if shown is not None:
            found["text"] = shown
        return found
    try:
        found["body"] = hide(data.decode("utf-8"))
    except UnicodeDecodeError:
        found["body"] = {"_base64": _base64(data)}
    return found


def _base64(data: bytes) -> str:
    import base64

    return base64.b64encode(data).decode("ascii")


def _decompressed(data: bytes, encoded: str) -> str | None:
    """Return the text of a compressed body; None where it cannot be decoded here."""
    import httpx

    if len(data) > _MOST_DECODED:
        return None
    try:
        content = httpx.Response(200, headers={"content-encoding": encoded}, content=data).content
        return None if content == data else content.decode("utf-8")
    except (httpx.DecodingError, UnicodeDecodeError, ValueError):
        return None

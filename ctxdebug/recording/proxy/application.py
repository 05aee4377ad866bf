"""The proxy as an ASGI application: a request goes to its route's origin, and every byte of the answer comes back as it came.

Nothing is decompressed, buffered or added. What the recorder does with the bytes cannot fail the call: it only collects
them, and writes them on a thread of its own when the call is over.
"""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, MutableMapping
from concurrent.futures import Future, ThreadPoolExecutor
from fnmatch import fnmatch
from typing import Any, TypeAlias

import httpx

from ctxdebug.recording.call import MAX_BODY, Body, Call, trace_of
from ctxdebug.recording.proxy.routes import ROOT, Route
from ctxdebug.recording.recorder import Recorder
from ctxdebug.records import field, record

Scope: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send: TypeAlias = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Raw: TypeAlias = list[tuple[bytes, bytes]]

_HOP = frozenset(
    {b"connection", b"keep-alive", b"proxy-authenticate", b"proxy-authorization", b"proxy-connection", b"te", b"trailer",
     b"transfer-encoding", b"upgrade", b"expect"}
)  # fmt: skip
"""Headers about one connection, which a proxy does not pass on (RFC 9110, 7.6.1); the server answers `expect` itself."""
_WRITING = 0.02
"""Seconds for which the end of a response waits for its line."""
_LOCAL = frozenset({"127.0.0.1", "localhost", "[::1]"})
_FETCHED_FROM_A_PAGE = frozenset({"cross-site", "same-site"})


@record(frozen=True, slots=True)
class Limits:
    """What is recorded, and who may call."""

    include: tuple[str, ...] = ()
    """Shell-like patterns of paths that are recorded; all when there is none."""
    exclude: tuple[str, ...] = ()
    max_body: int = MAX_BODY
    token: str | None = None
    """What stands in front of every path, where others than this machine can reach the port."""

    def records(self, path: str) -> bool:
        """Whether calls of a path are recorded."""
        wanted = not self.include or any(fnmatch(path, pattern) for pattern in self.include)
        return wanted and not any(fnmatch(path, pattern) for pattern in self.exclude)


@record(slots=True)
class Proxy:
    """The application. `begun` counts calls, `client` reaches the providers."""

    routes: Mapping[str, Route]
    recorder: Recorder
    client: httpx.AsyncClient
    limits: Limits = field(default_factory=Limits)
    begun: int = 0
    _writer: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, "ctxdebug-recorder"))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one call."""
        if scope["type"] not in {"http", "websocket"}:
            return
        refused = self._refused(scope)
        found = None if refused else self._target(scope)
        if refused is not None or found is None:
            status, why = refused or (
                404,
                "no provider has this path; ctxdebug capture forwards only to those it names",
            )
            await _refuse(scope, send, status, why)
            return
        url, path = found
        if scope["type"] == "websocket":
            from ctxdebug.recording.proxy.websocket import pass_websocket

            call = self._call(scope, url, path)
            await pass_websocket(scope, receive, send, url, call or Call("GET", url, []))
            if call is not None:
                self._write(call)
            return
        await self._pass(scope, receive, send, url, self._call(scope, url, path))

    def close(self) -> None:
        """Wait until every call that is over is in the file."""
        self._writer.shutdown(wait=True)
        self.recorder.close()

    def _refused(self, scope: Scope) -> tuple[int, str] | None:
        """Return why a request is not let through: a name that is not this machine's, or a page in a browser."""
        headers = dict(scope["headers"])
        host = headers.get(b"host", b"").decode("latin-1").lower()
        if self.limits.token is None and _host_name(host) not in _LOCAL:
            return 403, f"the Host header names {host[:80]!r}, not this machine"
        site = headers.get(b"sec-fetch-site", b"").decode("latin-1")
        if b"origin" in headers or site in _FETCHED_FROM_A_PAGE:
            return 403, "pages in a browser may not use this proxy"
        return None

    def _target(self, scope: Scope) -> tuple[str, str] | None:
        """Return the address that a request goes to, and its path there; None where no route has it."""
        raw = scope.get("raw_path") or scope["path"].encode()
        path = raw.decode("latin-1").partition("?")[0]
        if self.limits.token is not None:
            first, slash, rest = path.removeprefix("/").partition("/")
            if not hmac.compare_digest(first.encode(), self.limits.token.encode()):
                return None
            path = slash + rest
        name, slash, rest = path.removeprefix("/").partition("/")
        route = self.routes.get(name)
        rest = slash + rest
        if route is None or name == ROOT:
            route, rest = self.routes.get(ROOT), path
        if route is None:
            return None
        rest = route.paths.get(rest, rest)
        query = scope["query_string"].decode("latin-1")
        return f"{route.origin}{rest}{'?' if query else ''}{query}", rest

    def _call(self, scope: Scope, url: str, path: str) -> Call | None:
        """Return the record to fill; None where the path is not recorded."""
        if not self.limits.records(path):
            return None
        self.begun += 1
        headers = [(name, value) for name, value in _shown(scope["headers"]) if name != "host"]
        call = Call(scope.get("method", "GET"), url, headers, self.begun)
        call.trace = trace_of(dict(headers))
        call.request = Body(self.limits.max_body)
        call.response = Body(self.limits.max_body)
        return call

    async def _pass(self, scope: Scope, receive: Receive, send: Send, url: str, call: Call | None) -> None:
        record = call if call is not None else Call("", "", [], request=Body(0), response=Body(0))
        upload = _Upload(receive, record)
        headers = _passed_on(scope["headers"])
        bodied = any(name in {b"content-length", b"transfer-encoding"} for name, _ in scope["headers"])
        request = httpx.Request(scope["method"], url, headers=headers, content=upload.body() if bodied else None)

        async def complete() -> None:
            """Write the call before its end is sent, so that a kill just after it loses nothing; a slow disk is not waited for."""
            upload.answered = True
            if call is not None:
                call.finish()
                await asyncio.wait({asyncio.wrap_future(self._write(call))}, timeout=_WRITING)

        work = asyncio.ensure_future(self._answer(request, send, record, complete))
        gone = asyncio.ensure_future(upload.gone(bodied))
        try:
            await asyncio.wait({work, gone}, return_when=asyncio.FIRST_COMPLETED)
            if not (work.done() or upload.answered):
                record.ended = "client"
                work.cancel()
            await asyncio.gather(work, return_exceptions=True)
        finally:
            gone.cancel()
            record.finish()
            if call is not None and not upload.answered:
                self._write(call)

    async def _answer(
        self, request: httpx.Request, send: Send, record: Call, complete: Callable[[], Awaitable[None]]
    ) -> None:
        try:
            response = await self.client.send(request, stream=True, follow_redirects=False, auth=_AS_GIVEN)
        except httpx.HTTPError as error:
            record.failed(error)
            await _unreachable(send, request.url.host, error)
            return
        try:
            record.answered(response.status_code, _shown(response.headers.raw))
            await send(
                {
                    "type": "http.response.start",
                    "status": response.status_code,
                    "headers": _lowered(response.headers.raw),
                }
            )
            async for chunk in response.aiter_raw():
                record.received(chunk)
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
            await complete()
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        except httpx.HTTPError as error:  # the response breaks off: so does ours, by returning before its end
            record.ended = "upstream"
            record.error = type(error).__name__, str(error)
        finally:
            await response.aclose()

    def _write(self, call: Call) -> Future[bool]:
        return self._writer.submit(self.recorder.put, call)


class _Upload:
    """The request's body on its way up, and the news that the client has gone."""

    def __init__(self, receive: Receive, record: Call) -> None:
        self._receive = receive
        self._record = record
        self.answered = False
        """Whether the response is complete, so that it means nothing when the client goes."""
        self._sent = asyncio.Event()
        self._left = asyncio.Event()

    async def body(self) -> AsyncIterator[bytes]:
        """Yield the body as it comes."""
        more = True
        while more:
            message = await self._receive()
            if message["type"] == "http.disconnect":
                self._left.set()
                raise httpx.WriteError("the client went away")
            chunk = message.get("body", b"")
            more = message.get("more_body", False)
            self._record.sent(chunk)
            if chunk:
                yield chunk
        self._sent.set()

    async def gone(self, bodied: bool) -> None:
        """Return when the client has gone."""
        if bodied:
            sent, left = asyncio.ensure_future(self._sent.wait()), asyncio.ensure_future(self._left.wait())
            try:
                await asyncio.wait({sent, left}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                sent.cancel()
                left.cancel()
            if self._left.is_set():
                return
        while (await self._receive())["type"] != "http.disconnect":
            pass


class _AsGiven(httpx.Auth):
    """Leaves a request as it is: no password from an address or a `.netrc` is added."""


_AS_GIVEN = _AsGiven()


def _host_name(host: str) -> str:
    if host.startswith("["):
        return host.partition("]")[0] + "]"
    return host.partition(":")[0]


def _shown(headers: Raw) -> list[tuple[str, str]]:
    return [(name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in headers]


def _passed_on(headers: Raw) -> Raw:
    """Return the request's headers for the provider; `host` becomes its own."""
    named = _named_by_connection(headers)
    return [(name, value) for name, value in headers if name.lower() not in _HOP | named | {b"host"}]


def _lowered(headers: Raw) -> Raw:
    named = _named_by_connection(headers)
    return [(name.lower(), value) for name, value in headers if name.lower() not in _HOP | named]


def _named_by_connection(headers: Raw) -> frozenset[bytes]:
    """Return the headers that the `connection` header says are about this connection only."""
    listed = (value for name, value in headers if name.lower() == b"connection")
    return frozenset(part.strip().lower() for value in listed for part in value.split(b","))


async def _unreachable(send: Send, host: str, error: Exception) -> None:
    """Answer 502 in the form that SDKs print, where the provider could not be reached."""
    await _answer_error(send, 502, f"ctxdebug capture could not reach {host}: {type(error).__name__}: {error}")


async def _refuse(scope: Scope, send: Send, status: int, why: str) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008, "reason": why})
        return
    await _answer_error(send, status, f"ctxdebug capture: {why}")


async def _answer_error(send: Send, status: int, message: str) -> None:
    import json

    body = json.dumps({"error": {"type": "ctxdebug_capture", "message": message}}).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})

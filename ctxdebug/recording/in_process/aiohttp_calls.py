"""Calls by aiohttp: its tracing shows what is sent; the body of a response is seen as the application reads it.

Sessions that are made after `install()` are watched. aiohttp decompresses before anybody can look, so a compressed body is
recorded as its text.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from functools import wraps
from types import ModuleType
from typing import Any

from ctxdebug.recording.in_process.active import Watched, watch
from ctxdebug.recording.in_process.httpx_calls import Undo


def patch(module: ModuleType) -> Undo:
    """Watch the sessions of a loaded `aiohttp`; returns what undoes it."""
    session = module.ClientSession
    made = session.__init__

    @wraps(made)
    def watched_init(self: Any, *given: Any, **named: Any) -> None:
        traces = [*(named.pop("trace_configs", None) or []), _tracing(module)]
        made(self, *given, trace_configs=traces, **named)

    session.__init__ = watched_init

    def undo() -> None:
        session.__init__ = made

    return undo


def _tracing(module: ModuleType) -> Any:
    tracing = module.TraceConfig()

    async def started(_: Any, context: Any, params: Any) -> None:
        context.ctxdebug = watch(params.method, str(params.url), _pairs(params.headers), "aiohttp")

    async def sent(_: Any, context: Any, params: Any) -> None:
        if (watched := _watched(context)) is not None:
            watched.sent(params.chunk)

    async def ended(_: Any, context: Any, params: Any) -> None:
        watched, response = _watched(context), params.response
        if watched is None:
            return
        watched.answered(response.status, _pairs(response.headers))
        watched.call.headers = _pairs(response.request_info.headers)
        watched.call.decoded = True
        response.content = _Content(response.content, watched)
        response.close = _then_left(response.close, watched)
        response.release = _then_left(response.release, watched)

    async def failed(_: Any, context: Any, params: Any) -> None:
        if (watched := _watched(context)) is not None:
            watched.failed(params.exception)

    tracing.on_request_start.append(started)
    tracing.on_request_chunk_sent.append(sent)
    tracing.on_request_end.append(ended)
    tracing.on_request_exception.append(failed)
    return tracing


def _then_left(end: Callable[[], Any], watched: Watched) -> Callable[[], Any]:
    def ended() -> Any:
        try:
            return end()
        finally:
            watched.left()

    return ended


def _watched(context: Any) -> Watched | None:
    found: Watched | None = getattr(context, "ctxdebug", None)
    return found


def _pairs(headers: Any) -> list[tuple[str, str]]:
    return [(str(name).lower(), str(value)) for name, value in headers.items()]


class _Content:
    """The body of a response: what is read of it is seen; for everything else it is the body itself."""

    def __init__(self, inner: Any, watched: Watched) -> None:
        self._inner = inner
        self._watched = watched

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    async def _seen(self, read: Callable[..., Any], *given: Any) -> Any:
        try:
            data = await read(*given)
        except Exception as error:
            self._watched.failed(error)
            raise
        self._watched.received(data[0] if isinstance(data, tuple) else data)
        if self._inner.at_eof():
            self._watched.over()
        return data

    async def read(self, n: int = -1) -> bytes:
        """Return `n` bytes, or all."""
        return bytes(await self._seen(self._inner.read, n))

    async def readany(self) -> bytes:
        """Return what has arrived."""
        return bytes(await self._seen(self._inner.readany))

    async def readline(self) -> bytes:
        """Return the next line."""
        return bytes(await self._seen(self._inner.readline))

    async def readuntil(self, separator: bytes = b"\n") -> bytes:
        """Return what comes up to a separator."""
        return bytes(await self._seen(self._inner.readuntil, separator))

    async def readexactly(self, n: int) -> bytes:
        """Return just `n` bytes."""
        return bytes(await self._seen(self._inner.readexactly, n))

    async def readchunk(self) -> tuple[bytes, bool]:
        """Return a chunk, and whether a chunk of the wire ends with it."""
        found: tuple[bytes, bool] = await self._seen(self._inner.readchunk)
        return found

    def read_nowait(self, n: int = -1) -> bytes:
        """Return what is there already."""
        data: bytes = self._inner.read_nowait(n)
        self._watched.received(data)
        return data

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while line := await self.readline():
            yield line

    async def iter_chunked(self, n: int) -> AsyncIterator[bytes]:
        """Yield at most `n` bytes at a time."""
        while data := await self.read(n):
            yield data

    async def iter_any(self) -> AsyncIterator[bytes]:
        """Yield what has arrived, each time."""
        while data := await self.readany():
            yield data

    async def iter_chunks(self) -> AsyncIterator[tuple[bytes, bool]]:
        """Yield the chunks of the wire."""
        while True:
            data, end = await self.readchunk()
            if not data and not end:
                return
            yield data, end

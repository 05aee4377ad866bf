"""Calls by httpx and by httpx2, which has the same classes; sync and async, streamed or not.

`Client.send` is the one public method that every call goes through, mocked transports included. It is always asked for a
stream, whose bytes are collected as they are read, and read at once where the application did not ask for one; httpx
itself does the same.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from functools import wraps
from types import ModuleType
from typing import Any

from ctxdebug.recording.in_process.active import Watched, outermost, watch

Undo = Callable[[], None]


def patch(module: ModuleType) -> Undo:
    """Watch the clients of a loaded `httpx` or `httpx2`; returns what undoes it."""
    client, async_client = module.Client, module.AsyncClient
    send, async_send = client.send, async_client.send
    stream_kind, async_kind = _stream_class(module), _async_stream_class(module)

    @wraps(send)
    def watched_send(self: Any, request: Any, *, stream: bool = False, **more: Any) -> Any:
        watched = _begun(module, request, stream_kind)
        if watched is None:
            return send(self, request, stream=stream, **more)
        try:
            with outermost():
                response = send(self, request, stream=True, **more)
        except BaseException as error:
            watched.failed(error)
            raise
        _follow(response, watched, stream_kind)
        if not stream:
            try:
                response.read()
            except BaseException:
                response.close()
                raise
        return response

    @wraps(async_send)
    async def watched_async_send(self: Any, request: Any, *, stream: bool = False, **more: Any) -> Any:
        watched = _begun(module, request, async_kind)
        if watched is None:
            return await async_send(self, request, stream=stream, **more)
        try:
            with outermost():
                response = await async_send(self, request, stream=True, **more)
        except BaseException as error:
            watched.failed(error)
            raise
        _follow(response, watched, async_kind)
        if not stream:
            try:
                await response.aread()
            except BaseException:
                await response.aclose()
                raise
        return response

    client.send, async_client.send = watched_send, watched_async_send

    def undo() -> None:
        client.send, async_client.send = send, async_send

    return undo


def _begun(module: ModuleType, request: Any, kind: type[Any]) -> Watched | None:
    watched = watch(request.method, str(request.url), _headers(request.headers), module.__name__)
    if watched is None:
        return None
    try:
        watched.sent(request.content)
    except module.RequestNotRead:  # it is produced while it is sent
        request.stream = kind(request.stream, watched.sent, None)
    return watched


def _follow(response: Any, watched: Watched, kind: type[Any]) -> None:
    """Collect the body of a response as the application reads it."""
    watched.answered(response.status_code, _headers(response.headers))
    if response.is_closed:  # a hook of the application has read it
        watched.call.decoded = True
        watched.received(response.content)
        watched.over()
        return
    response.stream = kind(response.stream, watched.received, watched)


def _headers(headers: Any) -> list[tuple[str, str]]:
    return [(name.decode("latin-1"), value.decode("latin-1")) for name, value in headers.raw]


def _stream_class(module: ModuleType) -> type[Any]:
    """Return a body that passes bytes on and shows them to `see`; `watched` is told how it ends."""

    class Stream(module.SyncByteStream):  # type: ignore[misc, name-defined]  # the module is given
        """A body that is read in order."""

        def __init__(self, inner: Any, see: Callable[[bytes], None], watched: Watched | None) -> None:
            self._inner, self._see, self._watched = inner, see, watched

        def __iter__(self) -> Iterator[bytes]:
            try:
                for chunk in self._inner:
                    self._see(chunk)
                    yield chunk
            except Exception as error:
                if self._watched is not None:
                    self._watched.failed(error)
                raise
            if self._watched is not None:
                self._watched.over()

        def close(self) -> None:
            """Close the body, complete or not."""
            try:
                if hasattr(self._inner, "close"):
                    self._inner.close()
            finally:
                if self._watched is not None:
                    self._watched.left()

    return Stream


def _async_stream_class(module: ModuleType) -> type[Any]:
    """Return the same for an async client."""

    class AsyncStream(module.AsyncByteStream):  # type: ignore[misc, name-defined]  # as above
        """A body that is awaited."""

        def __init__(self, inner: Any, see: Callable[[bytes], None], watched: Watched | None) -> None:
            self._inner, self._see, self._watched = inner, see, watched

        async def __aiter__(self) -> AsyncIterator[bytes]:
            try:
                async for chunk in self._inner:
                    self._see(chunk)
                    yield chunk
            except Exception as error:
                if self._watched is not None:
                    self._watched.failed(error)
                raise
            if self._watched is not None:
                self._watched.over()

        async def aclose(self) -> None:
            """Close the body, complete or not."""
            try:
                if hasattr(self._inner, "aclose"):
                    await self._inner.aclose()
            finally:
                if self._watched is not None:
                    self._watched.left()

    return AsyncStream

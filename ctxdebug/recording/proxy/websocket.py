"""WebSockets (OpenAI's Realtime, Gemini's Live) pass in both directions, message by message."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import MutableMapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from websockets.asyncio.client import ClientConnection

    from ctxdebug.recording.call import Call
    from ctxdebug.recording.proxy.application import Receive, Scope, Send

_HANDSHAKE = ("host", "connection", "upgrade", "sec-websocket-", "content-length", "transfer-encoding")
_MOST_KEPT = 64 * 1024 * 1024
"""Bytes of one conversation that are recorded; what comes after passes."""


async def pass_websocket(scope: Scope, receive: Receive, send: Send, url: str, call: Call) -> None:
    """Connect to the provider, accept, and pass messages until one side closes."""
    from websockets.asyncio.client import connect
    from websockets.exceptions import InvalidStatus, WebSocketException
    from websockets.typing import Subprotocol

    await receive()
    headers = [
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, value in scope["headers"]
        if not name.decode("latin-1").lower().startswith(_HANDSHAKE)
    ]
    call.frames = []
    try:
        upstream = await connect(
            "ws" + url.removeprefix("http"),
            additional_headers=headers,
            user_agent_header=None,
            subprotocols=[Subprotocol(name) for name in scope.get("subprotocols", ())] or None,
            compression=None,
            max_size=None,
            ping_interval=None,
        )
    except InvalidStatus as error:
        call.answered(error.response.status_code, list(error.response.headers.raw_items()))
        call.response.add(bytes(error.response.body or b""), call.elapsed)
        await _deny(scope, send, error)
        return
    except (OSError, WebSocketException, TimeoutError) as error:
        call.failed(error)
        await send({"type": "websocket.close", "code": 1011, "reason": "the provider could not be reached"})
        return
    assert upstream.response is not None
    call.answered(upstream.response.status_code, list(upstream.response.headers.raw_items()))
    await send({"type": "websocket.accept", "subprotocol": upstream.subprotocol})
    kept = _Kept(call)
    up = asyncio.ensure_future(_up(receive, upstream, kept))
    down = asyncio.ensure_future(_down(send, upstream, kept))
    try:
        await asyncio.wait({up, down}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in (up, down):
            task.cancel()
        await asyncio.gather(up, down, return_exceptions=True)
        await upstream.close()
        call.finish()


class _Kept:
    """The messages of a conversation, as far as they are recorded."""

    def __init__(self, call: Call) -> None:
        self._call = call
        self._size = 0

    def add(self, side: str, message: str | bytes) -> None:
        """Keep a message, `sent` or `received`."""
        self._size += len(message)
        if self._call.frames is not None and self._size <= _MOST_KEPT:
            text = message if isinstance(message, str) else "base64:" + base64.b64encode(message).decode("ascii")
            self._call.frames.append([round(self._call.elapsed, 1), side, text])


async def _up(receive: Receive, upstream: ClientConnection, kept: _Kept) -> None:
    while True:
        message = await receive()
        if message["type"] == "websocket.disconnect":
            await upstream.close(message.get("code") or 1000, message.get("reason") or "")
            return
        text = message.get("text")
        data: str | bytes = text if text is not None else message["bytes"]
        kept.add("sent", data)
        await upstream.send(data)


async def _down(send: Send, upstream: ClientConnection, kept: _Kept) -> None:
    async for data in upstream:
        kept.add("received", data)
        held: MutableMapping[str, Any] = {"text": data} if isinstance(data, str) else {"bytes": data}
        await send({"type": "websocket.send", **held})
    await send({"type": "websocket.close", "code": upstream.close_code or 1000, "reason": upstream.close_reason or ""})


async def _deny(scope: Scope, send: Send, error: Any) -> None:
    """Pass a refused handshake on as it was answered, where the server can do that."""
    if "websocket.http.response" not in scope.get("extensions", {}):
        await send({"type": "websocket.close", "code": 1008, "reason": "the provider refused"})
        return
    headers = [(name.lower().encode(), value.encode("latin-1")) for name, value in error.response.headers.raw_items()]
    kept = [(name, value) for name, value in headers if name not in {b"connection", b"upgrade", b"transfer-encoding"}]
    await send({"type": "websocket.http.response.start", "status": error.response.status_code, "headers": kept})
    await send({"type": "websocket.http.response.body", "body": bytes(error.response.body or b""), "more_body": False})

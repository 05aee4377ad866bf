"""Connections to one endpoint: one client a thread that asks, and a deadline that holds whatever the server does.

The timeouts of an HTTP client begin anew with every byte, so a server that drips its headers holds a caller for ever.
"""

from __future__ import annotations

import queue
import threading
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Mapping

    import httpx

Result = TypeVar("Result")


class Connections:
    """The clients of one endpoint. A thread's own client can be closed without ending the questions of the others."""

    def __init__(self, headers: Mapping[str, str], timeout: float) -> None:
        self._headers = dict(headers)
        self._timeout = timeout
        self._mine = threading.local()
        self._lock = threading.Lock()
        self._all: list[httpx.Client] = []
        self._context: ssl.SSLContext | None = None

    def client(self) -> httpx.Client:
        """Return the client of this thread, which follows no redirect."""
        import httpx

        held: httpx.Client | None = getattr(self._mine, "client", None)
        if held is None:
            with self._lock:
                self._context = self._context or httpx.create_ssl_context()
                held = httpx.Client(
                    headers=self._headers,
                    verify=self._context,
                    timeout=httpx.Timeout(self._timeout, connect=min(10.0, self._timeout)),
                    follow_redirects=False,
                )
                self._all.append(held)
            self._mine.client = held
        return held

    def drop(self) -> None:
        """Close the client of this thread; the next question gets a new one."""
        held: httpx.Client | None = getattr(self._mine, "client", None)
        self._mine.client = None
        if held is not None:
            with self._lock:
                self._all.remove(held)
            held.close()

    def close(self) -> None:
        """Close all clients."""
        with self._lock:
            for client in self._all:
                client.close()
            self._all.clear()
        self._mine = threading.local()


def in_time(call: Callable[[], Result], seconds: float) -> Result:
    """Return what a call returns, or raise what it raises; raises `TimeoutError` where it is not back in time.

    A call that is late goes on in a thread that nobody waits for; closing what it reads from ends it.
    """
    done: queue.SimpleQueue[tuple[bool, Any]] = queue.SimpleQueue()

    def run() -> None:
        try:
            done.put((True, call()))
        except BaseException as error:  # noqa: BLE001  (it is raised again by the thread that waits)
            done.put((False, error))

    threading.Thread(target=run, daemon=True).start()
    try:
        returned, value = done.get(timeout=seconds)
    except queue.Empty:
        raise TimeoutError from None
    if not returned:
        raise value
    result: Result = value
    return result

"""The process in which the proxy runs: it reads what to do as one line of JSON, and ends when its input ends.

A process of its own, because examining captures is work that would delay the bytes that pass, and because it must outlive a
fault of the command that started it. It is no child of the terminal, so that Ctrl-C reaches only the application.
"""

from __future__ import annotations

import asyncio
import json
import os
import socket
import ssl
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from ctxdebug.errors import UsageError
from ctxdebug.recording.proxy.application import Limits, Proxy
from ctxdebug.recording.proxy.routes import Route
from ctxdebug.recording.recorder import Recorder

_LAST_CALLS = 3
"""Seconds that calls under way have to end after the application has."""
_BACKLOG = 2048
_AUTHORITIES = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS", "AWS_CA_BUNDLE")
"""Variables by which applications are told of a company's own authority; the proxy calls in their place."""


def tell(**event: Any) -> None:
    """Tell the command something, as one line; it may have gone."""
    with suppress(OSError, ValueError):
        sys.stdout.write(json.dumps(event) + "\n")
        sys.stdout.flush()


def main() -> None:
    """Serve until standard input ends."""
    _allow_many_files()
    _remember_what_is_absent()
    asked: Mapping[str, Any] = json.loads(sys.stdin.readline())
    try:
        listening = _listen(asked["host"], asked["port"])
        recorder = Recorder(
            Path(asked["target"]), max_bytes=asked["max_bytes"], keep=asked["keep"],
            warn=lambda text: tell(warning=text), began=lambda path: tell(file=str(path)),
        )  # fmt: skip
    except UsageError as error:
        tell(error=str(error))
        return
    asyncio.run(_serve(listening, recorder, asked))


async def _serve(listening: socket.socket, recorder: Recorder, asked: Mapping[str, Any]) -> None:
    import httpx
    import uvicorn

    limits = httpx.Limits(max_connections=None, max_keepalive_connections=200, keepalive_expiry=5)
    routes = {name: Route(name, origin, paths) for name, origin, paths in asked["routes"]}
    async with httpx.AsyncClient(limits=limits, timeout=None, cookies=_no_cookies(), verify=_trusted()) as client:  # noqa: S113 - the application has timeouts of its own
        proxy = Proxy(routes, recorder, client, Limits(
            tuple(asked["include"]), tuple(asked["exclude"]), asked["max_body"], asked["token"]))  # fmt: skip
        config = uvicorn.Config(
            proxy, log_config=None, log_level="critical", access_log=False, server_header=False, date_header=False,
            lifespan="off", ws_max_size=2**31, ws_ping_interval=None, ws_per_message_deflate=False,
            timeout_keep_alive=600, timeout_graceful_shutdown=_LAST_CALLS, backlog=_BACKLOG, proxy_headers=False,
        )  # fmt: skip
        server = uvicorn.Server(config)
        _end_with_input(server)
        port = listening.getsockname()[1]
        ready = asyncio.ensure_future(_ready(server, client, asked["host"], port))
        ready.add_done_callback(lambda _: tell(port=port, path=str(recorder.paths[0])))
        await server.serve(sockets=[listening])
        await asyncio.to_thread(proxy.close)
    tell(calls=recorder.calls, begun=proxy.begun, stopped=recorder.stopped)


def _trusted() -> ssl.SSLContext:
    """Return what certificates are checked against: the usual authorities, the system's, and those that tools are told of."""
    import httpx

    context = httpx.create_ssl_context()
    context.load_default_certs()
    for name in _AUTHORITIES:
        with suppress(OSError, ssl.SSLError):
            if path := os.environ.get(name):
                context.load_verify_locations(path)
    return context


async def _ready(server: Any, client: Any, host: str, port: int) -> None:
    """Return when the server has answered once, so that what loads on first use does not delay the application."""
    while not server.started:
        await asyncio.sleep(0.005)
    place = f"[{host}]" if ":" in host else host
    with suppress(Exception):
        await client.get(f"http://{place}:{port}/", headers={"origin": "warm-up"}, timeout=5)


def _end_with_input(server: Any) -> None:
    """Let the server shut down when standard input ends: the application has ended, or whoever started us has died."""

    def wait() -> None:
        with suppress(OSError, ValueError):
            sys.stdin.read()
        server.should_exit = True

    threading.Thread(target=wait, daemon=True).start()


def _remember_what_is_absent() -> None:
    """Let imports that fail, fail at once: httpcore asks for sniffio in every call, which searches every folder anew."""
    from importlib.util import find_spec

    if find_spec("sniffio") is None:
        sys.modules["sniffio"] = None  # type: ignore[assignment]  # how Python notes that a module is absent


def _allow_many_files() -> None:
    """Raise the limit of open files to what the system allows: each stream holds two."""
    with suppress(ImportError, OSError, ValueError):
        import resource

        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def _listen(host: str, port: int) -> socket.socket:
    """Return a listening socket; raises `UsageError` where the port is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    found = socket.socket(
        family, socket.SOCK_STREAM, socket.IPPROTO_TCP
    )  # asyncio sends small chunks at once only with it
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        found.bind((host, port))
        found.listen(_BACKLOG)
    except OSError as error:
        raise UsageError(f"cannot listen on {host}:{port}: {(error.strerror or str(error)).lower()}") from None
    return found


def _no_cookies() -> Any:
    """Return a jar that keeps nothing: a provider's cookies belong to the application."""
    from http.cookiejar import CookieJar, DefaultCookiePolicy

    return CookieJar(DefaultCookiePolicy(allowed_domains=[]))


if __name__ == "__main__":
    main()

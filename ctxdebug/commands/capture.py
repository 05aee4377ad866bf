"""What `capture` does: start the proxy, run the command behind it, say each call, and end as the command ended."""

from __future__ import annotations

import os
import shlex
import signal
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ctxdebug.commands.live_calls import ErrorLines, Live
from ctxdebug.errors import UsageError
from ctxdebug.records import record
from ctxdebug.text.plural import plural

if TYPE_CHECKING:
    from ctxdebug.engine.run import RunOptions
    from ctxdebug.recording.proxy.routes import Plan
    from ctxdebug.recording.running import RunningCommand, RunningProxy

_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
DOTENV = ".env"
_TICK = 0.25


@record(frozen=True, slots=True)
class CaptureCall:
    """One call of `capture`."""

    command: tuple[str, ...]
    target: str = "captures"
    upstreams: tuple[str, ...] = ()
    host: str = "127.0.0.1"
    port: int = 0
    token: str | None = None
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    max_file: int | None = None
    max_body: int | None = None
    keep: int | None = None
    inspect: bool = False
    quiet: bool = False
    verbose: bool = False


def record_command(call: CaptureCall, options: RunOptions) -> int:
    """Record, and return the command's exit code (without a command, 0 at Ctrl-C)."""
    from ctxdebug.recording.proxy.routes import child_command, child_environment, plan
    from ctxdebug.recording.running import RunningCommand

    _need_parts()
    _check_host(call)
    planned = plan(os.environ, call.upstreams, Path(DOTENV))
    lines = ErrorLines()
    proxy = _start(call, planned, lines)
    if not call.command:
        live = None if call.quiet else _live(proxy, options, lines)
        _introduce(proxy, planned, lines, served=True, verbose=call.verbose, quiet=call.quiet)
        _serve(proxy, live)
        return _end(call, proxy, live, lines, options, 0)
    _introduce(proxy, planned, lines, served=False, verbose=call.verbose, quiet=call.quiet)
    words = child_command(call.command, planned, proxy.base)
    if words != list(call.command):
        lines.say(f"running {shlex.join(words)}")
    command = RunningCommand(words, child_environment(os.environ, planned, proxy.base))
    with command.running():
        live = None if call.quiet else _live(proxy, options, lines)  # what examines loads while the application does
        _until_over(command, proxy, live)
        code = command.code
    if command.fault is not None:
        proxy.close()
        with suppress(OSError):
            if not Path(proxy.path).stat().st_size:
                Path(proxy.path).unlink()
        lines.say(f"{call.command[0]} cannot be started: {command.fault}")
        return code
    return _end(call, proxy, live, lines, options, code)


def _until_over(command: RunningCommand, proxy: RunningProxy, live: Live | None) -> None:
    """Wait for the command, say what passes, and keep the proxy alive."""

    def over() -> bool:
        proxy.revive()
        return command.over

    if live is not None:
        live.watch(over)
    while not over():
        time.sleep(_TICK)


def _need_parts() -> None:
    from importlib.util import find_spec

    missing = [name for name in ("uvicorn", "httptools", "websockets") if find_spec(name) is None]
    if missing:
        raise UsageError(f"ctxdebug capture needs {', '.join(missing)}: pip install 'ctxdebug[capture]'")


def _check_host(call: CaptureCall) -> None:
    """Raise `UsageError` where others than this machine could use the proxy without a token."""
    if call.host not in _LOOPBACK and not call.token:
        raise UsageError(
            f"--host {call.host} lets other machines in: give a --token, which is put in front of every path"
        )
    if call.token is not None and (len(call.token) < 16 or not call.token.replace("-", "").replace("_", "").isalnum()):
        raise UsageError("--token: at least 16 letters, digits, - and _")


def _start(call: CaptureCall, planned: Plan, lines: ErrorLines) -> RunningProxy:
    from ctxdebug.recording.call import MAX_BODY
    from ctxdebug.recording.recorder import MAX_BYTES
    from ctxdebug.recording.running import RunningProxy

    routes: Sequence[tuple[str, str, Mapping[str, str]]] = [
        (route.name, route.origin, route.paths) for route in planned.routes
    ]
    host = "127.0.0.1" if call.host == "localhost" else call.host
    return RunningProxy(
        call.target, routes, host=host, port=call.port, token=call.token, include=call.include, exclude=call.exclude,
        max_bytes=call.max_file or MAX_BYTES, max_body=call.max_body or MAX_BODY, keep=call.keep, warn=lines.say,
    )  # fmt: skip


def _introduce(
    proxy: RunningProxy, planned: Plan, lines: ErrorLines, *, served: bool, verbose: bool, quiet: bool
) -> None:
    """Say where calls are recorded, and every upstream that is not the provider's own; without a command, all."""
    from ctxdebug.recording.secrets import without_url_secrets

    elsewhere = [setting for setting in planned.settings if setting.taken_from is not None]
    if not quiet:
        lines.say(f"recording to {proxy.path} · listening on {proxy.base}")
    for setting in planned.settings if served or verbose else elsewhere:
        upstream = without_url_secrets(setting.upstream)
        origin = f" (from {setting.taken_from})" if setting.taken_from else ""
        lines.say(f"  {setting.variable}={setting.value(proxy.base)} → {upstream}{origin}")
    root = next((route for route in planned.routes if not route.name), None)
    if root is not None:
        lines.say(f"  {proxy.base} → {without_url_secrets(root.origin)} (from --upstream)")


def _live(proxy: RunningProxy, options: RunOptions, lines: ErrorLines) -> Live:
    from ctxdebug.engine.run import Engine
    from ctxdebug.recording.growth import Growth

    return Live(Growth(proxy.paths, options.load, from_start=True), Engine(options), lines)


def _serve(proxy: RunningProxy, live: Live | None) -> None:
    """Wait for Ctrl-C or SIGTERM, saying what passes."""
    over = threading.Event()
    handlers: dict[int, Any] = {
        number: signal.signal(number, lambda *_: over.set()) for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        if live is None:
            while proxy.alive and not over.wait(1):
                pass
        else:
            live.watch(lambda: over.is_set() or not proxy.alive)
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)


def _end(
    call: CaptureCall, proxy: RunningProxy, live: Live | None, lines: ErrorLines, options: RunOptions, code: int
) -> int:
    """Close the recording, say what was found, and what to do next."""
    told = proxy.close()
    lines.flush()
    if live is not None:
        live.look(final=True)
        lines.flush()
    begun, written = int(told.get("begun", 0)), int(told.get("calls", 0))
    if not begun and (live is None or not live.calls):
        _say_nothing_came(proxy, lines)
        return code
    lost = f" · {plural(begun - written, 'call')} not recorded" if begun > written else ""
    found = f"{live.summary()} · " if live is not None else ""
    lines.say(f"{found}{plural(written, 'request')} in {proxy.path}{lost}")
    following = live.next_command() if live is not None else f"ctxdebug inspect {shlex.quote(proxy.path)}"
    if call.inspect:
        _inspect(live.to_look_at if live is not None else (proxy.path, None), options)
    elif following is not None:
        lines.say(f"next: {following}")
    return code


def _say_nothing_came(proxy: RunningProxy, lines: ErrorLines) -> None:
    with suppress(OSError):
        if not Path(proxy.path).stat().st_size:
            Path(proxy.path).unlink()
    lines.say(
        "no call came: the command may set its base URL itself, or its client reads none of the variables that "
        "`ctxdebug capture --port 8787` lists; in Python, ctxdebug.install() records from within"
    )


def _inspect(chosen: tuple[str, int | None] | None, options: RunOptions) -> None:
    """Show a call; without a number, the one that `inspect` chooses."""
    from ctxdebug.commands.inspect import InspectCall, inspect_capture

    if chosen is not None:
        inspect_capture(InspectCall(chosen[0], chosen[1], None, (), (), ()), options)

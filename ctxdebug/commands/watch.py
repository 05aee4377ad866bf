"""What `watch` does: follow captures that something writes, and say each new call with its worst finding."""

from __future__ import annotations

import os
import signal
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from ctxdebug.commands.live_calls import Live
from ctxdebug.errors import UsageError

if TYPE_CHECKING:
    from ctxdebug.engine.run import RunOptions


def watch(paths: list[str], options: RunOptions, *, from_start: bool = False) -> int:
    """Follow `paths` until Ctrl-C; returns 0."""
    from ctxdebug.engine.run import Engine
    from ctxdebug.recording.growth import Growth

    for path in paths:
        _refuse_other(path)
    several = len(paths) > 1 or Path(paths[0]).is_dir()
    live = Live(Growth(paths, options.load, from_start=from_start), Engine(options), _show, named=several)
    over = threading.Event()
    handlers = {number: signal.signal(number, lambda *_: over.set()) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        live.watch(lambda: over.is_set() or _reader_gone())
        live.look(final=True)
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
    sys.stderr.write(f"ctxdebug: {live.summary()}\n")
    if (following := live.next_command()) is not None:
        sys.stderr.write(f"ctxdebug: next: {following}\n")
    return 0


def _refuse_other(path: str) -> None:
    """Raise `UsageError` for what cannot be followed: what is not there, and what is neither a file nor a folder."""
    from ctxdebug.loading.walk import near_path

    try:
        known = bool(path) and Path(path).exists()
        followed = known and (Path(path).is_file() or Path(path).is_dir())
    except (OSError, ValueError) as error:
        raise UsageError(f"{path}: cannot be followed: {error}") from None
    if not known:
        raise UsageError(f"{path}: no such file or folder{near_path(path)}")
    if not followed:
        raise UsageError(f"{path}: is neither a file nor a folder")


def _show(parts: list[tuple[str, str]]) -> None:
    from ctxdebug.commands.terminal import say_parts

    say_parts(*parts)
    sys.stdout.flush()


def _reader_gone() -> bool:
    """Whether the process that started this one has gone, so that nobody reads any more."""
    return hasattr(os, "getppid") and os.getppid() == 1 and not sys.stdout.isatty()

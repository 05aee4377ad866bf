"""Writes calls to a file as they end: a line each, complete or not at all, and never an exception to whoever calls."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from ctxdebug.errors import UsageError
from ctxdebug.files import opened_regular
from ctxdebug.recording.call import MARK

MAX_BYTES = 256 * 1024 * 1024
"""Bytes of one file before the next is begun: the largest that is read without `--max-bytes`."""
SUFFIX = ".jsonl"
_FLAGS = os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)


class Line(Protocol):
    """Something that is one line of a recording."""

    def line(self) -> bytes:
        """Return the line with its end."""


class Recorder:
    """A recording that grows.

    `target` is a folder, in which each run gets a file named after its time (UTC), or a file that ends in `.jsonl`, which is
    appended to. A file that would exceed `max_bytes` is followed by the next, `NAME-2.jsonl`; with `keep`, only so many
    recordings stay in the folder, and the oldest are deleted. Files are readable by their owner only.

    A line is one write, flushed to the system: a killed process loses no call that has ended. When the disk is full,
    recording stops with one call of `warn`; nothing is raised. `began` is told of each file after the first.
    """

    def __init__(
        self,
        target: Path | str,
        *,
        max_bytes: int = MAX_BYTES,
        keep: int | None = None,
        warn: Callable[[str], None],
        began: Callable[[Path], None] | None = None,
    ) -> None:
        self._max_bytes = max_bytes
        self._keep = keep
        self._warn = warn
        self._began = began
        self._lock = threading.Lock()
        self._handle: int | None = None
        self._stopped = False
        self._own: list[Path] = []
        self.calls = 0
        """Lines that were written."""
        path = Path(target)
        self._single = path.suffix == SUFFIX and not path.is_dir()
        self._folder = path.parent if self._single else path
        self._stem = path.stem if self._single else f"{datetime.now(UTC):%Y%m%d-%H%M%S}"
        self._open(path if self._single else None)

    @property
    def paths(self) -> tuple[Path, ...]:
        """The files of this recording, in order."""
        return tuple(self._own)

    @property
    def stopped(self) -> bool:
        """Whether recording had to stop."""
        return self._stopped

    def put(self, call: Line) -> bool:
        """Write a call that has ended; whether it is in the file. Never raises."""
        if self._stopped:
            return False
        try:
            line = call.line()
        except Exception as error:  # noqa: BLE001 - a fault of ours may not reach the application's call
            self._say(f"a call could not be written: {type(error).__name__}: {error}")
            return False
        with self._lock:
            try:
                return self._write(line)
            except Exception as error:  # noqa: BLE001 - as above
                reason = (error.strerror or str(error)).lower() if isinstance(error, OSError) else str(error)
                self._stop(f"recording stopped, the application goes on: {self._own[-1]} cannot be written: {reason}")
                return False

    def close(self) -> None:
        """Close the file; what comes later is not written."""
        with self._lock:
            self._stopped = True
            if self._handle is not None:
                with suppress(OSError):
                    os.close(self._handle)
                self._handle = None

    def _write(self, line: bytes) -> bool:
        if self._stopped or self._handle is None:
            return False
        size = os.fstat(self._handle).st_size
        if size and size + len(line) > self._max_bytes:
            os.close(self._handle)
            self._open(None)
            if self._began is not None:
                self._began(self._own[-1])
            size = 0
        handle, written = self._handle, 0
        try:
            while written < len(line):
                written += os.write(handle, line[written:])
        except OSError:
            if written:
                with suppress(OSError):
                    os.ftruncate(handle, size)
            raise
        self.calls += 1
        return True

    def _open(self, path: Path | None) -> None:
        """Open a file that is given, or the next of the folder; raises `UsageError` where that cannot be."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            if path is not None:
                self._handle = os.open(path, _FLAGS, 0o600)
                _refuse_other(path)
            else:
                path, self._handle = self._next()
        except (OSError, ValueError) as error:
            place = path or self._folder
            reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
            raise UsageError(f"{place} cannot be written: {reason.lower()}") from None
        self._own.append(path)
        if self._keep is not None:
            self._forget_oldest(self._keep)

    def _next(self) -> tuple[Path, int]:
        number = len(self._own) + 1
        while True:
            path = self._folder / f"{self._stem}{f'-{number}' if number > 1 else ''}{SUFFIX}"
            try:
                return path, os.open(path, _FLAGS | os.O_EXCL, 0o600)
            except FileExistsError:
                number += 1

    def _forget_oldest(self, keep: int) -> None:
        """Delete the oldest recordings of the folder; no file that is not one, and never the one that grows."""
        others = (path for path in self._folder.glob(f"*{SUFFIX}") if path != self._own[-1] and _is_recording(path))
        found = sorted(others, key=lambda path: path.stat().st_mtime)
        for path in found[: max(0, len(found) + 1 - keep)]:
            with suppress(OSError):
                path.unlink()

    def _stop(self, message: str) -> None:
        self._stopped = True
        self._say(message)

    def _say(self, message: str) -> None:
        with suppress(Exception):
            self._warn(message)


def _refuse_other(path: Path) -> None:
    """Raise `UsageError` for a file with something else in it."""
    if path.stat().st_size and not _is_recording(path):
        raise UsageError(f"{path} exists and is no recording; name another file, or a folder")


def _is_recording(path: Path) -> bool:
    try:
        with opened_regular(path) as file:
            return file.read(len(MARK) + 2) == b'{"' + MARK.encode()
    except OSError:
        return False

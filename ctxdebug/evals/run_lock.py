"""A lock on a run, which ends with the process that holds it, however that ends."""

from __future__ import annotations

import os
import sys
from typing import IO, TYPE_CHECKING

from ctxdebug.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path


def locked(path: Path, otherwise: str) -> IO[str]:
    """Return an open file that holds the lock until it is closed; raises `UsageError` where another process has it."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o666)
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}") from None
    stream = os.fdopen(handle, "w", encoding="utf-8")
    try:
        _lock(stream)
    except OSError:
        stream.close()
        raise UsageError(otherwise) from None
    return stream


if sys.platform == "win32":

    def _lock(stream: IO[str]) -> None:
        import msvcrt

        msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1)

else:

    def _lock(stream: IO[str]) -> None:
        import fcntl

        fcntl.flock(stream.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)

"""A lock on a run, which ends with the process that holds it, however that ends."""

from __future__ import annotations

import os
import stat
import sys
from typing import IO, TYPE_CHECKING

from ctxdebug.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path


_FLAGS = os.O_WRONLY | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
"""Nothing is followed, and a pipe in the place of the file is not waited for."""


def locked(path: Path, otherwise: str) -> IO[str]:
    """Return an open file that holds the lock until it is closed; raises `UsageError` where another process has it."""
    try:
        handle = os.open(path, _FLAGS, 0o666)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise UsageError(f"{str(path)!r} cannot be written: {reason.lower()}") from None
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise UsageError(f"{path} is no regular file; not written")
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

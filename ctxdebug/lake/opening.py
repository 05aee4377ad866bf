"""A file of a lake as bytes: local or in a store, unpacked where it is gzip or zstd, never more of it held than asked for."""

from __future__ import annotations

import io
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any, cast

from ctxdebug.errors import LoadError
from ctxdebug.lake.locations import Located, file_system

_PACKINGS = ((b"\x1f\x8b", "gzip"), (b"\x28\xb5\x2f\xfd", "zstd"))
_BUFFER = 1 << 20


@contextmanager
def raw(file: Located) -> Iterator[Any]:
    """Open a file for reading at any place in it, as Arrow's readers want it; raises `LoadError` where that fails."""
    import pyarrow as pa

    try:
        if file.remote:
            store, path = file_system(file.place)
            opened = store.open_input_file(path)
        else:
            opened = pa.PythonFile(_regular(file.place), mode="r")
    except (pa.ArrowException, OSError, ValueError) as error:
        raise LoadError(f"cannot be opened: {reason(error)}") from error
    with opened:
        yield opened


@contextmanager
def unpacked(file: Located) -> Iterator[IO[bytes]]:
    """Open a file as a stream of its bytes, unpacked; what is wrong with them shows while they are read."""
    import pyarrow as pa

    with raw(file) as opened:
        beginning = bytes(opened.read(4))
        opened.seek(0)
        packing = next((name for mark, name in _PACKINGS if beginning.startswith(mark)), None)
        stream = opened if packing is None else pa.CompressedInputStream(opened, packing)
        yield cast("IO[bytes]", io.BufferedReader(stream, _BUFFER))


def _regular(path: str) -> IO[bytes]:
    """Open a regular file, without waiting for what became a pipe meanwhile."""
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise OSError("is not a regular file")
    return os.fdopen(handle, "rb")


def reason(error: BaseException) -> str:
    """Return in one line why a file could not be read, as the library or the system says it."""
    said = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return (said.strip().splitlines() or [type(error).__name__])[0][:300]

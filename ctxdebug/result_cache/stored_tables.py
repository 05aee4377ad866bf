"""What an earlier run compiled: patterns and phrases of which one exchange needs hundreds, half of the cost of a small check.

One file holds all that was ever needed, authenticated like a result, for one version of Python and of ctxdebug.
"""

from __future__ import annotations

import marshal
import os
import sys
from typing import Any

import ctxdebug
from ctxdebug.digests import blake2b
from ctxdebug.result_cache.sealed_file import DamagedEntryError, keyed, read_sealed, write_sealed
from ctxdebug.text.stored import keep_in
from ctxdebug.tokens.user_folders import cache_folder

FORMAT = "tables-3"
"""The folder's name; another shape of the file needs a new one."""
_MOST = 8_000_000
"""Bytes; a file that has grown beyond begins anew with what was needed last."""


class StoredTables:
    """Values by table and key; new ones reach the disk with `flush`. Never raises: a damaged file is an empty one."""

    def __init__(self, folder: str) -> None:
        self._name = f"{ctxdebug.__version__} {sys.version} {sys.byteorder}".encode()
        self._path = os.path.join(folder, keyed(self._name, b"stored tables", 16).hex())
        self._values = self._read()
        """What each value is as bytes: most are not asked for, and stay so."""
        self._used: dict[bytes, bytes] = {}
        self._new = False

    def get(self, table: str, key: Any) -> Any:
        """Return the value that was kept under a key of a table; None where none was."""
        name = _name(table, key)
        found = self._values.get(name)
        if found is None:
            return None
        self._used[name] = found
        return marshal.loads(found)  # noqa: S302 - only what this user's key authenticates

    def put(self, table: str, key: Any, value: Any) -> None:
        """Keep a value."""
        name = _name(table, key)
        self._values[name] = self._used[name] = marshal.dumps(value)
        self._new = True

    def flush(self) -> None:
        """Write the file where there are new values."""
        if not self._new:
            return
        self._new = False
        body = marshal.dumps(self._values)
        if len(body) > _MOST:
            body = marshal.dumps(self._used)
        try:
            write_sealed(self._path, self._name, body)
        except OSError:
            return

    def _read(self) -> dict[bytes, bytes]:
        try:
            body = read_sealed(self._path, self._name, _MOST)
        except DamagedEntryError:
            return {}
        return {} if body is None else marshal.loads(body)  # noqa: S302 - only what this user's key authenticates


def _name(table: str, key: Any) -> bytes:
    """Return what stands for a key in the file: keys may be long texts."""
    held = blake2b(digest_size=16)
    for part in (table, *(key if isinstance(key, tuple) else (key,))):
        data = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else repr(part).encode()
        held.update(b"%s %d " % (type(part).__name__.encode(), len(data)))
        held.update(data)
    return held.digest()


_open: list[StoredTables] = []


def tables_folder() -> str | None:
    """Where the file is kept; None when there is no cache folder."""
    base = cache_folder()
    return None if base is None else os.path.join(base, FORMAT)


def use_tables() -> None:
    """Take what an earlier run compiled from now on."""
    folder = tables_folder()
    if folder is not None and not _open:
        _open.append(StoredTables(folder))
        keep_in(_open[0])


def keep_tables() -> None:
    """Keep what was compiled anew since, and compile as ever again."""
    for tables in _open:
        tables.flush()
    _open.clear()
    keep_in(None)

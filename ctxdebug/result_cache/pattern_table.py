"""Patterns that were compiled once: compiling those that one exchange needs costs a fifth of a small check.

One file holds all that were ever needed, authenticated like a result, for one version of Python and of ctxdebug.
"""

from __future__ import annotations

import marshal
import os
import re

import ctxdebug
from ctxdebug.result_cache.sealed_file import DamagedEntryError, keyed, read_sealed, write_sealed
from ctxdebug.text.pattern_code import PatternParts, engine, put_together, taken_apart
from ctxdebug.text.patterns import compile_by
from ctxdebug.tokens.memo import cache_folder

FORMAT = "patterns-1"
"""The folder's name; another shape of the file needs a new one."""
_MOST = 8_000_000
"""Bytes; a table that has grown beyond begins anew with what was needed last."""


class StoredPatterns:
    """Patterns by source and flags; new ones reach the disk with `flush`. Never raises on a cache that is damaged."""

    def __init__(self, folder: str) -> None:
        self._name = f"{ctxdebug.__version__} {engine()}".encode()
        self._path = os.path.join(folder, keyed(self._name, b"pattern table", 16).hex())  # noqa: PTH118
        self._parts = self._read()
        self._used: dict[tuple[str, int], PatternParts] = {}
        self._new = False

    def compiled(self, source: str, flags: int) -> re.Pattern[str]:
        """Return the pattern, as `re.compile` does; raises `re.error` on a faulty one."""
        key = source, int(flags)
        parts = self._parts.get(key)
        if parts is None:
            parts = taken_apart(source, int(flags))
            if parts is None:
                return re.compile(source, flags)
            self._parts[key] = parts
            self._new = True
        self._used[key] = parts
        return put_together(source, parts)

    def flush(self) -> None:
        """Write the table where it has new patterns."""
        if not self._new:
            return
        self._new = False
        body = marshal.dumps(self._parts)
        if len(body) > _MOST:
            body = marshal.dumps(self._used)
        try:
            write_sealed(self._path, self._name, body)
        except OSError:
            return

    def _read(self) -> dict[tuple[str, int], PatternParts]:
        try:
            body = read_sealed(self._path, self._name, _MOST)
        except DamagedEntryError:
            return {}
        return {} if body is None else marshal.loads(body)  # noqa: S302 - only what this user's key authenticates


_stored: list[StoredPatterns] = []


def patterns_folder() -> str | None:
    """Where the table is kept; None when there is no cache folder."""
    base = cache_folder()
    return None if base is None else os.path.join(base, FORMAT)  # noqa: PTH118


def store_patterns() -> None:
    """Take patterns from the user's table from now on, where this Python allows it."""
    folder = patterns_folder()
    if folder is None or engine() is None:
        return
    _stored[:] = [StoredPatterns(folder)]
    compile_by(_stored[0])


def keep_patterns() -> None:
    """Keep what was compiled anew since, and compile as ever again."""
    for stored in _stored:
        stored.flush()
    _stored.clear()
    compile_by(None)

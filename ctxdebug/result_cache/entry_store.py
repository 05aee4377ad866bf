"""The folder of kept results: one file an entry, written at once, authenticated with the user's own key, few and not old.

An entry is 32 bytes of authentication and a JSON text. Whoever can write into the folder cannot make an entry that is
believed, because the key stands outside of it; a damaged, moved or forged entry costs an examination and nothing else.
"""

from __future__ import annotations

import json
import os
import stat
import time
from collections.abc import Iterator
from typing import Any, NamedTuple

from ctxdebug.result_cache.sealed_file import read_sealed, write_sealed
from ctxdebug.tokens.user_folders import cache_folder

FORMAT = "results-1"
"""The folder's name; another shape of the entries needs a new one."""
LARGEST = 8_000_000
"""Bytes of one entry: what is larger is examined anew."""
ROOM = 64_000_000
"""Bytes of all entries; beyond, those that were used the longest ago go."""
OLDEST = 30 * 86_400
"""Seconds after its last use that an entry goes."""
KEY_SIZE = 16


class Census(NamedTuple):
    """How many entries there are, their bytes, and the seconds since the least recently used one was used."""

    entries: int
    size: int
    idle: float


def results_folder() -> str | None:
    """Where results are kept; None when there is no cache folder."""
    base = cache_folder()
    return None if base is None else os.path.join(base, FORMAT)


def read_entry(folder: str, key: bytes) -> Any | None:
    """Return what was kept under a key; None where nothing was; raises `DamagedEntryError` where it cannot be believed."""
    path = _path(folder, key)
    body = read_sealed(path, key, LARGEST)
    if body is None:
        return None
    _touch(path)
    return json.loads(body)


def write_entry(folder: str, key: bytes, value: Any) -> bool:
    """Keep a JSON value under a key; whether it was kept. Never raises: a folder that takes nothing keeps nothing."""
    body = json.dumps(value, ensure_ascii=True, separators=(",", ":")).encode("ascii")
    if len(body) > LARGEST:
        return False
    try:
        write_sealed(_path(folder, key), key, body)
        _make_room(folder)
    except OSError:
        return False
    return True


def clear(folder: str) -> int:
    """Remove every entry; returns how many there were."""
    count = 0
    for name, _ in _entries(folder):
        count += _remove(folder, name)
    return count


def census(folder: str) -> Census:
    """Return how many entries there are, how large and how old."""
    found = [held for _, held in _entries(folder)]
    now = time.time()
    return Census(
        len(found), sum(held.st_size for held in found), max((now - held.st_mtime for held in found), default=0)
    )


def _path(folder: str, key: bytes) -> str:
    return os.path.join(folder, key.hex())


def _touch(path: str) -> None:
    try:
        os.utime(path, follow_symlinks=False)
    except (OSError, NotImplementedError):
        return


def _entries(folder: str) -> Iterator[tuple[str, os.stat_result]]:
    """Yield the entries of the folder, and what an interrupted run left of one; nothing that has another name."""
    try:
        with os.scandir(folder) as listed:
            for entry in listed:
                stem, _, rest = entry.name.partition(".")
                if (
                    len(stem) == 2 * KEY_SIZE
                    and set(stem) <= set("0123456789abcdef")
                    and (not rest or rest.endswith(".new"))
                ):
                    held = entry.stat(follow_symlinks=False)
                    if stat.S_ISREG(held.st_mode):
                        yield entry.name, held
    except OSError:
        return


def _make_room(folder: str) -> None:
    now, held = time.time(), 0
    for name, entry in sorted(_entries(folder), key=lambda item: -item[1].st_mtime):
        held += entry.st_size
        if held > ROOM or now - entry.st_mtime > OLDEST:
            _remove(folder, name)


def _remove(folder: str, name: str) -> bool:
    try:
        os.unlink(os.path.join(folder, name))
    except OSError:
        return False
    return True

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
from hashlib import blake2b
from hmac import compare_digest
from typing import Any, NamedTuple

from ctxdebug.tokens.cache_key import cache_key
from ctxdebug.tokens.memo import cache_folder

FORMAT = "results-1"
"""The folder's name; another shape of the entries needs a new one."""
LARGEST = 8_000_000
"""Bytes of one entry: what is larger is examined anew."""
ROOM = 64_000_000
"""Bytes of all entries; beyond, those that were used the longest ago go."""
OLDEST = 30 * 86_400
"""Seconds after its last use that an entry goes."""
KEY_SIZE = 16
_MARK = 32
_CAREFULLY = sum(getattr(os, name, 0) for name in ("O_BINARY", "O_NONBLOCK", "O_NOFOLLOW", "O_CLOEXEC"))


class DamagedEntryError(Exception):
    """An entry is there that this user's ctxdebug did not write so."""


class Census(NamedTuple):
    """How many entries there are, their bytes, and the seconds since the least recently used one was used."""

    entries: int
    size: int
    idle: float


def results_folder() -> str | None:
    """Where results are kept; None when there is no cache folder."""
    base = cache_folder()
    return None if base is None else os.path.join(base, FORMAT)  # noqa: PTH118 - paths are strings in this file: it runs at every start


def keyed(data: bytes, purpose: bytes, size: int) -> bytes:
    """Return a digest of data that only this user can make."""
    return blake2b(data, key=cache_key(), person=purpose, digest_size=size).digest()


def read_entry(folder: str, key: bytes) -> Any | None:
    """Return what was kept under a key; None where nothing was; raises `DamagedEntryError` where it cannot be believed."""
    path = _path(folder, key)
    try:
        handle = os.open(path, os.O_RDONLY | _CAREFULLY)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise DamagedEntryError from error
    with os.fdopen(handle, "rb", buffering=0) as stream:
        found = os.fstat(handle)
        if not stat.S_ISREG(found.st_mode) or (os.name == "posix" and found.st_uid != os.geteuid()):
            raise DamagedEntryError
        data = stream.read(LARGEST + _MARK + 1)
    mark, body = data[:_MARK], data[_MARK:]
    if len(body) > LARGEST or not compare_digest(mark, _mark(key, body)):
        raise DamagedEntryError
    _touch(path)
    return json.loads(body)


def write_entry(folder: str, key: bytes, value: Any) -> bool:
    """Keep a JSON value under a key; whether it was kept. Never raises: a folder that takes nothing keeps nothing."""
    body = json.dumps(value, ensure_ascii=True, separators=(",", ":")).encode("ascii")
    if len(body) > LARGEST:
        return False
    path = _path(folder, key)
    fresh = f"{path}.{os.getpid()}.new"
    try:
        os.makedirs(folder, mode=0o700, exist_ok=True)  # noqa: PTH103
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | _CAREFULLY, 0o600)
        with os.fdopen(handle, "wb") as stream:
            stream.write(_mark(key, body) + body)
        os.replace(fresh, path)  # noqa: PTH105
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
    return os.path.join(folder, key.hex())  # noqa: PTH118


def _mark(key: bytes, body: bytes) -> bytes:
    return keyed(key + body, b"result entry", _MARK)


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
        os.unlink(os.path.join(folder, name))  # noqa: PTH108, PTH118
    except OSError:
        return False
    return True

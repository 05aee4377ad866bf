"""What was counted once is not counted again: counts by content hash, in the user's cache folder.

A run must be able to look up ten texts without loading anything, and fifty thousand without slowing down. So the
memo is 256 small files, chosen by the first byte of the key, each a heap of fixed records: 16 bytes key, 4 bytes
count, 4 bytes check. Records are only ever appended, in one write; a reader looks for the key wherever it stands and
believes it only with its check, so torn, mixed or damaged files cost a recount and nothing else; so do forged ones,
for the check needs the user's own key, which is not in the cache.
"""

from __future__ import annotations

import os
import stat
import struct
from pathlib import Path
from typing import TYPE_CHECKING

from ctxdebug.digests import blake2b
from ctxdebug.tokens.cache_key import cache_key
from ctxdebug.tokens.user_folders import cache_folder

if TYPE_CHECKING:
    from typing import Self

FORMAT = "tokens-2"
"""Part of the folder's name; a change of the records or of the keys needs a new one."""
SHARD_LIMIT = 96 * 1024
"""Bytes. A shard that has grown beyond keeps its newer half, so the memo stays below 24 MB."""
PENDING_LIMIT = 100_000
"""Counts held in memory before they are written."""

_RECORD = struct.Struct("<16sII")
_CAREFULLY = sum(getattr(os, name, 0) for name in ("O_BINARY", "O_NONBLOCK", "O_NOFOLLOW", "O_CLOEXEC"))


class Memo:
    """Counts by key (16 bytes). Never raises: a folder that cannot be read or written is an empty memo.

    New counts reach the disk with `flush`, or at the end of a `with` block.
    """

    def __init__(self, folder: Path | None = None, *, enabled: bool = True) -> None:
        """Take `folder`: where to keep it, by default the user's cache folder; `enabled=False` keeps nothing."""
        base = (folder or cache_folder()) if enabled else None
        self._folder = base / FORMAT if base else None
        self._shards: dict[int, bytes] = {}
        self._pending: dict[bytes, int] = {}
        self._writable = True

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.flush()

    def get(self, key: bytes) -> int | None:
        """Look up the count kept for a key."""
        if self._folder is None:
            return None
        if key in self._pending:
            return self._pending[key]
        shard = self._shards.get(key[0])
        if shard is None:
            shard = self._shards[key[0]] = _read(self._folder / f"{key[0]:02x}")
        return _found(shard, key)

    def put(self, key: bytes, count: int) -> None:
        """Keep a count (below 2**32) for a key."""
        if self._folder is None or not self._writable or not 0 <= count < 1 << 32:
            return
        self._pending[key] = count
        if len(self._pending) >= PENDING_LIMIT:
            self.flush()

    def flush(self) -> None:
        """Write what is new, one append for each shard concerned."""
        if self._folder is None or not self._pending:
            return
        batches: dict[int, list[bytes]] = {}
        for key, count in self._pending.items():
            batches.setdefault(key[0], []).append(_RECORD.pack(key, count, _check(key, count)))
        self._pending = {}
        self._shards = {}
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError:
            self._writable = False
            return
        for number, records in batches.items():
            try:
                _append(self._folder / f"{number:02x}", b"".join(records))
            except OSError:
                self._writable = False


def shards(base: Path) -> list[Path]:
    """Return the files of the memo in a cache folder: those of its own names."""
    try:
        found = sorted((base / FORMAT).iterdir())
    except OSError:
        return []
    return [path for path in found if len(path.stem) == 2 and path.is_file() and not path.is_symlink()]


def clear(base: Path) -> int:
    """Remove the memo's files from a cache folder; returns how many there were."""
    files = shards(base)
    for path in files:
        path.unlink(missing_ok=True)
    return len(files)


def _check(key: bytes, count: int) -> int:
    mark = blake2b(key + count.to_bytes(4, "little"), key=cache_key(), digest_size=4)
    return int.from_bytes(mark.digest(), "little")


def _read(path: Path) -> bytes:
    try:
        with os.fdopen(_open(path, os.O_RDONLY), "rb") as file:
            return file.read(4 * SHARD_LIMIT)
    except OSError:
        return b""


def _open(path: Path, flags: int) -> int:
    """Open a shard, which is a regular file; raises `OSError` for a link or a pipe, which could lead away or block."""
    descriptor = os.open(path, flags | _CAREFULLY, 0o600)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(f"{path} is no regular file")
    return descriptor


def _found(shard: bytes, key: bytes) -> int | None:
    at = shard.find(key)
    while at >= 0:
        if at + _RECORD.size <= len(shard):
            _, count, check = _RECORD.unpack_from(shard, at)
            if check == _check(key, count):
                return int(count)
        at = shard.find(key, at + 1)
    return None


def _append(path: Path, records: bytes) -> None:
    descriptor = _open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    try:
        os.write(descriptor, records)
        size = os.fstat(descriptor).st_size
    finally:
        os.close(descriptor)
    if size > SHARD_LIMIT:
        _shrink(path)


def _shrink(path: Path) -> None:
    """Keep the newer half; what another process appends meanwhile may be lost, and is then counted again."""
    kept = _read(path)[-(SHARD_LIMIT // 2) :]
    fresh = path.with_suffix(f".{os.getpid()}")
    fresh.write_bytes(kept)
    fresh.replace(path)

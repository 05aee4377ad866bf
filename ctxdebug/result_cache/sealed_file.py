"""A file of the user's cache that is written at once, and believed only with the user's own mark on it."""

from __future__ import annotations

import os
import stat

from ctxdebug.digests import blake2b, compare_digest
from ctxdebug.tokens.cache_key import cache_key

_MARK = 32
_CAREFULLY = sum(getattr(os, name, 0) for name in ("O_BINARY", "O_NONBLOCK", "O_NOFOLLOW", "O_CLOEXEC"))


class DamagedEntryError(Exception):
    """A file is there that this user's ctxdebug did not write so."""


def keyed(data: bytes, purpose: bytes, size: int) -> bytes:
    """Return a digest of data that only this user can make."""
    return blake2b(data, key=cache_key(), person=purpose, digest_size=size).digest()


def read_sealed(path: str, name: bytes, most: int) -> bytes | None:
    """Return what was written under a name; None where nothing was; raises `DamagedEntryError` where it cannot be believed.

    `most`: bytes; a larger file is not believed.
    """
    try:
        handle = os.open(path, os.O_RDONLY | _CAREFULLY)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise DamagedEntryError from error
    found = os.fstat(handle)
    if not stat.S_ISREG(found.st_mode) or (os.name == "posix" and found.st_uid != os.geteuid()):
        os.close(handle)
        raise DamagedEntryError
    with os.fdopen(handle, "rb", buffering=0) as stream:
        data = stream.read(most + _MARK + 1) or b""
    mark, body = data[:_MARK], data[_MARK:]
    if len(body) > most or not compare_digest(mark, _mark(name, body)):
        raise DamagedEntryError
    return body


def write_sealed(path: str, name: bytes, body: bytes) -> None:
    """Write a file for this user alone; raises `OSError` where that cannot be."""
    folder = os.path.dirname(path)
    fresh = f"{path}.{os.getpid()}.new"
    os.makedirs(folder, mode=0o700, exist_ok=True)
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | _CAREFULLY, 0o600)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(_mark(name, body) + body)
        os.replace(fresh, path)
    except OSError:
        os.unlink(fresh)
        raise


def _mark(name: bytes, body: bytes) -> bytes:
    return keyed(name + body, b"result entry", _MARK)

"""The user's own key for the cache of counts: what somebody else put into the cache is not believed.

A cache folder may be shared, or restored from a job that ran foreign code; a forged count would hide a prompt that is too
long. The key stands outside of it, readable by its user alone, so a cache from elsewhere costs a recount and nothing else.
"""

from __future__ import annotations

import os
import stat
from functools import cache
from pathlib import Path

from ctxdebug.tokens.user_folders import user_folder

SIZE = 32
"""Bytes of a key."""
_CAREFULLY = sum(getattr(os, name, 0) for name in ("O_BINARY", "O_NONBLOCK", "O_NOFOLLOW", "O_CLOEXEC"))


def state_folder() -> Path | None:
    """Where this user's state belongs on this platform; None when there is no home."""
    return user_folder(
        "XDG_STATE_HOME", {"win32": "AppData/Local", "darwin": "Library/Application Support"}, ".local/state"
    )


def cache_key() -> bytes:
    """Return the user's key, made on first use; one for this process alone where it can be kept nowhere."""
    folder = state_folder()
    return _kept(folder / "cache-key") if folder is not None else _own()


@cache
def _own() -> bytes:
    import secrets

    return secrets.token_bytes(SIZE)


@cache
def _kept(path: Path) -> bytes:
    for _ in range(2):  # another process may make it between the two steps
        try:
            return _read(path)
        except FileNotFoundError:
            try:
                _make(path)
            except FileExistsError:
                continue
            except OSError:
                break
        except OSError:
            break
    return _read_again(path)


def _read_again(path: Path) -> bytes:
    try:
        return _read(path)
    except OSError:
        return _own()


def _read(path: Path) -> bytes:
    handle = os.open(path, os.O_RDONLY | _CAREFULLY)
    with os.fdopen(handle, "rb") as stream:
        found = os.fstat(handle)
        if not stat.S_ISREG(found.st_mode) or (os.name == "posix" and found.st_uid != os.geteuid()):
            raise OSError(f"{path} is not this user's")
        key = stream.read(SIZE + 1)
    if len(key) != SIZE:
        raise OSError(f"{path} is no key")
    return key


def _make(path: Path) -> None:
    import secrets

    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(6)}")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _CAREFULLY, 0o600)
    with os.fdopen(handle, "wb") as stream:
        stream.write(secrets.token_bytes(SIZE))
    try:
        os.link(fresh, path)  # appears complete, and never replaces one that is there
    finally:
        fresh.unlink()

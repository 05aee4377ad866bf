"""One way to write a file: it appears whole or not at all, and what is no regular file is never replaced."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO

from ctxdebug.errors import UsageError
from ctxdebug.reads import reads_file


def write_whole(path: Path | str, data: bytes | str, *, folders: bool = False, within: Path | None = None) -> None:
    """Write a file in one move; an interrupted write leaves the old file.

    A character device or a pipe (`/dev/stdout`, `>(…)`) is written through, never replaced. A folder, a block device,
    a socket and a symbolic link to a file are refused, as is a target whose folder leads out of `within`. The file gets
    the permissions that the umask leaves; one that exists keeps its own. With `folders`, missing folders are made. Raises
    `UsageError` naming the path.
    """
    target = Path(path)
    content = data.encode("utf-8", "backslashreplace") if isinstance(data, str) else data
    try:
        if _through(target):
            _write_through(target, content)
            return
        if within is not None and not _inside(target, within):
            raise UsageError(f"{path} leads out of {within}; not written")
        if target.is_file() and _content(target) == content:
            return
        if folders:
            target.parent.mkdir(parents=True, exist_ok=True)
        _replace(target, content)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {(error.strerror or str(error)).lower()}") from None
    except ValueError as error:
        raise UsageError(f"{path!r} cannot be written: {error}") from None


def _content(target: Path) -> bytes | None:
    with opened_regular(target) as stream:
        return stream.read()


def read_regular(path: Path | str) -> str:
    """Return the text of a regular file (UTF-8); raises `UsageError` naming the path for anything else, and never waits.

    A project's own files may have been put there by somebody else: a pipe in their place must not hang a run.
    """
    reads_file(path)
    try:
        with opened_regular(path) as stream:
            return (stream.read() or b"").decode("utf-8")  # `/proc/kmsg` gives None where it has nothing to give
    except (OSError, ValueError) as error:
        reason = error.strerror.lower() if isinstance(error, OSError) and error.strerror else str(error)
        raise UsageError(f"{path}: cannot be read: {reason}") from None


def opened_regular(path: Path | str) -> BinaryIO:
    """Open a regular file for reading; raises `OSError` for anything else, and never waits."""
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise OSError(errno.EINVAL, "it is no regular file", str(path))
    return os.fdopen(handle, "rb")


def _through(target: Path) -> bool:
    """Whether a path is written through; raises `UsageError` where it is neither that nor a regular file."""
    try:
        mode = target.stat().st_mode
    except FileNotFoundError:
        if target.is_symlink():
            raise UsageError(f"{target} is a symbolic link that leads nowhere; not written") from None
        return False
    if stat.S_ISCHR(mode) or stat.S_ISFIFO(mode) or _descriptor(target):
        return True
    if target.is_symlink():
        raise UsageError(f"{target} is a symbolic link; not written")
    if stat.S_ISREG(mode):
        return False
    kinds = ((stat.S_ISDIR, "directory"), (stat.S_ISBLK, "block device"), (stat.S_ISSOCK, "socket"))
    kind = next((word for of, word in kinds if of(mode)), "special file")
    raise UsageError(f"{target} is a {kind}; not written")


def _descriptor(target: Path) -> bool:
    """Whether a path names an open file of this process, such as standard output sent to a file."""
    names = {"/dev/stdout", "/dev/stderr", "/proc/self/fd/1", "/proc/self/fd/2"}
    return str(target) in names or str(target.parent) in {"/dev/fd", "/proc/self/fd"}


def _write_through(target: Path, content: bytes) -> None:
    handle = os.open(target, os.O_WRONLY | os.O_APPEND)
    with os.fdopen(handle, "wb") as stream:
        stream.write(content)


def _inside(target: Path, folder: Path) -> bool:
    return target.parent.resolve().is_relative_to(folder.resolve())


def _replace(target: Path, content: bytes) -> None:
    import secrets

    temporary = target.with_name(f".{target.name[:40]}.{secrets.token_hex(6)}")
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        if target.exists():
            temporary.chmod(stat.S_IMODE(target.stat().st_mode))
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise

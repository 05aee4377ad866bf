"""What a run reads: each file, folder and place that its result depends on, with a digest of what was there.

While nobody listens, noting costs a comparison. The readers of captures, of the configuration and of the baseline note
what they look at; the cache of results keeps the notes, and believes a result only while all of them are still true.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

from ctxdebug.digests import blake2b

FILE, FOLDER, PLACE = "file", "folder", "place"
_BLOCK = 1 << 20
_KINDS = {stat.S_IFREG: "file", stat.S_IFDIR: "folder"}
_ABSENT = "absent"
_READ = os.O_RDONLY | sum(getattr(os, name, 0) for name in ("O_NONBLOCK", "O_BINARY", "O_CLOEXEC"))


class Reads:
    """The notes of one run: (kind, path) → digest. `whole` is false once something could not be noted."""

    def __init__(self) -> None:
        self.seen: dict[tuple[str, str], str] = {}
        self.whole = True

    def note(self, kind: str, path: str) -> None:
        """Note what is at a path, the first time that it is looked at."""
        if self.whole and (kind, path) not in self.seen:
            try:
                self.seen[kind, path] = found_at(kind, path)
            except (OSError, ValueError):
                self.whole = False

    def hold(self) -> bool:
        """Whether everything was noted, and is still what it was."""
        return self.whole and still(self.seen)


_listeners: list[Reads] = []


@contextmanager
def listening(reads: Reads) -> Iterator[Reads]:
    """Have everything that is read noted in `reads`."""
    _listeners.append(reads)
    try:
        yield reads
    finally:
        _listeners.remove(reads)


def reads_file(path: str | os.PathLike[str]) -> None:
    """Say that the content of a file is about to be read."""
    _say(FILE, path)


def reads_folder(path: str | os.PathLike[str]) -> None:
    """Say that the names in a folder are about to be read."""
    _say(FOLDER, path)


def asks_for(path: str | os.PathLike[str]) -> None:
    """Say that a result depends on what a path is: nothing, a file, a folder, and where a link leads."""
    _say(PLACE, path)


def _say(kind: str, path: str | os.PathLike[str]) -> None:
    if _listeners:
        for reads in _listeners:
            reads.note(kind, os.fspath(path))


def still(seen: Mapping[tuple[str, str], str]) -> bool:
    """Whether every note is true now."""
    try:
        return all(found_at(kind, path) == digest for (kind, path), digest in seen.items())
    except (OSError, ValueError):
        return False


def found_at(kind: str, path: str) -> str:
    """Return a digest of a file's content, of a folder's names, or of what a path is; raises `OSError` where it cannot be told."""
    if kind == FILE:
        return _content(path)
    if kind == FOLDER:
        return _names(path)
    return _place(path)


def _content(path: str) -> str:
    try:
        handle = os.open(path, _READ)
    except FileNotFoundError:
        return _ABSENT
    with os.fdopen(handle, "rb", buffering=0) as stream:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            return "no file"
        held = blake2b(digest_size=16)
        while block := stream.read(_BLOCK):
            held.update(block)
    return held.hexdigest()


def _names(path: str) -> str:
    try:
        with os.scandir(path) as entries:
            rows = sorted(f"{entry.name}\0{_kind(entry)}" for entry in entries)
    except (FileNotFoundError, NotADirectoryError):
        return _ABSENT
    return _digest(rows)


def _kind(entry: os.DirEntry[str]) -> str:
    if not entry.is_symlink():
        return str(stat.S_IFMT(entry.stat(follow_symlinks=False).st_mode))
    try:
        return f"link to {stat.S_IFMT(entry.stat().st_mode)}"
    except FileNotFoundError:
        return "link to nothing"


def _place(path: str) -> str:
    try:
        mode = os.stat(path).st_mode  # noqa: PTH116 - strings only: this runs where pathlib is not loaded yet
    except (FileNotFoundError, NotADirectoryError):
        return _ABSENT
    real = os.path.realpath(path).encode("utf-8", "surrogateescape")
    return f"{_KINDS.get(stat.S_IFMT(mode), 'other')} {blake2b(real, digest_size=16).hexdigest()}"


def _digest(rows: Iterable[str]) -> str:
    held = blake2b(digest_size=16)
    for row in rows:
        held.update(row.encode("utf-8", "surrogateescape") + b"\n")
    return held.hexdigest()

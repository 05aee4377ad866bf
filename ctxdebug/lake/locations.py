"""The files that a scan reads: folders, globs, files, and the same in an object store."""

from __future__ import annotations

import glob
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from ctxdebug.decoding.source import STDIN
from ctxdebug.errors import UsageError
from ctxdebug.loading.walk import Met, PassedOver, walk
from ctxdebug.model import Problem
from ctxdebug.records import record

TABLES = frozenset(
    {".parquet", ".pq", ".arrow", ".arrows", ".feather", ".ipc", ".duckdb", ".ddb", ".db", ".sqlite", ".sqlite3"}
)
"""Suffixes of tables, which a folder walk of `check` passes over."""
_PACKED = frozenset({".zst", ".gz"})
_TEXTS = frozenset({".json", ".jsonl", ".ndjson", ".yaml", ".yml", ".har", ".log", ".txt", ".eval", ".traj", ".sse"})
_WILD = frozenset("*?[")
_MEANT = frozenset({"hidden", "vendored folder", "excluded by the configuration", "link to a folder"})
"""Why a walk passes something over, whatever it holds."""


@record(frozen=True, slots=True)
class Located:
    """One file: the name by which results tell it, where it is opened, and a stamp that changes when it does."""

    name: str
    place: str
    size: int
    stamp: str
    expected: bool
    """Named, or in a folder of captures: it must be readable."""

    @property
    def remote(self) -> bool:
        """Whether the file is in an object store."""
        return "://" in self.place


def locate(sources: Sequence[str], exclude: Sequence[str] = ()) -> Iterator[Located | PassedOver | Problem]:
    """Yield the files that `sources` mean, each once, in a stable order. Raises `UsageError` where a store cannot be asked."""
    seen: set[str] = set()
    for source in sources:
        if source == STDIN:
            raise UsageError("a scan reads its files again where it goes on: give a file, not standard input")
        for found in _remote(source) if "://" in source else _local(source, exclude):
            if not isinstance(found, Located):
                yield found
            elif found.place not in seen:
                seen.add(found.place)
                yield found


def _local(source: str, exclude: Sequence[str]) -> Iterator[Located | PassedOver | Problem]:
    if _WILD & set(source) and not Path(source).exists():
        paths = sorted(glob.glob(source, recursive=True))  # noqa: PTH207 - the pattern may be absolute
        if not paths:
            yield Problem(source, "no file fits this pattern")
    else:
        paths = [source]
    for found in walk(paths, exclude):
        if isinstance(found, Met):
            yield from _entry(found.path, expected=found.expected)
        elif isinstance(found, PassedOver) and found.kind not in _MEANT and _suffix(found.path) in TABLES | _PACKED:
            yield from _entry(found.path, expected=True)
        else:
            yield found


def _entry(path: str, *, expected: bool) -> Iterator[Located | Problem]:
    try:
        seen = Path(path).stat()
    except OSError as error:
        yield Problem(path, f"cannot be opened: {(error.strerror or str(error)).lower()}")
        return
    yield Located(path, path, seen.st_size, f"{seen.st_size}-{seen.st_mtime_ns}", expected)


def _suffix(path: str) -> str:
    """Return the last suffix of a name in small letters; for a compressed file of text `.zst` or `.gz`."""
    name = PurePosixPath(path)
    last = name.suffix.lower()
    return last if last not in _PACKED or PurePosixPath(name.stem).suffix.lower() in _TEXTS else ""


def _remote(source: str) -> Iterator[Located | Problem]:
    """Yield the files of an object store: one, those under a prefix, or those that fit a pattern."""
    from pyarrow import ArrowException
    from pyarrow.fs import FileSelector, FileType

    try:
        parts = urlsplit(source)
    except ValueError as error:
        raise UsageError(f"an address that cannot be read: {error}") from None
    wild = next((at for at, step in enumerate(parts.path.split("/")) if _WILD & set(step)), None)
    steps = parts.path.split("/")
    base = parts._replace(path="/".join(steps[:wild]) if wild is not None else parts.path)
    try:
        store, path = file_system(base.geturl())
        info = store.get_file_info(path)
        named = info.type == FileType.File
        listed = [info] if named else store.get_file_info(FileSelector(path, recursive=True, allow_not_found=True))
    except (ArrowException, OSError, ValueError) as error:
        raise UsageError(f"{bare(source)}: cannot be listed: {_first_line(error)}") from None
    files = sorted((one for one in listed if one.type == FileType.File), key=lambda one: str(one.path))
    pattern = f"{parts.netloc.rpartition('@')[2]}{parts.path}" if wild is not None else None
    chosen = [one for one in files if _is_wanted(str(one.path), path, pattern, named=named)]
    if not chosen:
        yield Problem(bare(source), "no file there fits")
    root = f"{parts.scheme}://"
    for one in chosen:
        place = base._replace(netloc=_with_user(parts.netloc, str(one.path)), path=_key(str(one.path)))
        stamp = f"{one.size}-{one.mtime_ns or 0}"
        yield Located(f"{root}{one.path}", place.geturl(), int(one.size or 0), stamp, expected=True)


def _is_wanted(path: str, base: str, pattern: str | None, *, named: bool) -> bool:
    """Whether a file of a store is meant: named, fitting the pattern, or of a kind that is read and not hidden."""
    if named:
        return True
    inside = path[len(base) :].strip("/").split("/")
    if any(step.startswith((".", "_")) for step in inside):
        return False
    if pattern is not None:
        return _fits(path.split("/"), pattern.split("/"))
    return _suffix(path) in TABLES | _PACKED | _TEXTS


def _fits(path: Sequence[str], pattern: Sequence[str]) -> bool:
    """Whether the steps of a path fit those of a pattern; `**` stands for any number of them."""
    if not pattern:
        return not path
    if pattern[0] == "**":
        return any(_fits(path[at:], pattern[1:]) for at in range(len(path) + 1))
    return bool(path) and fnmatchcase(path[0], pattern[0]) and _fits(path[1:], pattern[1:])


def file_system(place: str) -> tuple[Any, str]:
    """Return the file system of a URI and the path in it: by pyarrow, which asks fsspec for what it does not know."""
    from pyarrow.fs import FileSystem

    return FileSystem.from_uri(place)  # type: ignore[no-any-return]  # pyarrow has no types


def bare(uri: str) -> str:
    """Return a URI as it may be told: without user, password and parameters."""
    parts = urlsplit(uri)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment="").geturl()


def _with_user(netloc: str, path: str) -> str:
    user, at, _ = netloc.rpartition("@")
    return f"{user}{at}{path.split('/', 1)[0]}"


def _key(path: str) -> str:
    return "/" + path.split("/", 1)[1] if "/" in path else ""


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:300]

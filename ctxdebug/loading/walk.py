"""The files that paths mean: folders are walked, and whatever a walk does not read is counted and named."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from fnmatch import fnmatch
from pathlib import Path, PurePath

from ctxdebug.decoding.source import STDIN
from ctxdebug.loading.other_kinds import kind_by_name, kind_by_suffix
from ctxdebug.model import Problem
from ctxdebug.reads import asks_for, reads_folder
from ctxdebug.records import record
from ctxdebug.text.nearest import did_you_mean

_SUFFIXES = frozenset(
    {".json", ".jsonl", ".ndjson", ".yaml", ".yml", ".har", ".gz", ".eval", ".traj", ".sse", ".log", ".txt", ".transcript"}
)  # fmt: skip
_VENDORED = frozenset({"node_modules", "__pycache__", "venv"})
_EXPECTED = "captures"
"""In a folder of this name every file should be a capture."""
_NO_CAPTURE = frozenset({"documentation"})
"""Kinds of file that may lie in a folder of captures all the same, by their whole name; and source code."""


@record(frozen=True, slots=True)
class Met:
    """A file to read. `expected`: it was named, or lies in a folder of captures, so it must be readable."""

    path: str
    expected: bool


@record(frozen=True, slots=True)
class PassedOver:
    """Something in a folder that is not read, and what it is."""

    path: str
    kind: str


def captures(paths: Sequence[str], exclude: Sequence[str] = ()) -> Iterator[str]:
    """Yield the files that `paths` mean, in a stable order."""
    return (found.path for found in walk(paths, exclude) if isinstance(found, Met))


def walk(paths: Sequence[str], exclude: Sequence[str] = ()) -> Iterator[Met | PassedOver | Problem]:
    """Yield what `paths` mean: files to read, what a folder holds besides, and what should be readable and is not.

    Hidden and vendored files, and those that fit one of the shell-like patterns in `exclude`, are passed over; links to
    folders are not followed. A dangling link, a pipe or a folder that cannot be listed is a problem.
    """
    for path in paths:
        if path == STDIN:
            yield Met(path, expected=True)
        elif not path:
            yield Problem("''", "the path is empty")
        elif (fault := _fault(path)) is not None:
            yield Problem(path, fault)
        elif Path(path).is_dir():
            yield from _folder(PurePath(path), exclude, expected=Path(path).resolve().name == _EXPECTED)
        else:
            yield Met(path, expected=True)


def _fault(path: str) -> str | None:
    """Return why a path leads to nothing; None where it leads somewhere."""
    asks_for(path)
    try:
        Path(path).stat()
    except FileNotFoundError:
        if Path(path).is_symlink():
            return "is a link that leads nowhere"
        return f"cannot be opened: no such file or directory{near_path(path)}"
    except (OSError, ValueError) as error:
        reason = "null byte in the name" if "\0" in path else str(error)
        reason = error.strerror if isinstance(error, OSError) and error.strerror else reason
        return f"cannot be opened: {reason.lower()}"
    return None


def near_path(path: str) -> str:
    """Return `; did you mean X?` for a path that does not exist and has a neighbour of nearly the same name."""
    given = PurePath(path)
    try:
        beside = os.listdir(given.parent)  # noqa: PTH208 - names only, of a folder that may be large
    except (OSError, ValueError):
        return ""
    return did_you_mean(given.name, beside, show=lambda name: str(given.with_name(name)))


def _folder(folder: PurePath, exclude: Sequence[str], *, expected: bool) -> Iterator[Met | PassedOver | Problem]:
    """Yield what a folder holds, by name; a stack of its own, since a folder may be nested deeper than calls may."""
    waiting: list[tuple[PurePath, os.DirEntry[str] | None, bool]] = [(folder, None, expected)]
    while waiting:
        path, entry, wanted = waiting.pop()
        if entry is not None and (kind := _left_out(entry, path, exclude)) is not None:
            yield PassedOver(str(path), kind)
        elif entry is not None and not entry.is_dir(follow_symlinks=False):
            yield _entry(entry, str(path), expected=wanted)
        else:
            within = wanted or (entry is not None and entry.name == _EXPECTED)
            try:
                listed = _listed(path)
            except OSError as error:
                yield Problem(str(path), f"the folder cannot be listed: {(error.strerror or str(error)).lower()}")
                continue
            waiting += [(path / inner.name, inner, within) for inner in reversed(listed)]


def _listed(folder: PurePath) -> list[os.DirEntry[str]]:
    reads_folder(folder)
    with os.scandir(folder) as entries:
        return sorted(entries, key=lambda entry: entry.name)


def _left_out(entry: os.DirEntry[str], path: PurePath, exclude: Sequence[str]) -> str | None:
    if entry.name.startswith("."):
        return "hidden"
    if entry.name in _VENDORED:
        return "vendored folder"
    return "excluded by the configuration" if any(fnmatch(path.as_posix(), pattern) for pattern in exclude) else None


def _entry(entry: os.DirEntry[str], path: str, *, expected: bool) -> Met | PassedOver | Problem:
    """Return what one entry is that is no folder of its own: a file to read, or not, or a problem."""
    try:
        mode = entry.stat().st_mode
    except FileNotFoundError:
        return Problem(path, "is a link that leads nowhere")
    except OSError as error:
        return Problem(path, f"cannot be opened: {(error.strerror or str(error)).lower()}")
    if stat.S_ISDIR(mode):
        return PassedOver(path, "link to a folder")
    if not stat.S_ISREG(mode):
        return Problem(path, "is not a regular file")
    named, ending = kind_by_name(path), kind_by_suffix(path)
    if expected:
        kind = named if named in _NO_CAPTURE else ending if ending == "source code" else None
    elif PurePath(path).suffix.lower() in _SUFFIXES:
        kind = named or ending
    else:
        kind = named or ending or "unknown suffix"
    return Met(path, expected=expected) if kind is None else PassedOver(path, kind)

"""Folders that an agent may look into, and nothing outside them: no link, no way up, no absolute path, nothing hidden."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path, PurePosixPath, PureWindowsPath

from ctxdebug.errors import LoadError, UsageError
from ctxdebug.loading.walk import Met, walk
from ctxdebug.records import record
from ctxdebug.text.printable import clean_line

MOST_BYTES = 64 * 1024 * 1024
"""Of one file."""
_LONGEST_PATH = 1024
_FOLDER = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
_FILE = (
    os.O_RDONLY
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)
_OUTSIDE = "is not a file in the folders that this server was started with (links, `..` and absolute paths are refused)"


@record(frozen=True, slots=True)
class Listed:
    """A file that may be a capture: its path as an agent names it, and what the folder says of it."""

    path: str
    size: int
    modified: float
    """Seconds since the epoch."""


class Folders:
    """The folders that a server was started with. A path is relative to one of them; of several, it begins with the folder's name."""

    def __init__(self, given: Sequence[str]) -> None:
        """Resolve the folders; raises `UsageError` where one is none."""
        self.roots: dict[str, Path] = {}
        for text in given:
            try:
                root = Path(text).expanduser().resolve()
                is_folder = root.is_dir()
            except (OSError, RuntimeError, ValueError) as error:  # a loop of links, a NUL, a name that is too long
                raise UsageError(f"{clean_line(text[:200])} is not a folder: {clean_line(str(error)[:200])}") from None
            if not is_folder:
                raise UsageError(f"{text} is not a folder")
            if root not in self.roots.values():
                self.roots[self._label(root)] = root
        if not self.roots:
            raise UsageError("name at least one folder")

    def _label(self, root: Path) -> str:
        name, number = root.name or "root", 1
        while (label := name if number == 1 else f"{name}-{number}") in self.roots:
            number += 1
        return label

    def read(self, path: str) -> bytes:
        """Return the content of a file; raises `LoadError` on one that is outside, reached by a link, or too large."""
        root, parts = self._placed(path)
        try:
            return _opened_below(root, parts)
        except (OSError, ValueError):
            raise LoadError(f"{clean_line(path[:200])!r} {_OUTSIDE}") from None

    def _placed(self, path: str) -> tuple[Path, tuple[str, ...]]:
        parts = PurePosixPath(path.replace("\\", "/")).parts
        refused = (
            not parts
            or len(path) > _LONGEST_PATH
            or "\x00" in path
            or PurePosixPath(path).is_absolute()
            or bool(PureWindowsPath(path).drive)
            or path.startswith(("/", "\\", "~"))
            or any(part.startswith(".") for part in parts)
        )
        if refused:
            raise LoadError(f"{clean_line(path[:200])!r} {_OUTSIDE}")
        if len(self.roots) == 1:
            return next(iter(self.roots.values())), parts
        if parts[0] not in self.roots or len(parts) == 1:
            names = ", ".join(map(clean_line, self.roots))
            raise LoadError(f"{clean_line(path[:200])!r} begins with none of the folders: {names}")
        return self.roots[parts[0]], parts[1:]

    def listed(self) -> Iterator[Listed]:
        """Yield the files of the folders that may be captures, as `ctxdebug check` walks them; links are left out."""
        for label, root in self.roots.items():
            for met in walk([str(root)]):
                if not isinstance(met, Met):
                    continue
                try:
                    held = Path(met.path).lstat()
                except OSError:
                    continue
                if stat.S_ISREG(held.st_mode):
                    inner = Path(met.path).relative_to(root).as_posix()
                    yield Listed(f"{label}/{inner}" if len(self.roots) > 1 else inner, held.st_size, held.st_mtime)


def _opened_below(root: Path, parts: Sequence[str]) -> bytes:
    """Return the content of the file at the end of `parts`, each opened in the folder before it, so that no link can lead out."""
    with ExitStack() as opened:

        def held(descriptor: int) -> int:
            opened.callback(os.close, descriptor)
            return descriptor

        if os.open in os.supports_dir_fd:
            folder = held(os.open(root, _FOLDER))
            for part in parts[:-1]:
                folder = held(os.open(part, _FOLDER, dir_fd=folder))
            file = held(os.open(parts[-1], _FILE, dir_fd=folder))
        else:
            place = root
            for part in parts:
                place /= part
                if place.is_symlink() or not place.resolve().is_relative_to(root):
                    raise OSError("a link")
            file = held(os.open(place, _FILE))
        about = os.fstat(file)
        if not stat.S_ISREG(about.st_mode):
            raise OSError("not a regular file")
        if about.st_size > MOST_BYTES:
            raise LoadError(f"the file is larger than {MOST_BYTES:,} bytes; look at it with the command line")
        with os.fdopen(os.dup(file), "rb") as stream:
            return stream.read(MOST_BYTES + 1)

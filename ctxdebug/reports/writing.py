"""A report's file appears whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from ctxdebug.errors import UsageError


def write_file(path: str, text: str) -> None:
    """Write a file in one move; an existing symbolic link is refused, an interrupted write leaves the old file."""
    target = Path(path)
    if target.is_symlink():
        raise UsageError(f"{path} is a symbolic link; not written")
    if target.is_dir():
        raise UsageError(f"{path} is a directory; not written")
    try:
        _replace(target, text)
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {(error.strerror or str(error)).lower()}") from error


def _replace(target: Path, text: str) -> None:
    handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name[:40]}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(0o644)
        Path(temporary).replace(target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise

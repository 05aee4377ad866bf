"""Where a report goes: standard output, or a file that appears whole or not at all."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from ctxdebug.errors import UsageError


def deliver(texts: Sequence[str], outputs: Sequence[str]) -> None:
    """Write the first texts to `outputs`, in order, and the rest to standard output."""
    if len(outputs) > len(texts):
        raise UsageError("more --output than --format")
    for text, path in zip(texts, outputs, strict=False):
        write_file(path, text)
    for text in texts[len(outputs) :]:
        sys.stdout.write(text)


def write_file(path: str, text: str) -> None:
    """Write a file in one move; an existing symbolic link is refused, an interrupted write leaves the old file."""
    target = Path(path)
    if target.is_symlink():
        raise UsageError(f"{path} is a symbolic link; not written")
    try:
        handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(0o644)
        Path(temporary).replace(target)
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}") from error

"""Ask git about a repository, and let the repository start no program of its own."""

from __future__ import annotations

import subprocess
from pathlib import Path

from ctxdebug.errors import UsageError

_QUIET = ("-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "core.quotePath=false")


def git(*arguments: str, folder: Path | None = None) -> str:
    """Return what git says in a folder (default: the working one); raises `UsageError` with its words where it fails."""
    place = () if folder is None else ("-C", str(folder))
    try:
        done = subprocess.run(["git", *_QUIET, *place, *arguments], capture_output=True, check=False)  # noqa: S603, S607 - git as the user runs it, by a list and no shell
    except (OSError, ValueError) as error:
        raise UsageError(f"git cannot be run: {(getattr(error, 'strerror', None) or str(error)).lower()}") from None
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise UsageError(f"git says: {said[0] if said else 'no'}")
    return done.stdout.decode("utf-8", "surrogateescape")

"""`--since REV`: which captures changed, as git tells it."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

from ctxdebug.errors import UsageError

_QUIET = ("-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "core.quotePath=false")
"""A repository's own configuration must start no program of its own."""


def changed_since(revision: str) -> Callable[[str], bool]:
    """Return whether a path changed since a revision: committed, staged, edited or new.

    Raises `UsageError` outside a repository, and on a revision that git does not know.
    """
    top = Path(_git("rev-parse", "--show-toplevel").rstrip("\n")).resolve()
    try:
        _git("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    except UsageError:
        raise UsageError(f"--since: git knows no revision {revision!r}") from None
    edited = _git("-C", str(top), "diff", "--name-only", "--no-ext-diff", "--no-textconv", "-z", "--end-of-options", revision, "--")  # fmt: skip
    new = _git("-C", str(top), "ls-files", "--others", "--exclude-standard", "-z")
    changed = {str(top / name) for name in (edited + new).split("\0") if name}
    return lambda path: str(Path(path).absolute().resolve()) in changed or str(Path(path).absolute()) in changed


def _git(*arguments: str) -> str:
    """Return what git says; raises `UsageError` with its words where it fails."""
    try:
        done = subprocess.run(["git", *_QUIET, *arguments], capture_output=True, check=False)  # noqa: S603, S607
    except OSError as error:
        raise UsageError(f"--since needs git: {(error.strerror or str(error)).lower()}") from None
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise UsageError(f"--since: git says: {said[0] if said else 'no'}")
    return done.stdout.decode("utf-8", "surrogateescape")

"""`--since REV`: which captures changed, as git tells it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from ctxdebug.commands.git import git
from ctxdebug.errors import UsageError


def changed_since(revision: str) -> Callable[[str], bool]:
    """Return whether a path changed since a revision: committed, staged, edited or new.

    Raises `UsageError` outside a repository, and on a revision that git does not know.
    """
    try:
        top = Path(git("rev-parse", "--show-toplevel").rstrip("\n")).resolve()
    except UsageError as error:
        raise UsageError(f"--since: {error}") from None
    try:
        git("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    except UsageError:
        raise UsageError(f"--since: git knows no revision {revision!r}") from None
    compared = ("diff", "--name-only", "--no-ext-diff", "--no-textconv", "-z", "--end-of-options", revision, "--")
    edited = git(*compared, folder=top)
    new = git("ls-files", "--others", "--exclude-standard", "-z", folder=top)
    changed = {str(top / name) for name in (edited + new).split("\0") if name}
    return lambda path: not changed.isdisjoint({str(Path(path).absolute()), str(Path(path).resolve())})

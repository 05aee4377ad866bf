"""How a captured file is named to somebody who has the repository and not this machine."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import PurePath
from urllib.parse import quote

from ctxdebug.text.printable import clean_line

_ROOTS = ("GITHUB_WORKSPACE", "CI_PROJECT_DIR")
STDIN_NAME = "standard-input"


def repository_path(path: str) -> str:
    """Return a path from the top of the job's checkout, or of the working folder; unchanged when it lies elsewhere."""
    if path == "-":
        return STDIN_NAME
    return _within(path, os.getcwd(), *map(os.environ.get, _ROOTS))  # noqa: PTH109 - called once an exhibit


@lru_cache(maxsize=4096)
def _within(path: str, folder: str, *roots: str | None) -> str:
    whole = PurePath(os.path.normpath(PurePath(folder, path)))
    for root in (*roots, folder):
        if root and whole.is_relative_to(root):
            return whole.relative_to(root).as_posix()
    return PurePath(os.path.normpath(path)).as_posix()


def uri(path: str) -> str:
    """Return the same as a URI: relative where it can be, with everything odd percent-encoded."""
    return _encoded(repository_path(path))


@lru_cache(maxsize=4096)
def _encoded(shown: str) -> str:
    try:
        data = shown.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        data = shown.encode("utf-8", "backslashreplace")
    encoded = quote(data, safe="/")
    return f"file://{encoded}" if shown.startswith("/") else encoded


def shown_path(path: str) -> str:
    """Return the same for a person, safe to print."""
    return clean_line(repository_path(path))

"""Where a user's files belong on this platform."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path


def user_folder(variable: str, below_home: Mapping[str, str], otherwise: str) -> Path | None:
    """Return ctxdebug's folder in the one that a variable names (`XDG_CACHE_HOME`; on Windows `LOCALAPPDATA`), or below home.

    `below_home` has the place by platform, `otherwise` that of all others. None when there is no home.
    """
    named = os.environ.get("LOCALAPPDATA" if sys.platform == "win32" else variable)
    if named and Path(named).is_absolute():
        return Path(named) / "ctxdebug"
    try:
        home = Path.home()
    except RuntimeError:
        return None
    return home / below_home.get(sys.platform, otherwise) / "ctxdebug"


def cache_folder() -> Path | None:
    """Where this user's caches belong on this platform; `CTXDEBUG_CACHE_DIR` wins; None when there is no home."""
    chosen = os.environ.get("CTXDEBUG_CACHE_DIR")
    if chosen:
        return Path(chosen)
    return user_folder("XDG_CACHE_HOME", {"win32": "AppData/Local", "darwin": "Library/Caches"}, ".cache")

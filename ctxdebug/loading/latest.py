"""The newest session of a coding agent, where the agent keeps its logs."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from ctxdebug.errors import UsageError
from ctxdebug.text.nearest import did_you_mean

_SKEW = 86_400.0
"""Seconds by which another clock may be ahead of ours."""
_MOST = 200_000
"""Files that are looked at; a folder with more is not searched to the end."""


@cache
def places() -> Mapping[str, Mapping[str, Any]]:
    """Return where each tool keeps its logs: `paths` are patterns below the home folder, `here` below the current one."""
    rows: Mapping[str, Mapping[str, Any]] = json.loads(
        Path(__file__).with_name("log_places.json").read_text(encoding="utf-8")
    )
    return {tool: row for tool, row in rows.items() if isinstance(row, dict)}


def latest(tool: str, home: Path | None = None) -> Path:
    """Return the newest session of a tool; raises `UsageError` for an unknown tool, or one without sessions here."""
    known = places()
    if tool not in known:
        near = did_you_mean(tool, list(known))
        raise UsageError(f"nothing is known of where {tool} keeps its logs{near}; known are {', '.join(known)}")
    row = known[tool]
    roots = _roots(row, home or Path.home())
    newest: tuple[float, Path] | None = None
    now = time.time()
    for root, pattern in roots:
        for count, path in enumerate(root.glob(pattern)):
            if count > _MOST:
                break
            try:
                changed = path.stat().st_mtime if path.is_file() else None
            except OSError:
                continue
            if changed is not None and changed > now + _SKEW:
                changed = 0.0  # a clock was wrong: such a file would be the newest for ever
            if changed is not None and (newest is None or changed > newest[0]):
                newest = changed, path
    if newest is None:
        looked = ", ".join(str(root / pattern) for root, pattern in roots)
        raise UsageError(f"no session of {tool} was found: looked for {looked}")
    return newest[1]


def _roots(row: Mapping[str, Any], home: Path) -> list[tuple[Path, str]]:
    """Folders and patterns to look at; a tool's own variable moves the folder that its patterns begin with."""
    moved = os.environ.get(str(row.get("env", "")), "")
    if moved and "below" in row:
        return [(Path(moved), str(pattern)) for pattern in row["below"]]
    here = [(Path.cwd(), str(pattern)) for pattern in row.get("here", ())]
    return [*here, *((home, str(pattern)) for pattern in row["paths"])]

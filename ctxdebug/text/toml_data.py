"""Data of ours in TOML, whose reader costs a start as much as twenty modules: what an earlier run read is taken from the tables."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ctxdebug.text.stored import stored


def toml_data(path: Path) -> dict[str, Any]:
    """Return what a file of the package says; it holds no dates."""
    text = path.read_text("utf-8")
    found: dict[str, Any] = stored("toml", text, lambda: _read(text))
    return found


def _read(text: str) -> dict[str, Any]:
    import tomllib

    return tomllib.loads(text)

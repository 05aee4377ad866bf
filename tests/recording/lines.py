"""The lines of a recording that may still grow."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


def whole_lines(path: Path) -> list[dict[str, Any]]:
    """Return the lines written so far; one that is still being written has no line end yet and is left out."""
    written = path.read_bytes().splitlines(keepends=True)
    return [json.loads(line) for line in written if line.endswith(b"\n")]

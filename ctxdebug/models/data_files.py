"""Read the package's data files, each at most once a run and only when somebody asks."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "data"


@cache
def read(name: str) -> Any:
    """Give the content of `data/<name>.json`."""
    return json.loads((FOLDER / f"{name}.json").read_bytes())


@cache
def read_host(host: str) -> dict[str, list[Any]]:
    """Give the catalogue's rows of one host by model name; empty for a host without a table."""
    path = FOLDER / "catalogue" / f"{host}.json"
    return json.loads(path.read_bytes()) if path.is_file() else {}

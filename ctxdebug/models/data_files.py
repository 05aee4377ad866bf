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
    """Give the catalogue's rows of one host by model name, corrected by hand; empty for a host without a table."""
    path = FOLDER / "catalogue" / f"{host}.json"
    table = json.loads(path.read_bytes()) if path.is_file() else {}
    return _corrected(table, host)


def _corrected(table: dict[str, list[Any]], host: str) -> dict[str, list[Any]]:
    """Put the corrections by hand (`corrections.json`) over a host's rows, so that one takes effect at once."""
    fields: list[str] = read("snapshot")["fields"]
    for correction in read("corrections")["rows"]:
        if correction["host"] != host:
            continue
        at = fields.index(correction["field"]) + 1
        for name in correction["names"]:
            if name in table or correction.get("add"):
                letters, *values = table.get(name, [""])
                values += [None] * (at - len(values))
                values[at - 1] = correction["value"]
                table[name] = [letters.replace("h", "") + "h", *values]
    return table

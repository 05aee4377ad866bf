"""Words that change what a sentence states (`markers.json`), found in a sentence."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path


@cache
def markers() -> dict[str, tuple[str, ...]]:
    """Return the phrases of each class, longest first."""
    loaded = json.loads(Path(__file__).with_name("markers.json").read_text("utf-8"))
    return {
        name: tuple(sorted(row.split("|"), key=len, reverse=True)) for name, row in loaded.items() if name != "about"
    }


@cache
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(r"\b(?:" + "|".join(map(re.escape, markers()[name])) + r")\b", re.IGNORECASE)


def marked(name: str, text: str) -> list[tuple[int, int]]:
    """Where a class of markers is in a text, as spans."""
    return [match.span() for match in _pattern(name).finditer(text)]

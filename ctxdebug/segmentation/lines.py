"""Patterns that begin at a line's start, tried there only: a search would try every character."""

from __future__ import annotations

import re
from collections.abc import Iterator


def at_line_starts(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """Yield what `pattern.finditer(text)` gives for a pattern that begins with `^` under `MULTILINE`."""
    at = 0
    while True:
        found = pattern.match(text, at)
        if found is not None:
            yield found
            if found.end() > at and text[found.end() - 1] == "\n":
                at = found.end()
                continue
            at = max(at, found.end())
        at = text.find("\n", at) + 1
        if at == 0:
            return

"""Say how many of a thing there are."""

from __future__ import annotations


def plural(count: int, noun: str) -> str:
    """Return a count and its noun: `1 file`, `2,340 files`."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"

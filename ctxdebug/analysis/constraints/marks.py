"""Read what an instruction calls a mark, as the characters it stands for."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from ctxdebug.text.toml_data import toml_data


@cache
def marks() -> dict[str, str]:
    """Every name of a mark, singular, with its characters."""
    held = toml_data(Path(__file__).with_name("marks.toml"))
    return dict(held["marks"])


def named() -> str:
    """Return the names as a pattern, plurals included; a written blank stands for any white space."""
    return "|".join(f"{re.escape(name).replace(chr(92) + ' ', ' ')}(?:e?s)?" for name in sorted(marks(), key=len)[::-1])


def characters(name: str) -> str:
    """Return the characters of `a comma`, `semicolons`, `pipe (|)`; a text that names no mark is taken as it is."""
    words = " ".join(name.lower().split())
    for known in sorted(marks(), key=len, reverse=True):
        if re.search(rf"\b{re.escape(known)}(?:e?s)?\b", words):
            return marks()[known]
    return name.strip()

"""Read what an instruction calls a mark, as the characters it stands for."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files


@cache
def marks() -> dict[str, str]:
    """Every name of a mark, singular, with its characters."""
    held = tomllib.loads(files("ctxdebug.analysis.constraints").joinpath("marks.toml").read_text("utf-8"))
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

"""Characters that nobody sees, and letters that look like others: tables of the Unicode Consortium, as data.

`unicode_tables.json` is written by `scripts/unicode_tables.py`. What makes text safe to show and what looks for hidden text
read the same tables, so that neither lets pass what the other knows.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any


@cache
def _tables() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(Path(__file__).with_name("unicode_tables.json").read_text("utf-8"))
    return loaded


@cache
def characters(*names: str) -> str:
    r"""Return tables as the inside of a character class (`\u200b-\u200f…`): `default_ignorable`, `bidi_control`, `blank`."""
    return "".join(f"{_escaped(first)}-{_escaped(last)}" for name in names for first, last in _tables()[name])


def _escaped(code: int) -> str:
    return f"\\U{code:08x}"


@cache
def lookalikes() -> dict[int, str]:
    """Return the Latin letter for each letter of another alphabet that looks like it, as `str.translate` takes it."""
    return {ord(letter): latin for letter, latin in _tables()["lookalikes"].items()}

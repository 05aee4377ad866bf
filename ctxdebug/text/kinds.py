"""Wider words for things: what a rule says of pets, it says of a dog."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from ctxdebug.text.words import LETTERS


@cache
def kind_rows() -> dict[str, tuple[str, ...]]:
    """Return a thing, singular -> the wider words for it, singular."""
    loaded = json.loads(Path(__file__).with_name("kinds.json").read_text("utf-8"))["kinds"]
    found: dict[str, tuple[str, ...]] = {}
    for wider, things in (row.split(": ") for row in loaded):
        for thing in things.split():
            found[thing] = (*found.get(thing, ()), *wider.split())
    return found


def wider_words(text: str) -> Iterator[str]:
    """Yield the wider words for the things that a text names."""
    rows = kind_rows()
    for word in LETTERS.findall(text):
        yield from rows.get(word, ()) or rows.get(word.removesuffix("s"), ())

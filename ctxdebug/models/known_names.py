"""The names that the catalogue lists, for completion and for the nearest name to a misspelt one."""

from __future__ import annotations

from functools import cache

from ctxdebug.models.data_files import FOLDER, read_host

_LEAST_LIKE = 0.8
_LONGEST = 100


@cache
def known_names() -> tuple[str, ...]:
    """Return every model name of every host, sorted."""
    names = {name for file in (FOLDER / "catalogue").glob("*.json") for name in read_host(file.stem)}
    return tuple(sorted(names))


def misspelt(name: str) -> str | None:
    """Return the catalogue's name that `name` is most likely a slip of; None where it may be a model of its own.

    A name that some host lists is none. Names that differ in a digit are versions of one another, so they are no slips: only letters may differ.
    """
    from difflib import get_close_matches

    lowered = name.strip().lower()
    if len(lowered) > _LONGEST:
        return None
    digits = _digits(lowered)
    return next(
        (near for near in get_close_matches(lowered, known_names(), 10, _LEAST_LIKE)
         if near != lowered and _digits(near) == digits and abs(len(near) - len(lowered)) <= 2 and _slips(near, lowered) <= 2),
        None,
    )  # fmt: skip


def _digits(name: str) -> str:
    return "".join(character for character in name if character.isdigit())


def _slips(first: str, second: str) -> int:
    """Return how many characters were added, left out, replaced or swapped between two short names."""
    from rapidfuzz.distance import OSA

    return int(OSA.distance(first, second))

"""The nearest known name to a misspelt one, for messages."""

from __future__ import annotations

from collections.abc import Callable, Iterable


def nearest(word: str, known: Iterable[str], cutoff: float = 0.6) -> str | None:
    """Return the known name that is most like `word`, whatever its case; None where none is like it.

    `cutoff` is the least likeness (0 to 1) that counts.
    """
    from difflib import get_close_matches

    names = {name.lower(): name for name in known}
    near = get_close_matches(word.lower()[:200], names, 1, cutoff)
    return names[near[0]] if near else None


def did_you_mean(word: str, known: Iterable[str], *, show: Callable[[str], str] = str) -> str:
    """Return `; did you mean X?`, or nothing where no known name is like `word`."""
    near = nearest(word, known)
    return f"; did you mean {show(near)}?" if near is not None else ""


def choices(word: str, known: Iterable[str]) -> str:
    """Return `did you mean X?`, or the known names where none is like `word`."""
    names = list(known)
    near = nearest(word, names)
    return f"did you mean {near}?" if near is not None else f"known: {', '.join(names)}"

"""Scripts for which no phrases of injected instructions are carried: what is written in them is not read."""

from __future__ import annotations

from collections import Counter

from ctxdebug.text.patterns import lazy
from ctxdebug.text.recall import by_text

_FOREIGN = {
    "Greek": r"\u0370-\u03ff\u1f00-\u1fff",
    "Armenian": r"\u0530-\u058f",
    "Georgian": r"\u10a0-\u10ff",
    "Ethiopic": r"\u1200-\u139f",
    "Bengali": r"\u0980-\u09ff",
    "Gurmukhi": r"\u0a00-\u0a7f",
    "Gujarati": r"\u0a80-\u0aff",
    "Odia": r"\u0b00-\u0b7f",
    "Tamil": r"\u0b80-\u0bff",
    "Telugu": r"\u0c00-\u0c7f",
    "Kannada": r"\u0c80-\u0cff",
    "Malayalam": r"\u0d00-\u0d7f",
    "Sinhala": r"\u0d80-\u0dff",
    "Thai": r"\u0e00-\u0e7f",
    "Lao": r"\u0e80-\u0eff",
    "Tibetan": r"\u0f00-\u0fff",
    "Burmese": r"\u1000-\u109f",
    "Khmer": r"\u1780-\u17ff",
    "Mongolian": r"\u1800-\u18af",
}
"""Script → the ranges of its letters."""
_STRETCH = lazy("|".join(f"(?P<{name}>[{letters}]+)" for name, letters in _FOREIGN.items()))
_ENOUGH = 12
"""Letters of a script from which on they can say something; a name or a sign is shorter."""


def script_not_carried(text: str) -> str | None:
    """Return the name of a script in which a text says something and for which no phrases are carried."""
    return None if text.isascii() else _written_in(text)


@by_text
def _written_in(text: str) -> str | None:
    letters: Counter[str] = Counter()
    for match in _STRETCH.finditer(text):
        name = match.lastgroup or ""
        letters[name] += len(match[0])
        if letters[name] >= _ENOUGH:
            return name
    return None

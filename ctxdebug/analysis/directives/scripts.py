"""Scripts for which no phrases of injected instructions are carried: what is written in them is not read."""

from __future__ import annotations

from collections import Counter

from ctxdebug.text.patterns import lazy
from ctxdebug.text.recall import by_text

_FOREIGN = lazy(
    r"(?P<Greek>[\u0370-\u03ff\u1f00-\u1fff]+)|(?P<Armenian>[\u0530-\u058f]+)|(?P<Georgian>[\u10a0-\u10ff]+)"
    r"|(?P<Ethiopic>[\u1200-\u139f]+)|(?P<Bengali>[\u0980-\u09ff]+)|(?P<Gurmukhi>[\u0a00-\u0a7f]+)"
    r"|(?P<Gujarati>[\u0a80-\u0aff]+)|(?P<Odia>[\u0b00-\u0b7f]+)|(?P<Tamil>[\u0b80-\u0bff]+)|(?P<Telugu>[\u0c00-\u0c7f]+)"
    r"|(?P<Kannada>[\u0c80-\u0cff]+)|(?P<Malayalam>[\u0d00-\u0d7f]+)|(?P<Sinhala>[\u0d80-\u0dff]+)|(?P<Thai>[\u0e00-\u0e7f]+)"
    r"|(?P<Lao>[\u0e80-\u0eff]+)|(?P<Tibetan>[\u0f00-\u0fff]+)|(?P<Burmese>[\u1000-\u109f]+)|(?P<Khmer>[\u1780-\u17ff]+)"
    r"|(?P<Mongolian>[\u1800-\u18af]+)"
)
_ENOUGH = 12
"""Letters of a script from which on they can say something; a name or a sign is shorter."""


def script_not_carried(text: str) -> str | None:
    """Return the name of a script in which a text says something and for which no phrases are carried."""
    return None if text.isascii() else _written_in(text)


@by_text
def _written_in(text: str) -> str | None:
    letters: Counter[str] = Counter()
    for match in _FOREIGN.finditer(text):
        name = match.lastgroup or ""
        letters[name] += len(match[0])
        if letters[name] >= _ENOUGH:
            return name
    return None

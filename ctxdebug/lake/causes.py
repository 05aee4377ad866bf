"""What equal findings have in common: a message without the values that make it one case."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ctxdebug.model import Finding
from ctxdebug.text.patterns import lazy

_QUOTED = lazy(r"“[^”]{0,2000}”|\"[^\"]{0,2000}\"|‘[^’]{0,2000}’|`[^`]{0,2000}`")
_NUMBER = lazy(r"\d[\d,._:/-]{0,40}")
_SHORTEST = 3
"""Characters of a value from which it is taken out wherever it is: a shorter one is part of other words."""
_LONGEST = 300


def cause_of(finding: Finding) -> str:
    """Return a finding's message with `…` for quotations and for every value that it gives, and `#` for numbers."""
    text = _QUOTED.sub("…", finding.message)
    for value in sorted(set(_values(finding)), key=lambda one: (-len(one), one)):
        text = text.replace(value, "…")
    return _NUMBER.sub("#", text)


def _values(finding: Finding) -> Iterator[str]:
    for exhibit in finding.evidence:
        words = " ".join(exhibit.text.split())
        if _SHORTEST <= len(words) <= _LONGEST:
            yield words
    yield from _texts(finding.facts, 0)


def _texts(value: Any, depth: int) -> Iterator[str]:
    if isinstance(value, str) and _SHORTEST <= len(value) <= _LONGEST:
        yield value
    elif isinstance(value, Mapping) and depth < 4:
        for inner in value.values():
            yield from _texts(inner, depth + 1)
    elif isinstance(value, (list, tuple)) and depth < 4:
        for inner in value:
            yield from _texts(inner, depth + 1)

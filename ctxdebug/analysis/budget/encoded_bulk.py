"""Long stretches of encoded bytes inside text."""

from __future__ import annotations

from ctxdebug.model import Kind, Segment
from ctxdebug.text.patterns import lazy
from ctxdebug.text.recall import by_text

_SHORTEST = 2000
"""Characters. A key, a hash or a small icon is not bulk."""
_RUN = lazy(rf"[A-Za-z0-9+/_-]{{{_SHORTEST},}}={{0,2}}|(?:[0-9a-fA-F]{{2}}[ :]?){{{_SHORTEST // 2},}}")

_BLOCK = _SHORTEST // 2
"""Characters of which every run contains a whole multiple: a text without such a block is not searched."""
_OF_RUNS = lazy(rf"[A-Za-z0-9+/_=: -]{{{_BLOCK}}}")


def encoded(segment: Segment) -> tuple[tuple[int, int], ...]:
    """Spans of base64 or hexadecimal text; a run of one letter, of words or of digits alone is something else."""
    if segment.kind not in {Kind.TEXT, Kind.DOCUMENT, Kind.TOOL_RESULT} or len(segment.text) < _SHORTEST:
        return ()
    return _runs(segment.text)


@by_text
def _runs(text: str) -> tuple[tuple[int, int], ...]:
    found: list[tuple[int, int]] = []
    if not any(_OF_RUNS.match(text, at) for at in range(0, len(text) - _BLOCK + 1, _BLOCK)):
        return ()
    for run in _RUN.finditer(text):
        sample = run.group()[:4000]
        kinds = (any(map(str.isupper, sample)), any(map(str.islower, sample)), any(map(str.isdigit, sample)))
        if sum(kinds) >= 2 and len(set(sample)) > 12:
            found.append(run.span())
    return tuple(found)

"""JSON and printed Python inside other text: behind the time of a log line, in a Markdown fence, in a curl command."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from ctxdebug.decoding.python_repr import read_repr
from ctxdebug.errors import LoadError
from ctxdebug.records import record
from ctxdebug.text.patterns import lazy

_START = lazy(r"[\[{]\s{0,40}[\"'{\[\]}]|\[(?=[A-Z]\w{1,60}Message(?:Chunk)?\()|\b[A-Z]\w{2,60}\((?=[a-z_]{1,40}=)")
_PRINTED = lazy(r"[\[{(]\s{0,40}(?:[\[{(]\s{0,40})?'|\[[A-Z]\w{1,60}Message(?:Chunk)?\(")
_SHORTEST = 12
_STRETCHES = (4096, 1 << 16, 1 << 20, 0)
_LAST = 16
"""Characters at the end of a stretch where a fault may come from the cut alone."""
_MOST_FAILURES = 4
"""How often a text may be read in vain, in multiples of its length: what bounds the time."""


@record(frozen=True, slots=True)
class Found:
    """A value, and where in the text it is; `printed` tells Python from JSON."""

    start: int
    end: int
    value: Any
    printed: bool


def embedded(text: str) -> Iterator[Found]:
    """Yield the objects and lists inside a text, in order; what is inside another one is not its own."""
    decoder = json.JSONDecoder(strict=False, parse_constant=lambda _: None)
    budget = _MOST_FAILURES * len(text) + 1000
    at = 0
    while budget > 0 and (start := _START.search(text, at)) is not None:
        found, cost = _read(text, start.start(), decoder)
        if found is not None and found.end - found.start >= _SHORTEST:
            yield found
            at = found.end
        else:
            budget -= cost
            at = start.start() + 1


def _read(text: str, at: int, decoder: json.JSONDecoder) -> tuple[Found | None, int]:
    """Return the value at a place, and how many characters were read in vain."""
    if text[at] in "{[" and not _PRINTED.match(text, at):
        return _read_json(text, at, decoder)
    try:
        value, end = read_repr(text, at)
    except LoadError:
        return None, max(1, text.find("\n", at) - at if "\n" in text[at : at + 2000] else 2000)
    return (Found(at, end, value, printed=True) if isinstance(value, (dict, list)) else None), 1


def _read_json(text: str, at: int, decoder: json.JSONDecoder) -> tuple[Found | None, int]:
    """Read JSON from ever longer stretches: the parser's own error costs as much as all that is before it."""
    for size in _STRETCHES:
        stretch = text[at : at + size] if size else text[at:]
        try:
            value, end = decoder.raw_decode(stretch)
            return (Found(at, at + end, value, printed=False) if isinstance(value, (dict, list)) else None), 1
        except json.JSONDecodeError as error:
            cut = error.msg.startswith("Unterminated") or error.pos >= len(stretch) - _LAST
            if not cut or at + len(stretch) >= len(text):
                return None, max(1, error.pos if size == _STRETCHES[0] else len(stretch))
        except (ValueError, RecursionError):
            return None, len(stretch)
    return None, len(text) - at

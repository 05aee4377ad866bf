"""A Python value that somebody printed: `{'role': 'user', …}`. It is read, never run."""

from __future__ import annotations

from collections.abc import Iterator

from ctxdebug.containers import Found, Likeness, container
from ctxdebug.containers.shapes.batch import spread
from ctxdebug.containers.shapes.envelope import read_envelope
from ctxdebug.decoding.python_repr import read_repr
from ctxdebug.decoding.source import Source
from ctxdebug.errors import LoadError
from ctxdebug.exchange import Exchange
from ctxdebug.model import Decoding
from ctxdebug.text.patterns import lazy

_OPENING = lazy(r"[\[({]\s{0,200}(?:[\[({]\s{0,200})?'")
_MOST = 20_000_000


def _sniff(source: Source) -> Likeness:
    return Likeness.CERTAIN if source.shape == "json" and _OPENING.match(source.opening) else Likeness.NO


@container("python", "a printed Python dict or list (quotes are single), and objects as libraries print them", _sniff)
def exchanges(source: Source) -> Iterator[Found]:
    """One exchange; places inside lead to the whole file."""
    from ctxdebug.records import replace

    if len(source.text) > _MOST:
        raise LoadError(f"is a printed Python value of more than {_MOST:,} characters")
    value, end = read_repr(source.text.removeprefix("\ufeff"))
    if source.text[end:].strip():
        raise LoadError("looks like a printed Python value, and more text follows it")
    at = (*source.root, Decoding.PYTHON)
    note = "read from a printed Python value; JSON keeps more"
    for exchange in spread(read_envelope(value, at, source.reader)):
        assert isinstance(exchange, Exchange)
        yield replace(exchange, notes=(*exchange.notes, note))

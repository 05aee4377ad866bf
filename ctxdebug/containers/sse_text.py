"""The raw text of one streamed response."""

from __future__ import annotations

from collections.abc import Iterator

from ctxdebug.containers import Found, Likeness, container
from ctxdebug.decoding.source import Source
from ctxdebug.decoding.sse import read_sse
from ctxdebug.exchange import Exchange


def _sniff(source: Source) -> Likeness:
    return Likeness.CERTAIN if source.shape == "sse" else Likeness.NO


@container("sse", "server-sent events: lines that begin with `data:` or `event:`", _sniff)
def exchanges(source: Source) -> Iterator[Found]:
    """Yield the one response of the file; there is no request."""
    yield Exchange(
        source.root,
        response=read_sse(source.text, source.root, source.reader),
        response_at=source.root,
        notes=("a streamed response without its request",),
    )

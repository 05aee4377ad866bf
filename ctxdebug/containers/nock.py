"""nock recordings: a list of scope, method, path, body, status and response."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ctxdebug.containers import Found, Likeness, container
from ctxdebug.containers.shapes.recorded import read_recorded
from ctxdebug.decoding.http_body import read_body
from ctxdebug.decoding.source import Source
from ctxdebug.exchange import Exchange
from ctxdebug.model import Decoding, Pointer
from ctxdebug.text.patterns import lazy

_KEYS = frozenset({"scope", "method", "path", "status", "response"})
_HEX = lazy(r"(?:[0-9a-f]{2}){8,}")


def _sniff(source: Source) -> Likeness:
    if source.shape != "json" or '"scope"' not in source.opening or not isinstance(source.document, list):
        return Likeness.NO
    known = [item for item in source.document if isinstance(item, dict) and item.keys() >= _KEYS]
    return Likeness.CERTAIN if known else Likeness.NO


@container("nock", "a JSON list of {scope, method, path, body, status, response}", _sniff)
def exchanges(source: Source) -> Iterator[Found]:
    """One exchange an item."""
    yield from read_recorded(source, source.document, (*source.root, Decoding.JSON), _exchange)


def _exchange(source: Source, item: dict[str, Any], at: Pointer) -> Exchange:
    request, request_at = read_body(item.get("body") or None, (*at, "body"), source.reader)
    response, response_at = _response(item.get("response"), (*at, "response"), source)
    status = item.get("status")
    return Exchange(
        at,
        request=request,
        request_at=request_at,
        response=response,
        response_at=response_at,
        url=f"{item.get('scope') or ''}{item.get('path') or ''}",
        method=str(item.get("method") or "") or None,
        status=status if isinstance(status, int) else None,
    )


def _response(held: Any, at: Pointer, source: Source) -> tuple[Any, Pointer]:
    """Return a body; binary ones are one long hexadecimal text, or a list of one."""
    if isinstance(held, list) and len(held) == 1 and isinstance(held[0], str):
        held, at = held[0], (*at, 0)
    if isinstance(held, str) and _HEX.fullmatch(held):
        return read_body(bytes.fromhex(held), (*at, Decoding.HEX), source.reader)
    return read_body(held or None, at, source.reader)

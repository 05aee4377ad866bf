"""Hoverfly's simulations: `data.pairs` of request matchers and responses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ctxdebug.containers import Found, Likeness, container
from ctxdebug.containers.shapes.recorded import read_recorded
from ctxdebug.decoding.http_body import read_body
from ctxdebug.decoding.json_values import mapping
from ctxdebug.decoding.safe_yaml import Base64Text
from ctxdebug.decoding.source import Source
from ctxdebug.exchange import Exchange
from ctxdebug.model import Decoding, Pointer

_WHOLE = frozenset({"exact", "json", "jsonpartial"})
"""Matchers whose value is the text itself; others are patterns."""


def _pairs(document: Any) -> list[Any]:
    data = document.get("data") if isinstance(document, dict) else None
    pairs = data.get("pairs") if isinstance(data, dict) else None
    return pairs if isinstance(pairs, list) else []


def _sniff(source: Source) -> Likeness:
    if source.shape != "json" or '"pairs"' not in source.opening:
        return Likeness.NO
    known = any(isinstance(pair, dict) and "request" in pair for pair in _pairs(source.document))
    return Likeness.CERTAIN if known else Likeness.NO


@container("hoverfly", "a Hoverfly simulation: `data.pairs` of request matchers and response", _sniff)
def exchanges(source: Source) -> Iterator[Found]:
    """One exchange a pair."""
    yield from read_recorded(source, _pairs(source.document), (*source.root, Decoding.JSON, "data", "pairs"), _exchange)


def _exchange(source: Source, pair: Mapping[str, Any], at: Pointer) -> Exchange:
    asked, answered = mapping(pair.get("request")), mapping(pair.get("response"))
    body, body_at = _matched(asked.get("body"), (*at, "request", "body"))
    request, request_at = read_body(body, body_at, source.reader) if body else (None, body_at)
    text = answered.get("body") or None
    held = Base64Text(text) if isinstance(text, str) and answered.get("encodedBody") is True else text
    response, response_at = read_body(held, (*at, "response", "body"), source.reader)
    parts = [_matched(asked.get(key), ())[0] for key in ("scheme", "destination", "path")]
    status = answered.get("status")
    return Exchange(
        at,
        request=request,
        request_at=request_at,
        response=response,
        response_at=response_at,
        url=f"{parts[0] or 'https'}://{parts[1] or ''}{parts[2] or ''}",
        method=_matched(asked.get("method"), ())[0],
        status=status if isinstance(status, int) else None,
    )


def _matched(field: Any, at: Pointer) -> tuple[str | None, Pointer]:
    """Return the text that a field matches, where a matcher holds it whole (schema v2 has it bare)."""
    if isinstance(field, str):
        return field, at
    if isinstance(field, dict) and isinstance(field.get("exactMatch"), str):
        return field["exactMatch"], (*at, "exactMatch")
    for index, matcher in enumerate(field if isinstance(field, list) else []):
        if (
            isinstance(matcher, dict)
            and str(matcher.get("matcher")) in _WHOLE
            and isinstance(matcher.get("value"), str)
        ):
            return matcher["value"], (*at, index, "value")
    return None, at

"""Postman collections: requests, and the responses that were saved as their examples."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ctxdebug.containers import Found, Likeness, container
from ctxdebug.containers.shapes.batch import spread
from ctxdebug.decoding.http_body import read_body
from ctxdebug.decoding.source import Source
from ctxdebug.errors import LoadError
from ctxdebug.exchange import Exchange
from ctxdebug.model import Decoding, Pointer, Problem, pointer_text

_DEEPEST = 20


def _collection(document: Any) -> tuple[Mapping[str, Any], tuple[str, ...]]:
    """Return the collection, which an export of the API wraps once more."""
    held = document.get("collection") if isinstance(document, dict) else None
    found, way = (held, ("collection",)) if isinstance(held, dict) else (document, ())
    known = isinstance(found, dict) and isinstance(found.get("info"), dict) and isinstance(found.get("item"), list)
    return (found, way) if known else ({}, ())


def _sniff(source: Source) -> Likeness:
    if source.shape != "json" or '"item"' not in source.opening:
        return Likeness.NO
    info = _collection(source.document)[0].get("info")
    known = isinstance(info, dict) and ("_postman_id" in info or "getpostman.com" in str(info.get("schema")))
    return Likeness.CERTAIN if known else Likeness.NO


@container("postman", "a Postman collection: `info` and `item` of request and saved responses", _sniff)
def exchanges(source: Source) -> Iterator[Found]:
    """One exchange a saved response, or a request without one."""
    collection, way = _collection(source.document)
    for item, at in _items(collection.get("item"), (*source.root, Decoding.JSON, *way, "item"), 0):
        saved = item.get("response")
        answers = (
            [(one, (*at, "response", index)) for index, one in enumerate(saved)] if isinstance(saved, list) else []
        )
        for answer, where in answers or [({}, at)]:
            try:
                yield from spread(_exchange(source, item, at, answer if isinstance(answer, dict) else {}, where))
            except LoadError as error:
                yield Problem(source.path, error.message, pointer_text(where))


def _items(listed: Any, at: Pointer, depth: int) -> Iterator[tuple[Mapping[str, Any], Pointer]]:
    for index, item in enumerate(listed if isinstance(listed, list) and depth < _DEEPEST else []):
        if isinstance(item, dict) and isinstance(item.get("request"), dict):
            yield item, (*at, index)
        elif isinstance(item, dict):
            yield from _items(item.get("item"), (*at, index, "item"), depth + 1)


def _exchange(
    source: Source, item: Mapping[str, Any], at: Pointer, answer: Mapping[str, Any], where: Pointer
) -> Exchange:
    asked, asked_at = item["request"], (*at, "request")
    if isinstance(answer.get("originalRequest"), dict):
        asked, asked_at = answer["originalRequest"], (*where, "originalRequest")
    body = asked.get("body")
    raw = body.get("raw") if isinstance(body, dict) else None
    request, request_at = read_body(raw or None, (*asked_at, "body", "raw"), source.reader)
    response, response_at = read_body(answer.get("body") or None, (*where, "body"), source.reader)
    url = asked.get("url")
    status = answer.get("code")
    return Exchange(
        where,
        request=request,
        request_at=request_at,
        response=response,
        response_at=response_at,
        url=str(url.get("raw") or "") if isinstance(url, dict) else url if isinstance(url, str) else None,
        method=str(asked.get("method") or "") or None,
        status=status if isinstance(status, int) else None,
    )

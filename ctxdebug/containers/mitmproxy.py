"""mitmproxy's flow files, as `mitmdump -w` writes them: a typed netstring a flow."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from typing import Any

from ctxdebug.containers import Found, Likeness, container
from ctxdebug.containers.shapes.batch import spread
from ctxdebug.decoding.http_body import read_body
from ctxdebug.decoding.json_values import mapping
from ctxdebug.decoding.source import Source
from ctxdebug.decoding.tnetstring import tnetstrings
from ctxdebug.errors import LoadError
from ctxdebug.exchange import Exchange
from ctxdebug.model import Decoding, Pointer, Problem, pointer_text
from ctxdebug.text.patterns import lazy

_HEAD = lazy(r"\d{1,12}:\d{1,9}:[a-z_]{2,30};")
_MOST = 64 * 1024 * 1024
"""Bytes of a body after decompression."""
_OTHER_ENCODINGS = ("br", "compress")


def _sniff(source: Source) -> Likeness:
    return Likeness.CERTAIN if source.shape == "text" and _HEAD.match(source.opening) else Likeness.NO


@container("mitmproxy", "a flow file of mitmproxy: typed netstrings, each with request and response", _sniff)
def exchanges(source: Source) -> Iterator[Found]:
    """One exchange an HTTP flow; a file that breaks off is read up to there."""
    read = 0
    try:
        for index, flow in enumerate(tnetstrings(source.data)):
            read += 1
            at: Pointer = (*source.root, Decoding.TNETSTRING, index)
            if isinstance(flow, dict) and flow.get("type") == "http":
                yield from _flow(source, flow, at)
    except LoadError as error:
        yield Problem(source.path, f"the flow file {error.message}", str(read), fatal=not read)


def _flow(source: Source, flow: Mapping[str, Any], at: Pointer) -> Iterator[Found]:
    asked, answered = mapping(flow.get("request")), mapping(flow.get("response"))
    try:
        request, request_at = _body(source, asked, (*at, "request", "content"))
        response, response_at = _body(source, answered, (*at, "response", "content"))
    except LoadError as error:
        yield Problem(source.path, error.message, pointer_text(at))
        return
    failed = mapping(flow.get("error")).get("msg")
    status = answered.get("status_code")
    yield from spread(
        Exchange(
            at,
            request=request,
            request_at=request_at,
            response=response,
            response_at=response_at,
            url=_url(asked),
            method=_word(asked.get("method")) or None,
            status=status if isinstance(status, int) else None,
            notes=(f"the flow ended with an error: {failed}",) if failed else (),
            labels={"timestamp": asked.get("timestamp_start")},
        )
    )


def _word(value: Any) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value or "")


def _url(asked: Mapping[str, Any]) -> str:
    host = next((held[1] for held in asked.get("headers") or () if _word(held[0]).lower() == "host"), asked.get("host"))
    return f"{_word(asked.get('scheme')) or 'https'}://{_word(asked.get('authority')) or _word(host)}{_word(asked.get('path'))}"


def _body(source: Source, side: Mapping[str, Any], at: Pointer) -> tuple[Any, Pointer]:
    content = side.get("content")
    if not isinstance(content, bytes) or not content:
        return None, at
    headers = [held for held in side.get("headers") or () if isinstance(held, list) and len(held) == 2]
    encoding = next((_word(value).lower() for name, value in headers if _word(name).lower() == "content-encoding"), "")
    if encoding in _OTHER_ENCODINGS:
        raise LoadError(
            f"a body is compressed with {encoding}, which is not read: `mitmdump -nr FILE --set hardump=x.har`"
        )
    if encoding == "deflate":
        content = _inflated(content)
    return read_body(content, at, source.reader)


def _inflated(content: bytes) -> bytes:
    for window in (zlib.MAX_WBITS, -zlib.MAX_WBITS):
        try:
            return zlib.decompressobj(window).decompress(content, _MOST)
        except zlib.error:
            continue
    return content

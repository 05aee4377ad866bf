"""httprr recordings of Go tests: `httprr trace v1`, then the sizes of a request and a response, and both as they were sent."""

from __future__ import annotations

from collections.abc import Iterator

from ctxdebug.containers import Found, Likeness, container
from ctxdebug.containers.shapes.batch import spread
from ctxdebug.decoding.http_body import read_body
from ctxdebug.decoding.source import Source
from ctxdebug.errors import LoadError
from ctxdebug.exchange import Exchange
from ctxdebug.model import Decoding, Pointer, Problem, pointer_text
from ctxdebug.text.patterns import lazy

_HEAD = "httprr trace v1"
_SIZES = lazy(r"(\d{1,10}) (\d{1,10})")
_REQUEST_LINE = lazy(r"([A-Z]{3,10}) (\S{1,2000}) HTTP/")
_STATUS_LINE = lazy(r"HTTP/[\d.]{1,3} (\d{3})")


def _sniff(source: Source) -> Likeness:
    return Likeness.CERTAIN if source.shape == "text" and source.opening.startswith(_HEAD) else Likeness.NO


@container("httprr", "`httprr trace v1`, then two sizes and an HTTP request with its response, again and again", _sniff)
def exchanges(source: Source) -> Iterator[Found]:
    """One exchange a pair; a file that breaks off is read up to there."""
    data = source.data
    at = data.find(b"\n") + 1
    while at < len(data):
        end = data.find(b"\n", at)
        sizes = _SIZES.fullmatch(data[at:end].decode("latin-1").strip()) if end > 0 else None
        asked, answered = (int(sizes[1]), int(sizes[2])) if sizes else (0, 0)
        if sizes is None or end + 1 + asked + answered > len(data):
            yield Problem(source.path, f"the recording breaks off at byte {at:,}", fatal=at < 100)
            return
        start = end + 1
        try:
            yield from spread(_exchange(source, data, start, start + asked, start + asked + answered))
        except LoadError as error:
            yield Problem(source.path, error.message, pointer_text((Decoding.SLICE, start)))
        at = start + asked + answered


def _exchange(source: Source, data: bytes, start: int, middle: int, end: int) -> Exchange:
    head, request, request_at = _message(source, data, start, middle)
    status_head, response, response_at = _message(source, data, middle, end)
    line, status = _REQUEST_LINE.match(head), _STATUS_LINE.match(status_head)
    return Exchange(
        request_at,
        request=request,
        request_at=request_at,
        response=response,
        response_at=response_at,
        url=line[2] if line else None,
        method=line[1] if line else None,
        status=int(status[1]) if status else None,
    )


def _message(source: Source, data: bytes, start: int, end: int) -> tuple[str, object, Pointer]:
    """Return the head of a message, and its body with the place where its text begins."""
    breaks = data.find(b"\r\n\r\n", start, end)
    body = end if breaks < 0 else breaks + 4
    first = len(data[:body].decode("utf-8", "replace"))
    last = first + len(data[body:end].decode("utf-8", "replace"))
    at: Pointer = (*source.root, Decoding.SLICE, first, last)
    value, where = (
        read_body(_unchunked(data[start:body], data[body:end]), at, source.reader) if body < end else (None, at)
    )
    return data[start:body].decode("latin-1"), value, where


def _unchunked(head: bytes, body: bytes) -> bytes:
    """Return the body without the sizes of its chunks, where its head says that it has some."""
    if b"transfer-encoding: chunked" not in head.lower():
        return body
    joined, at = b"", 0
    while (end := body.find(b"\r\n", at)) > 0:
        try:
            size = int(body[at:end].split(b";")[0], 16)
        except ValueError:
            return body
        if size == 0:
            return joined
        joined += body[end + 2 : end + 2 + size]
        at = end + 2 + size + 2
    return joined or body

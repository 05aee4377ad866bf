"""HAR files: what a browser or a proxy recorded."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from typing import Any

from ctxdebug.containers import Found, Likeness, container
from ctxdebug.containers.shapes.recorded import read_recorded
from ctxdebug.decoding.http_body import read_body
from ctxdebug.decoding.json_values import mapping
from ctxdebug.decoding.safe_yaml import CAPTURE, Base64Text, parse_yaml
from ctxdebug.decoding.source import Source
from ctxdebug.errors import LoadError
from ctxdebug.exchange import Exchange
from ctxdebug.model import Decoding, Pointer
from ctxdebug.text.patterns import lazy

_HTTP = frozenset({"url", "method", "headers", "cookies", "queryString", "httpVersion"})
"""Parts of a recorded request that are no body."""
_ENTRY = frozenset({"request", "response", "startedDateTime", "time", "cache", "timings", "pageref", "serverIPAddress",
    "connection", "comment"})  # fmt: skip
"""Parts of a recorded entry."""
_YAML_HEAD = lazy(r"(?:---\s{1,5})?log:\s{1,9}(?:_recordingName|version|creator|entries):")
"""What Polly.js writes with its YAML persister."""


def _entries(document: Any) -> list[Any]:
    log = document.get("log") if isinstance(document, dict) else None
    entries = log.get("entries") if isinstance(log, dict) else None
    return entries if isinstance(entries, list) else []


def _sniff(source: Source) -> Likeness:
    if source.shape == "text":
        return Likeness.CERTAIN if _YAML_HEAD.match(source.opening) else Likeness.NO
    if source.shape != "json" or '"log"' not in source.opening:
        return Likeness.NO
    return (
        Likeness.CERTAIN
        if any(isinstance(e, dict) and "request" in e for e in _entries(source.document))
        else Likeness.NO
    )


@container(
    "har", "`log.entries` of request with postData and response with content; in YAML as Polly.js writes it too", _sniff
)
def exchanges(source: Source) -> Iterator[Found]:
    """One exchange an entry."""
    yaml = source.shape == "text"
    document = parse_yaml(source.text, CAPTURE) if yaml else source.document
    at = (*source.root, Decoding.YAML if yaml else Decoding.JSON, "log", "entries")
    yield from read_recorded(source, _entries(document), at, _exchange)


def _exchange(source: Source, entry: dict[str, Any], at: Pointer) -> Exchange:
    asked, answered = mapping(entry.get("request")), mapping(entry.get("response"))
    posted, content = mapping(asked.get("postData")), mapping(answered.get("content"))
    request, request_at = _body(posted, (*at, "request", "postData"), source)
    response, response_at = _body(content, (*at, "response", "content"), source)
    status = answered.get("status")
    return Exchange(
        at,
        request=request,
        request_at=request_at,
        response=response,
        response_at=response_at,
        url=asked.get("url") if isinstance(asked.get("url"), str) else None,
        method=asked.get("method") if isinstance(asked.get("method"), str) else None,
        status=status if isinstance(status, int) and status > 0 else None,
        beside={} if request is not None else _unknown(entry, asked),
        labels={
            name: entry[key] for key, name in (("startedDateTime", "timestamp"), ("time", "latency_ms")) if key in entry
        },
    )


def _unknown(entry: dict[str, Any], asked: Mapping[str, Any]) -> dict[str, Any]:
    """Return what an entry without a request's body has under keys that no archive has."""
    others = {key: held for key, held in entry.items() if key not in _ENTRY and not key.startswith("_")}
    return others | {"request": {key: held for key, held in asked.items() if key not in _HTTP}}


def _body(content: Mapping[str, Any], at: Pointer, source: Source) -> tuple[Any, Pointer]:
    if isinstance(content.get("textJSON"), (dict, list)):  # as Polly.js writes a body that it parsed
        return read_body(content["textJSON"], (*at, "textJSON"), source.reader)
    text = content.get("text")
    if not isinstance(text, str) or not text:
        return None, (*at, "text")
    if content.get("encoding") != "base64":
        return read_body(text, (*at, "text"), source.reader)
    if text.startswith("[") and isinstance(chunks := source.reader.value(text), list):  # as Polly.js writes chunks
        return read_body(_joined(chunks), (*at, "text", Decoding.JSON, Decoding.BASE64), source.reader)
    return read_body(Base64Text(text), (*at, "text"), source.reader)


def _joined(chunks: list[Any]) -> bytes:
    """Return the bytes of a body whose chunks are base64 each; raises `LoadError` where one is not."""
    try:
        return b"".join(base64.b64decode(str(chunk), validate=True) for chunk in chunks)
    except ValueError as error:
        raise LoadError(f"a body is in chunks that are no base64: {error}") from error

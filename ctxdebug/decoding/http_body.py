"""HTTP bodies as recorders keep them: parsed, as text, as a stream, as base64; read to one form."""

from __future__ import annotations

import base64
import binascii
import io
import zlib
from typing import Any

from ctxdebug.decoding.aws_events import looks_like_frames, read_frames
from ctxdebug.decoding.safe_yaml import Base64Text
from ctxdebug.decoding.sse import looks_like_sse, read_sse
from ctxdebug.decoding.strict_json import JsonReader
from ctxdebug.decoding.zstd import unpack_zstd
from ctxdebug.errors import LoadError
from ctxdebug.exchange import Event, Stream
from ctxdebug.model import Decoding, Pointer

_MAX_INFLATED = 64 * 1024 * 1024


def read_body(body: Any, at: Pointer, reader: JsonReader) -> tuple[Any, Pointer]:
    """Return a body's value (JSON, a `Stream`, or the text itself) and the pointer to it."""
    if isinstance(body, bytes):
        return _read_bytes(body, at, reader)
    if isinstance(body, Base64Text):
        return _read_base64(body, at, reader)
    if isinstance(body, str):
        return _read_text(body, at, reader)
    if isinstance(body, dict):
        return _read_wrapped(body, at, reader)
    if isinstance(body, list) and body and all(isinstance(item, dict) and "__data__" in item for item in body):
        return Stream(tuple(_listed_event(item, (*at, n)) for n, item in enumerate(body))), at
    return body, at


def _read_text(text: str, at: Pointer, reader: JsonReader) -> tuple[Any, Pointer]:
    if text.startswith("\x1f\x8b"):  # bytes that a recorder wrote as characters
        try:
            return _read_bytes(text.encode("latin-1"), at, reader)
        except UnicodeEncodeError:
            return text, at
    start = text.lstrip("\ufeff \t\r\n")[:1]
    if start and start in "{[":
        try:
            return reader.read(text, "the body"), (*at, Decoding.JSON)
        except LoadError:
            stream = _json_lines(text, at, reader)
            if stream is not None:
                return stream, at
            return text, at
    if looks_like_sse(text):
        return read_sse(text, at, reader), at
    return text, at


def _json_lines(text: str, at: Pointer, reader: JsonReader) -> Stream | None:
    lines = text.split("\n")
    events: list[Event] = []
    complete = True
    for number, line in enumerate(lines):
        if not line.strip():
            continue
        value = reader.value(line)
        if value is None:
            if not events or any(rest.strip() for rest in lines[number + 1 :]):
                return None
            complete = False
            break
        events.append(Event(None, value, (*at, Decoding.LINES, number, Decoding.JSON)))
    return Stream(tuple(events), complete) if len(events) > 1 or (events and not complete) else None


def _read_base64(text: str, at: Pointer, reader: JsonReader) -> tuple[Any, Pointer]:
    try:
        data = base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return str(text), at
    return _read_bytes(data, (*at, Decoding.BASE64), reader)


def _read_bytes(data: bytes, at: Pointer, reader: JsonReader) -> tuple[Any, Pointer]:
    if data[:2] == b"\x1f\x8b":
        try:
            inflated = _bounded_gunzip(data)
        except (OSError, EOFError, zlib.error):
            return data, at
        return _read_bytes(inflated, (*at, Decoding.GZIP), reader)
    if data[:4] == b"\x28\xb5\x2f\xfd":
        return _read_bytes(unpack_zstd(data, _MAX_INFLATED), (*at, Decoding.ZSTD), reader)
    if looks_like_frames(data):
        return read_frames(data, (*at, Decoding.AWS_EVENTS), reader), at
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data, at
    return _read_text(text, at, reader)


def _bounded_gunzip(data: bytes) -> bytes:
    import gzip

    with gzip.GzipFile(fileobj=io.BytesIO(data)) as file:
        inflated = file.read(_MAX_INFLATED + 1)
    if len(inflated) > _MAX_INFLATED:
        raise LoadError(f"a compressed body is larger than {_MAX_INFLATED:,} bytes")
    return inflated


def _read_wrapped(body: dict[str, Any], at: Pointer, reader: JsonReader) -> tuple[Any, Pointer]:
    """Recorders that parse bodies mark one that is not a JSON document with a single underscore key."""
    if isinstance(text := body.get("_sse"), str):
        return read_sse(text, (*at, "_sse"), reader), at
    if isinstance(text := body.get("_ndjson"), str):
        stream = _json_lines(text, (*at, "_ndjson"), reader)
        return (stream, at) if stream is not None else _read_text(text, (*at, "_ndjson"), reader)
    for key in ("_ndjson", "_chunks", "_eventstream"):
        if isinstance(items := body.get(key), list):
            return Stream(tuple(_listed_event(item, (*at, key, n)) for n, item in enumerate(items))), at
    if "__data__" in body and "__type__" in body:
        return read_body(body["__data__"], (*at, "__data__"), reader)
    if isinstance(lines := body.get("_lines"), list):
        return lines, (*at, "_lines")
    if isinstance(text := body.get("_base64"), str):
        return _read_base64(text, (*at, "_base64"), reader)
    if isinstance(text := body.get("_text"), str) and len(body) == 1:
        return _read_text(text, (*at, "_text"), reader)
    return body, at


def _listed_event(item: Any, at: Pointer) -> Event:
    if isinstance(item, dict) and "payload" in item and isinstance(item.get("type"), str):
        return Event(item["type"], item["payload"], (*at, "payload"))
    if isinstance(item, dict) and "__data__" in item:
        return Event(None, item["__data__"], (*at, "__data__"))
    return Event(None, item, at)

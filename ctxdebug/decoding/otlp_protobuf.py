"""OTLP's protobuf, as collectors and file exporters write it, read without a library: an export as its JSON would be.

The numbers of the fields are those of https://github.com/open-telemetry/opentelemetry-proto, version 1.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Any

from ctxdebug.errors import LoadError

_DEEPEST = 30
_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5


def read_traces(data: bytes) -> list[dict[str, Any]]:
    """Return the spans of an ExportTraceServiceRequest; raises `LoadError` for anything else."""
    spans: list[dict[str, Any]] = []
    for resource in _messages(data, 1):
        for scope in _messages(resource, 2):
            spans.extend(_span(span) for span in _messages(scope, 2))
    return spans


def _span(data: bytes) -> dict[str, Any]:
    span: dict[str, Any] = {"attributes": {}, "events": []}
    for number, value in _fields(data):
        if number == 1 and isinstance(value, bytes):
            span["traceId"] = value.hex()
        elif number == 2 and isinstance(value, bytes):
            span["spanId"] = value.hex()
        elif number == 5:
            span["name"] = _text(value)
        elif number == 9 and isinstance(value, bytes):
            span["attributes"].update(_pair(value, 0))
        elif number == 11 and isinstance(value, bytes):
            span["events"].append(_event(value))
    return span


def _event(data: bytes) -> dict[str, Any]:
    event: dict[str, Any] = {"name": "", "attributes": {}}
    for number, value in _fields(data):
        if number == 2:
            event["name"] = _text(value)
        elif number == 3 and isinstance(value, bytes):
            event["attributes"].update(_pair(value, 0))
    return event


def _pair(data: bytes, depth: int) -> dict[str, Any]:
    key, held = "", None
    for number, value in _fields(data):
        if number == 1:
            key = _text(value)
        elif number == 2 and isinstance(value, bytes):
            held = _value(value, depth + 1)
    return {key: held}


def _value(data: bytes, depth: int) -> Any:
    """Return an AnyValue as a plain one."""
    if depth > _DEEPEST:
        raise LoadError("is nested too deeply to be read")
    for number, value in _fields(data):
        if number == 1:
            return _text(value)
        if number == 2:
            return bool(value)
        if number == 3 and isinstance(value, int):
            return value - (1 << 64) if value >= 1 << 63 else value
        if number == 4 and isinstance(value, bytes):
            return struct.unpack("<d", value)[0]
        if number == 5 and isinstance(value, bytes):
            return [_value(item, depth + 1) for item in _messages(value, 1)]
        if number == 6 and isinstance(value, bytes):
            made: dict[str, Any] = {}
            for item in _messages(value, 1):
                made.update(_pair(item, depth + 1))
            return made
        if number == 7 and isinstance(value, bytes):
            return value.hex()
    return None


def _messages(data: bytes, wanted: int) -> Iterator[bytes]:
    for number, value in _fields(data):
        if number == wanted and isinstance(value, bytes):
            yield value


def _fields(data: bytes) -> Iterator[tuple[int, int | bytes]]:
    """Yield the number and the raw value of each field."""
    at = 0
    while at < len(data):
        tag, at = _varint(data, at)
        number, kind = tag >> 3, tag & 7
        if kind == _VARINT:
            whole, at = _varint(data, at)
            yield number, whole
            continue
        if kind == _BYTES:
            size, at = _varint(data, at)
        elif kind in {_FIXED64, _FIXED32}:
            size = 8 if kind == _FIXED64 else 4
        else:
            raise LoadError(f"is no OTLP protobuf: an unknown kind of field at byte {at:,}")
        if number == 0 or at + size > len(data):
            raise LoadError(f"is no OTLP protobuf, or breaks off at byte {at:,}")
        yield number, data[at : at + size]
        at += size


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while at < len(data) and shift < 70:
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at += 1
        if byte < 0x80:
            return value, at
        shift += 7
    raise LoadError(f"is no OTLP protobuf, or breaks off at byte {at:,}")


def _text(value: int | bytes) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)

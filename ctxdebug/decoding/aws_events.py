"""AWS event streams: the binary frames in which Bedrock streams its answers."""

from __future__ import annotations

import base64
import binascii
import struct
from collections.abc import Iterator
from typing import Any

from ctxdebug.decoding.strict_json import JsonReader
from ctxdebug.exchange import Event, Stream
from ctxdebug.model import Decoding, Pointer

_PRELUDE = 12
_FIXED_SIZES = {0: 0, 1: 0, 2: 1, 3: 2, 4: 4, 5: 8, 8: 8, 9: 16}


def looks_like_frames(data: bytes) -> bool:
    """Whether the lengths of the first frame agree with each other (a video also begins with zero bytes)."""
    if len(data) < _PRELUDE + 4:
        return False
    total, headers = struct.unpack_from(">II", data)
    return bool(_PRELUDE + 4 <= total <= len(data) and 0 < headers <= total - _PRELUDE - 4)


def read_frames(data: bytes, at: Pointer, reader: JsonReader) -> Stream:
    """Return the events of a stream of frames; incomplete when the last frame is cut. `at` leads to the bytes."""
    events: list[Event] = []
    offset = 0
    while offset + _PRELUDE + 4 <= len(data):
        total, header_length = struct.unpack_from(">II", data, offset)
        if total < _PRELUDE + 4 + header_length or offset + total > len(data):
            return Stream(tuple(events), complete=False)
        headers = dict(_headers(data[offset + _PRELUDE : offset + _PRELUDE + header_length]))
        payload = data[offset + _PRELUDE + header_length : offset + total - 4]
        name = headers.get(":event-type") or headers.get(":exception-type")
        value = reader.value(payload.decode("utf-8", errors="replace"))
        events.append(Event(name, unwrapped(value, reader), (*at, len(events), Decoding.JSON)))
        offset += total
    return Stream(tuple(events), complete=offset == len(data))


def unwrapped(payload: Any, reader: JsonReader) -> Any:
    """Return the vendor's own event inside an `InvokeModelWithResponseStream` payload; any other payload as it is."""
    if not isinstance(payload, dict) or not isinstance(payload.get("bytes"), str):
        return payload
    try:
        text = base64.b64decode(payload["bytes"]).decode("utf-8", errors="replace")
    except (binascii.Error, ValueError):
        return payload
    inner = reader.value(text)
    return payload if inner is None else inner


def _headers(data: bytes) -> Iterator[tuple[str, str]]:
    at = 0
    while at < len(data):
        name_length = data[at]
        name = data[at + 1 : at + 1 + name_length].decode("utf-8", errors="replace")
        at += 1 + name_length
        if at >= len(data):
            return
        kind = data[at]
        at += 1
        if kind in {6, 7}:
            if at + 2 > len(data):
                return
            (length,) = struct.unpack_from(">H", data, at)
            yield name, data[at + 2 : at + 2 + length].decode("utf-8", errors="replace")
            at += 2 + length
        elif kind in _FIXED_SIZES:
            at += _FIXED_SIZES[kind]
        else:
            return

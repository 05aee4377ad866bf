"""Follow a pointer through the bytes of a file with nothing of the loader's, to check the loader against."""

from __future__ import annotations

import base64
import gzip
import json
import struct
from functools import lru_cache
from typing import Any

from ctxdebug.model import Decoding, Pointer


def resolve(data: bytes, pointer: Pointer) -> Any:
    """The value at the end of a pointer; `data` is the file, or the one line of it that the pointer leads to."""
    steps = list(pointer)
    value: Any = data
    if steps[:1] == [Decoding.LINES]:
        del steps[:2]
    while steps:
        step = steps.pop(0)
        if step is Decoding.JSON:
            value = _json(value if isinstance(value, (bytes, str)) else bytes(value))
        elif step is Decoding.LINES:
            value = _text(value).split("\n")[steps.pop(0)]  # type: ignore[index]  # the pointer's own kind of step
        elif step is Decoding.SSE:
            value = _event(_text(value), steps.pop(0))  # type: ignore[arg-type]  # as above
        elif step is Decoding.AWS_EVENTS:
            value = _frame(value, steps.pop(0))  # type: ignore[arg-type]  # as above
        elif step is Decoding.BASE64:
            value = base64.b64decode(value)
        elif step is Decoding.GZIP:
            value = gzip.decompress(value)
        elif isinstance(step, Decoding):
            raise NotImplementedError(step)
        else:
            value = value[step]
    return value.decode() if isinstance(value, bytes) else value


def _text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)


@lru_cache(maxsize=4)
def _json(value: bytes | str) -> Any:
    return json.loads(value)


def _event(text: str, index: int) -> str:
    block = text.replace("\r\n", "\n").replace("\r", "\n").split("\n\n")[index]
    lines = [line[5:] for line in block.split("\n") if line.startswith("data:")]
    return "\n".join(line.removeprefix(" ") for line in lines)


def _frame(data: bytes, index: int) -> bytes:
    offset = 0
    while True:
        total, headers = struct.unpack_from(">II", data, offset)
        if index == 0:
            payload = data[offset + 12 + headers : offset + total - 4]
            inner = json.loads(payload)
            return _unwrapped(inner, payload)
        index -= 1
        offset += total


def _unwrapped(inner: Any, payload: bytes) -> bytes:
    """The vendor's event inside a frame, when that is JSON too."""
    if "bytes" not in inner:
        return payload
    data = base64.b64decode(inner["bytes"])
    try:
        json.loads(data)
    except ValueError:
        return payload
    return data

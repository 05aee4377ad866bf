"""Typed netstrings: `LENGTH:DATA` and a letter for the type, as mitmproxy writes its flows.

The format is documented at https://github.com/mitmproxy/mitmproxy/blob/main/mitmproxy/io/tnetstring.py: `,` bytes, `;` text,
`#` integer, `^` float, `!` boolean, `~` null, `}` dictionary, `]` list.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ctxdebug.errors import LoadError

_LONGEST = 12
"""Digits of a length."""
_DEEPEST = 60


def tnetstrings(data: bytes) -> Iterator[Any]:
    """Yield the values of a file one after another; raises `LoadError` at the first that is broken or cut."""
    at = 0
    while at < len(data):
        value, at = _value(data, at, len(data), 0)
        yield value


def _value(data: bytes, at: int, limit: int, depth: int) -> tuple[Any, int]:
    colon = data.find(b":", at, min(limit, at + _LONGEST + 1))
    digits = data[at:colon] if colon > 0 else b""
    if not digits.isdigit() or depth > _DEEPEST:
        raise LoadError(f"is no typed netstring at byte {at:,}")
    start, end = colon + 1, colon + 1 + int(digits)
    if end >= limit:
        raise LoadError(f"breaks off inside the value at byte {at:,}")
    kind = data[end : end + 1]
    if kind == b"}":
        return _dictionary(data, start, end, depth), end + 1
    if kind == b"]":
        return _items(data, start, end, depth), end + 1
    return _scalar(kind, data[start:end], at), end + 1


def _scalar(kind: bytes, held: bytes, at: int) -> Any:
    try:
        if kind == b",":
            return held
        if kind == b";":
            return held.decode("utf-8")
        if kind == b"#":
            return int(held[:40])
        if kind == b"^":
            return float(held[:60])
    except ValueError as error:
        raise LoadError(f"has a value that is not of its type at byte {at:,}") from error
    if kind == b"!":
        return held == b"true"
    if kind == b"~":
        return None
    raise LoadError(f"has a value of an unknown type at byte {at:,}")


def _items(data: bytes, start: int, end: int, depth: int) -> list[Any]:
    found = []
    while start < end:
        value, start = _value(data, start, end, depth + 1)
        found.append(value)
    return found


def _dictionary(data: bytes, start: int, end: int, depth: int) -> dict[str, Any]:
    listed = _items(data, start, end, depth)
    if len(listed) % 2:
        raise LoadError(f"has a key without its value before byte {end:,}")
    names = (key.decode("utf-8", "replace") if isinstance(key, bytes) else str(key) for key in listed[::2])
    return dict(zip(names, listed[1::2], strict=True))

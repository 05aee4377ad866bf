"""JSON for reports: readable, and without a byte that a terminal, a log reader or a workflow runner would obey."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from ctxdebug.text.patterns import lazy

_UNSAFE = lazy(
    "[\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)

_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False, check_circular=False)


def safe_json(text: str) -> str:
    """JSON text with every hidden character, lone surrogate and runner command inside its strings escaped."""
    return _UNSAFE.sub(_escape, text).replace("##[", "##\\u005b")


def _escape(match: re.Match[str]) -> str:
    code = ord(match.group())
    if code < 0x10000:
        return f"\\u{code:04x}"
    code -= 0x10000
    return f"\\u{0xD800 + (code >> 10):04x}\\u{0xDC00 + (code & 0x3FF):04x}"


class Written(str):
    """A value that is JSON already."""

    __slots__ = ()


def compact(value: Any) -> str:
    """One value on one line; raises `ValueError` on a number that JSON does not have."""
    return value if isinstance(value, Written) else _ENCODER.encode(value)


def listing(values: Iterable[Any], indent: str = "") -> str:
    """Return a list with one element a line, so that a difference of two reports can be read."""
    lines = [f"{indent} {compact(value)}" for value in values]
    return "[\n" + ",\n".join(lines) + f"\n{indent}]" if lines else "[]"


def json_object(members: Mapping[str, Any]) -> str:
    """Return an object with one member a line; lists get one element a line."""
    lines = [
        f" {compact(name)}: {listing(value, ' ') if isinstance(value, list) else compact(value)}"
        for name, value in members.items()
    ]
    return safe_json("{\n" + ",\n".join(lines) + "\n}\n")

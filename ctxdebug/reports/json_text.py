"""JSON for reports: readable, and without a byte that a terminal, a log reader or a workflow runner would obey."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from weakref import finalize

from ctxdebug.text.patterns import lazy
from ctxdebug.text.printable import hidden_character

_UNSAFE = lazy(hidden_character)

_IN_MEMORY = 4_000_000
"""Characters of a report that are kept in memory while it is made."""

_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False, check_circular=False)


def safe_json(text: str) -> str:
    """JSON text with every hidden character, lone surrogate and runner command inside its strings escaped."""
    shown = text if text.isascii() and "\x7f" not in text else _UNSAFE.sub(_escape, text)
    return shown.replace("##[", "##\\u005b")


def _escape(match: re.Match[str]) -> str:
    code = ord(match.group())
    if code < 0x10000:
        return f"\\u{code:04x}"
    code -= 0x10000
    return f"\\u{0xD800 + (code >> 10):04x}\\u{0xDC00 + (code & 0x3FF):04x}"


class Spooled:
    """Values that are JSON already, one a line, in memory as long as they are few."""

    def __init__(self) -> None:
        from tempfile import SpooledTemporaryFile

        self._file = SpooledTemporaryFile(max_size=_IN_MEMORY, mode="w+", encoding="utf-8", newline="\n")  # noqa: SIM115 - it lives as long as this does

        finalize(self, self._file.close)

    def add(self, written: str) -> None:
        """Take the text of a value."""
        self._file.write(safe_json(written) + "\n")

    def __iter__(self) -> Iterator[Written]:
        """Yield the values in order."""
        self._file.seek(0)
        return (Written(line[:-1]) for line in self._file)


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
    return "".join(json_pieces(members))


def json_pieces(members: Mapping[str, Any]) -> Iterator[str]:
    """Yield the text of `json_object` piece by piece; a member may be an iterator of written values in place of a list.

    What cannot be written raises `ValueError` before anything is yielded.
    """
    texts = {name: value if isinstance(value, Iterator) else _member(value) for name, value in members.items()}
    before = "{\n"
    for name, text in texts.items():
        yield f"{before} {compact(name)}: "
        yield from (text,) if isinstance(text, str) else _elements(text)
        before = ",\n"
    yield "\n}\n"


def _member(value: Any) -> str:
    return safe_json(listing(value, " ") if isinstance(value, list) else compact(value))


def _elements(values: Iterator[Written]) -> Iterator[str]:
    before = "[\n  "
    for value in values:
        yield f"{before}{value}"
        before = ",\n  "
    yield "[]" if before.startswith("[") else "\n ]"

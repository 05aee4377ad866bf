"""Which columns of a row say what: told on the command line, else guessed by the names in `columns.json`."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from ctxdebug.decoding.objects import plain
from ctxdebug.records import record
from ctxdebug.text.whole_numbers import whole_number

_LATEST = 4_102_444_800
"""Seconds since 1970, the year 2100: what is larger counts milliseconds, microseconds or nanoseconds."""


@cache
def known() -> Mapping[str, Any]:
    """Return the rows of `columns.json`."""
    held: Mapping[str, Any] = json.loads(Path(__file__).with_name("columns.json").read_text("utf-8"))
    return held


@record(frozen=True, slots=True)
class Columns:
    """The columns that were told; None where one is guessed. A dot leads into an object: `metadata.session`."""

    request: str | None = None
    response: str | None = None
    session: str | None = None
    time: str | None = None

    def session_of(self, row: Mapping[str, Any]) -> tuple[str | None, str | None]:
        """Return the session that a row names, and else the trace, by which it is only grouped."""
        if self.session is not None:
            return _label(_at(row, self.session)), None
        named = next((found for name in known()["session"] if (found := _label(_at(row, name)))), None)
        if named is not None:
            return named, None
        return None, next((found for name in known()["trace"] if (found := _label(_at(row, name)))), None)

    def time_of(self, row: Mapping[str, Any]) -> datetime | None:
        """Return when a row was logged, in UTC; a time without a zone counts as UTC."""
        names = known()["time"] if self.time is None else (self.time,)
        return next((found for name in names if (found := moment(_at(row, name))) is not None), None)

    def told(self, row: Mapping[str, Any]) -> dict[str, Any] | None:
        """Return a row as request and response, where the columns of these were told; None where they were not."""
        if self.request is None and self.response is None:
            return None
        taken = {name.split(".")[0] for name in (self.request, self.response) if name is not None}
        made = {key: value for key, value in row.items() if key not in taken | {"request", "response"}}
        for side, name in (("request", self.request), ("response", self.response)):
            value = _opened(_at(row, name)) if name is not None else row.get(side)
            if value is not None:
                made[side] = value
        return made


def document_of(row: Mapping[str, Any], columns: Columns) -> bytes:
    """Return what a table's row holds: the text of its one column, else its columns as one line of JSON.

    Raises `LoadError` where a value has no JSON.
    """
    row = {key: value for key, value in row.items() if value is not None}
    told = columns.told(row)
    if told is None:
        names = known()
        if not row.keys() & {*names["request"], *names["response"], *names["opened"]}:
            held = next((row[name] for name in names["document"] if isinstance(row.get(name), (str, bytes))), None)
            if held is not None:
                return held.encode("utf-8", "surrogatepass") if isinstance(held, str) else held
        told = {
            names["renamed"].get(key, key): _opened(value) if key in names["opened"] else value
            for key, value in row.items()
        }
    return msgspec.json.encode(plain(_readable(told)))


def _at(row: Mapping[str, Any], name: str) -> Any:
    """Return the value of a column; the longest key that fits counts, so `attributes.session.id` may be one key or three."""
    if name in row:
        return row[name]
    steps = name.split(".")
    for cut in range(len(steps) - 1, 0, -1):
        inner = row.get(".".join(steps[:cut]))
        if isinstance(inner, str) and inner.startswith("{"):
            inner = _opened(inner)
        if isinstance(inner, Mapping):
            return _at(inner, ".".join(steps[cut:]))
    return None


def _label(value: Any) -> str | None:
    """Return an id as text; None for what is none."""
    if isinstance(value, bool) or value is None:
        return None
    return str(value).strip() or None if isinstance(value, (str, int)) or hasattr(value, "hex") else None


def _opened(value: Any) -> Any:
    """Return the object or list that a text is, or the value as it is."""
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    if isinstance(value, str) and value.lstrip()[:1] in {"{", "["}:
        try:
            return msgspec.json.decode(value)
        except (msgspec.DecodeError, RecursionError):
            return value
    return value


def moment(value: Any) -> datetime | None:
    """Return a time that a column holds, in UTC; None for what is none."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    if isinstance(value, str) and (number := whole_number(value.strip(), 20)) is not None:
        value = number
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _since_1970(float(value))
    if isinstance(value, str):
        try:
            return moment(datetime.fromisoformat(value.strip()))
        except ValueError:
            return None
    return None


def _since_1970(seconds: float) -> datetime | None:
    if not math.isfinite(seconds):
        return None
    while seconds > _LATEST:
        seconds /= 1000
    return datetime.fromtimestamp(seconds, tz=UTC) if seconds > 0 else None


def _readable(value: Any) -> Any:
    """Return lists of pairs, as Arrow gives a map, as objects, and bytes that are text as text; what is null is left out."""
    if isinstance(value, bytes):
        with suppress(UnicodeDecodeError):
            return value.decode("utf-8")
    if isinstance(value, Mapping):
        return {str(key): _readable(inner) for key, inner in value.items() if inner is not None}
    if isinstance(value, (list, tuple)):
        if value and all(isinstance(item, tuple) and len(item) == 2 and isinstance(item[0], str) for item in value):
            return {key: _readable(inner) for key, inner in value}
        return [_readable(item) for item in value]
    return value

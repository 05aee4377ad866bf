"""Python objects as JSON: dicts, lists, the models of SDKs, rows of tables; what has no JSON is said, never guessed."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, time
from decimal import Decimal
from enum import Enum
from pathlib import PurePath
from typing import Any
from uuid import UUID

from ctxdebug.decoding.source import DEFAULT_MAX_BYTES, Source
from ctxdebug.errors import LoadError
from ctxdebug.model import Problem

_DEEPEST = 150
_TOO_DEEP = "is nested too deeply to be read, or contains itself"
_MOST_BITS = 13_000
"""Of a whole number: Python writes none of more than 4,300 digits."""
_WRITTEN = (date, time, UUID, PurePath)
_MISSING = frozenset({"NAType", "NaTType"})
"""What pandas writes where a cell is empty, beside NaN."""


def plain(value: Any) -> Any:
    """Return a value as JSON values; raises `LoadError` with the pointer to what has none.

    Objects with `model_dump` (pydantic: the models of SDKs) give what they send, dataclasses their fields, arrays their
    lists; bytes become base64. Nothing that was given is changed.
    """
    try:
        return _plain(value, (), 0)
    except LoadError:
        raise
    except RecursionError:
        raise LoadError(_TOO_DEEP) from None
    except Exception as error:
        raise LoadError(_broke(value, error)) from error


def _plain(value: Any, at: tuple[str, ...], depth: int) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, Enum):
        return _plain(value.value, at, depth + 1)
    if isinstance(value, str):
        return str(value)
    if isinstance(value, int):
        if value.bit_length() > _MOST_BITS:
            raise LoadError("contains a number too long to be read", _pointer(at))
        return int(value)
    if isinstance(value, float):
        return float(value)
    if depth > _DEEPEST:
        raise LoadError(_TOO_DEEP, _pointer(at[:4]))
    if isinstance(value, Mapping):
        return {_key(key, at): _plain(held, (*at, str(key)), depth + 1) for key, held in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(held, (*at, str(number)), depth + 1) for number, held in enumerate(value)]
    return _plain(_offered(value, at), at, depth + 1)


def _offered(value: Any, at: tuple[str, ...]) -> Any:
    """Return what an object offers of itself."""
    if isinstance(value, bytes | bytearray | memoryview):
        return base64.b64encode(bytes(value)).decode("ascii")
    if isinstance(value, _WRITTEN):
        return str(value)
    if isinstance(value, Decimal):
        return float(value)
    try:
        if not isinstance(value, type):
            from dataclasses import fields, is_dataclass

            if is_dataclass(value):
                return {one.name: getattr(value, one.name) for one in fields(value)}
            if callable(getattr(value, "model_dump", None)):
                return _dumped(value)
            for name in ("tolist", "to_dict"):
                if callable(getattr(value, name, None)):
                    return getattr(value, name)()
    except Exception as error:
        raise LoadError(_broke(value, error), _pointer(at)) from error
    named = f"the class {value.__name__}" if isinstance(value, type) else f"an object of {type(value).__name__}"
    raise LoadError(f"contains {named}, which has no JSON", _pointer(at))


def _broke(value: Any, error: Exception) -> str:
    return f"contains an object of {type(value).__name__} that breaks when it is read ({type(error).__name__}: {str(error)[:200]})"


def _dumped(value: Any) -> Any:
    """Return what a pydantic model sends: by the names of the wire, without what nobody set."""
    try:
        return value.model_dump(mode="json", by_alias=True, exclude_none=True, warnings=False)
    except TypeError:  # a `model_dump` of somebody's own
        return value.model_dump()


def _key(key: Any, at: tuple[str, ...]) -> str:
    if isinstance(key, Enum):
        key = key.value
    if not isinstance(key, str | int | float):
        raise LoadError(f"contains a key of {type(key).__name__}, which has no JSON", _pointer(at))
    return str(key)


def _pointer(at: tuple[str, ...]) -> str:
    return "".join(f"/{step.replace('~', '~0').replace('/', '~1')}" for step in at)


def source_of(value: Any, name: str, max_bytes: int = DEFAULT_MAX_BYTES) -> Source:
    """Return a source that holds one object as JSON; raises `LoadError` where it has none."""
    return Source(name, max_bytes, held=_encoded(plain(value)), rendered=True)


def source_of_rows(
    rows: Iterable[Any], name: str, max_bytes: int = DEFAULT_MAX_BYTES
) -> tuple[Source, tuple[Problem, ...]]:
    """Return a source that holds rows as JSON lines, and a problem for each row that has no JSON.

    A row's number, from 0, begins its pointers: a row that could not be read leaves its line empty. Cells without a value
    are left out.
    """
    lines: list[bytes] = []
    problems: list[Problem] = []
    for number, row in enumerate(taken_rows(rows)):
        try:
            if isinstance(row, LoadError):
                raise row
            lines.append(_encoded(_row(row)))
        except LoadError as error:
            lines.append(b"")
            problems.append(Problem(name, error.message, f"/{number}{error.pointer}"))
    source = Source(name, max_bytes, held=b"\n".join(lines), rendered=True)
    source.shape = "json lines" if any(lines) else "empty"
    return source, tuple(problems)


def taken_rows(rows: Iterable[Any]) -> Iterator[Any]:
    """Yield rows; an iterable that breaks ends them with a `LoadError` in place of the row that it did not give."""
    try:
        yield from rows
    except Exception as error:  # noqa: BLE001 - somebody's iterable; what it gave until then is examined
        yield LoadError(f"no more rows could be read ({type(error).__name__}: {str(error)[:200]})")


def _row(row: Any) -> Any:
    if isinstance(row, bytes | str):
        try:
            held = json.loads(row)
        except (ValueError, RecursionError) as error:
            raise LoadError(f"the row is text that is not JSON: {str(error)[:200]}") from error
    elif isinstance(row, Mapping):
        held = plain({key: cell for key, cell in row.items() if not _is_missing(cell)})
    else:
        held = plain(row)
    if not held or not isinstance(held, dict | list):
        raise LoadError("the row is empty" if not held else f"the row is {str(held)[:40]!r}, and no object")
    return held


def _is_missing(held: Any) -> bool:
    return (isinstance(held, float) and held != held) or type(held).__name__ in _MISSING


def _encoded(value: Any) -> bytes:
    try:
        return json.dumps(value, separators=(",", ":")).encode("ascii")
    except (ValueError, RecursionError) as error:
        raise LoadError(f"cannot be written as JSON: {str(error)[:200]}") from error


def table_rows(table: Any) -> Iterable[Any] | None:
    """Return the rows of a table of pandas, polars or pyarrow, told by what it offers; None where it is no table."""
    rows: Iterable[Any]
    if callable(getattr(table, "iter_rows", None)):  # polars
        rows = table.iter_rows(named=True)
        return rows
    if callable(getattr(table, "to_pylist", None)):  # pyarrow: a table, a batch
        if callable(getattr(table, "to_batches", None)):
            return (row for batch in table.to_batches() for row in batch.to_pylist())
        rows = table.to_pylist()
        return rows
    if callable(getattr(table, "iterrows", None)) and callable(getattr(table, "itertuples", None)):  # pandas
        names = [str(name) for name in table.columns]
        return (dict(zip(names, values, strict=True)) for values in table.itertuples(index=False, name=None))
    return None

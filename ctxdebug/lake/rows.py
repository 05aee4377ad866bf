"""A file becomes rows: lines of JSON, records of a table, or the whole file where it is one capture."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

import msgspec
import pyarrow as pa

from ctxdebug.decoding.source import DEFAULT_MAX_BYTES, Source
from ctxdebug.errors import LoadError
from ctxdebug.lake.columns import Columns, document_of, known
from ctxdebug.lake.locations import Located
from ctxdebug.lake.opening import reason, unpacked
from ctxdebug.lake.recognition import lines_of_captures
from ctxdebug.lake.schemas import ROWS
from ctxdebug.lake.tables import records, table_kind
from ctxdebug.records import record

STRETCH = 32 * 1024 * 1024
"""Bytes of a file's rows without a session that are examined together; sessions are recognised inside a stretch."""
BATCH = 8 * 1024 * 1024
"""Bytes of documents in one batch."""


@record(slots=True)
class Row:
    """One row of `schemas.ROWS`."""

    source: str
    row: int | None
    group: str
    session: str | None = None
    time: datetime | None = None
    expected: bool = True
    whole: bool = False
    lines: bool = False
    document: bytes | None = None
    problem: str | None = None
    fatal: bool = True


def row_batches(file: Located, columns: Columns, max_bytes: int = DEFAULT_MAX_BYTES) -> Iterator[pa.RecordBatch]:
    """Yield the rows of a file as batches of `schemas.ROWS`; what cannot be read is a row with a problem."""
    held: list[Row] = []
    size = 0
    for row in _guarded(file, columns, max_bytes):
        held.append(row)
        size += len(row.document or b"")
        if size >= BATCH:
            yield batch_of(held)
            held, size = [], 0
    if held:
        yield batch_of(held)


def batch_of(rows: Iterable[Row]) -> pa.RecordBatch:
    """Return rows as one batch."""
    listed = list(rows)
    return pa.RecordBatch.from_arrays(
        [pa.array([getattr(row, name) for row in listed], type=ROWS.field(name).type) for name in ROWS.names],
        schema=ROWS,
    )


def _guarded(file: Located, columns: Columns, max_bytes: int) -> Iterator[Row]:
    """Yield the rows of a file; where its bytes or its reader fail, a problem, and the scan goes on to the next one."""
    try:
        yield from _rows(file, columns, max_bytes)
    except LoadError as error:
        yield _problem(file, error.message)
    except (pa.ArrowException, OSError, EOFError) as error:
        yield _problem(file, f"cannot be read: {reason(error)}")
    except Exception as error:  # noqa: BLE001 - one file that breaks a reader must not end the scan of the others
        yield _problem(
            file, f"the reader of this file broke ({type(error).__name__}: {str(error)[:200]}); please report it"
        )


def _problem(file: Located, message: str) -> Row:
    return Row(file.name, None, _alone(file, None), problem=message, expected=file.expected)


def _rows(file: Located, columns: Columns, max_bytes: int) -> Iterator[Row]:
    kind = table_kind(file)
    if kind is not None:
        yield from _table_rows(file, kind, columns, max_bytes)
        return
    with unpacked(file) as stream:
        beginning = _beginning(stream, max_bytes, named=file.name.lower().endswith(_NAMED_LINES))
        readable = [line for line in beginning if _is_json(line)] if file.name.lower().endswith(_NAMED_LINES) else []
        if lines_of_captures(file.name, b"".join(readable if len(readable) > 1 else beginning), columns):
            yield from _line_rows(file, _lines(beginning, stream, max_bytes), columns)
            return
        data = b"".join(beginning) + stream.read(max_bytes + 1)
    yield _whole(file, None, data, columns, max_bytes)


_NAMED_LINES = tuple(f"{name}{packing}" for name in (".jsonl", ".ndjson") for packing in ("", ".gz", ".zst"))
_HEAD, _LONGEST_HEAD = 1 << 16, 1 << 24


def _beginning(stream: Any, max_bytes: int, *, named: bool) -> list[bytes]:
    """Return the first lines of a file: 64 KiB, and two lines that are not empty; where its name says lines, two of JSON."""
    lines: list[bytes] = []
    size = full = 0
    while (size < _HEAD or full < 2) and size <= (min(max_bytes, _LONGEST_HEAD) if named else max_bytes):
        line = stream.readline(max_bytes + 1)
        if not line:
            break
        lines.append(line)
        size += len(line)
        full += _is_json(line) if named else bool(line.strip())
    return lines


def _is_json(line: bytes) -> bool:
    try:
        msgspec.json.decode(line.removeprefix(b"\xef\xbb\xbf"))
    except (msgspec.DecodeError, RecursionError):
        return False
    return True


def _lines(beginning: list[bytes], stream: Any, max_bytes: int) -> Iterator[bytes]:
    yield from beginning
    while line := stream.readline(max_bytes + 1):
        yield line


def _line_rows(file: Located, lines: Iterable[bytes], columns: Columns) -> Iterator[Row]:
    """Yield a row a line; a last line that is no JSON is a warning, since it may just be cut."""
    reader = Source(file.name)
    groups = _Groups(file)
    fault: Row | None = None
    for number, line in enumerate(lines, 1):
        line = line.removeprefix(b"\xef\xbb\xbf").strip() if number == 1 else line.strip()
        if not line:
            continue
        if fault is not None:
            yield fault
            fault = None
        try:
            value = _value(reader, line, number)
        except LoadError as error:
            fault = Row(file.name, number, _alone(file, number), problem=error.message, expected=file.expected)
            continue
        row = Row(file.name, number, "", expected=file.expected, lines=True, document=line)
        told = columns.told(value) if isinstance(value, dict) else None
        if told is not None:
            row.document, row.lines, row.expected = msgspec.json.encode(told), False, True
        groups.join(row, value, columns)
        yield row
    if fault is not None:
        fault.problem, fault.fatal = f"the last line is cut and was left out: {fault.problem}", False
        yield fault


def _value(reader: Source, line: bytes, number: int) -> Any:
    """Return the value of a line; raises `LoadError` as `check` tells it."""
    try:
        return msgspec.json.decode(line)
    except (msgspec.DecodeError, RecursionError):
        return reader.reader.read(reader.decode(line), f"line {number}")


class _Groups:
    """Says of each row of a file with which others it is examined."""

    def __init__(self, file: Located) -> None:
        self._file = file
        self._bytes = 0

    def join(self, row: Row, value: Any, columns: Columns) -> None:
        """Set a row's group: its session, its trace, or the stretch of the file in which it lies."""
        session = trace = None
        if isinstance(value, dict):
            session, trace = columns.session_of(value)
            row.time = columns.time_of(value)
        row.session = session
        if session is not None or trace is not None:
            row.group = f"session {session}" if session is not None else f"trace {trace}"
            return
        row.group = f"file {self._file.name} {self._bytes // STRETCH}"
        self._bytes += len(row.document or b"")


def _alone(file: Located, number: int | None) -> str:
    return f"file {file.name} row {number}" if number is not None else f"file {file.name}"


def _table_rows(file: Located, kind: str, columns: Columns, max_bytes: int) -> Iterator[Row]:
    groups = _Groups(file)
    for number, held in enumerate(records(file, kind, columns, max_bytes), 1):
        try:
            document = document_of(held, columns)
        except (LoadError, RecursionError, UnicodeEncodeError) as error:
            told = error.message if isinstance(error, LoadError) else f"has no JSON ({type(error).__name__})"
            yield Row(file.name, number, _alone(file, number), problem=told)
            continue
        value = _object(document)
        if value is None:
            yield _whole(file, number, document, columns, max_bytes)
            continue
        row = Row(file.name, number, "", document=document)
        groups.join(row, {**value, **held}, columns)
        yield row


def _object(document: bytes) -> dict[str, Any] | None:
    """Return the object that one line of JSON is; None where it is something else."""
    if b"\n" in document.strip():
        return None
    try:
        value = msgspec.json.decode(document)
    except (msgspec.DecodeError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _whole(file: Located, number: int | None, data: bytes, columns: Columns, max_bytes: int) -> Row:
    """Return a row whose document is a capture of its own; one JSON object that is an exchange may name its session."""
    if len(data) > max_bytes:
        message = f"is larger than {max_bytes:,} bytes; raise the limit with --max-bytes"
        return Row(file.name, number, _alone(file, number), problem=message, expected=file.expected)
    row = Row(file.name, number, _alone(file, number), expected=file.expected or number is not None, whole=True,
              lines=number is None, document=data)  # fmt: skip
    if data.lstrip()[:1] != b"{":
        return row
    try:
        value = msgspec.json.decode(data)
    except (msgspec.DecodeError, RecursionError):
        return row
    told = columns.told(value) if isinstance(value, dict) else None
    if isinstance(value, dict) and (told is not None or not value.keys().isdisjoint(known()["request"])):
        session, _ = columns.session_of(value)
        if told is not None or session is not None:
            row.document = msgspec.json.encode(told if told is not None else value)
            row.row, row.whole, row.lines, row.session = number or 1, False, False, session
            row.time = columns.time_of(value)
            row.group = f"session {session}" if session is not None else row.group
    return row

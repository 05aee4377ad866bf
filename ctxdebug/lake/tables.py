"""The records of tables: Parquet, Arrow and Feather files, DuckDB and SQLite databases."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ctxdebug.containers import CONTAINERS, Likeness
from ctxdebug.decoding.source import Source
from ctxdebug.decoding.sqlite_rows import records as sqlite_records
from ctxdebug.decoding.sqlite_rows import tables as sqlite_tables
from ctxdebug.errors import LoadError
from ctxdebug.lake import need
from ctxdebug.lake.columns import Columns, known
from ctxdebug.lake.locations import Located
from ctxdebug.lake.opening import raw, reason

_AT_ONCE = 64
"""Records that are taken out of a file together: one may be a megabyte."""
_STREAMED = (".arrows", ".arrow", ".ipc")


def table_kind(file: Located) -> str | None:
    """Return what table a file is by its first bytes: `parquet`, `arrow`, `arrow stream`, `duckdb`, `sqlite`; None for none.

    An SQLite file that an application is known to keep its calls in is no table, but a capture. Raises `LoadError`.
    """
    with raw(file) as opened:
        head = bytes(opened.read(16))
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith(b"ARROW1"):
        return "arrow"
    if head.startswith(b"\xff\xff\xff\xff") and file.name.lower().endswith(_STREAMED):
        return "arrow stream"
    if head[8:12] == b"DUCK":
        return "duckdb"
    if head.startswith(b"SQLite format 3\x00") and not file.remote and not _is_capture(file):
        return "sqlite"
    return None


def _is_capture(file: Located) -> bool:
    source = Source(file.place)
    return any(entry.sniff(source) is Likeness.CERTAIN for entry in CONTAINERS.all().values())


def records(file: Located, kind: str, columns: Columns, max_bytes: int) -> Iterator[Mapping[str, Any]]:
    """Yield the records of a table as objects, in the order in which it holds them; raises `LoadError`."""
    if kind == "duckdb":
        return _duckdb(file, columns)
    if kind == "sqlite":
        return _sqlite(file, columns, max_bytes)
    return {"parquet": _parquet, "arrow": _arrow, "arrow stream": _arrow_stream}[kind](file)


def _parquet(file: Located) -> Iterator[Mapping[str, Any]]:
    import pyarrow.parquet as pq

    with raw(file) as opened:
        for batch in pq.ParquetFile(opened).iter_batches(batch_size=_AT_ONCE):
            yield from batch.to_pylist()


def _arrow(file: Located) -> Iterator[Mapping[str, Any]]:
    import pyarrow as pa

    with raw(file) as opened:
        reader = pa.ipc.open_file(opened)
        for number in range(reader.num_record_batches):
            yield from _in_parts(reader.get_batch(number))


def _arrow_stream(file: Located) -> Iterator[Mapping[str, Any]]:
    import pyarrow as pa

    with raw(file) as opened:
        for batch in pa.ipc.open_stream(opened):
            yield from _in_parts(batch)


def _in_parts(batch: Any) -> Iterator[Mapping[str, Any]]:
    for start in range(0, batch.num_rows, _AT_ONCE):
        yield from batch.slice(start, _AT_ONCE).to_pylist()


def _duckdb(file: Located, columns: Columns) -> Iterator[Mapping[str, Any]]:
    """Yield the records of the tables that hold calls; views are left out, and nothing but the file itself is opened."""
    if file.remote:
        raise LoadError("is a DuckDB file in a store: write its tables there as Parquet, or copy it here")
    need("duckdb")
    import duckdb

    try:
        connection = duckdb.connect(
            file.place, read_only=True, config={"enable_external_access": "false", "threads": "1"}
        )
    except duckdb.Error as error:
        raise LoadError(f"is a DuckDB file that cannot be opened: {reason(error)}") from error
    with connection:
        try:
            named = connection.execute(
                "select table_schema, table_name, column_name from information_schema.columns natural join "
                "information_schema.tables where table_type = 'BASE TABLE' order by all"
            ).fetchall()
            tables: dict[str, list[str]] = {}
            for schema, table, column in named:
                tables.setdefault(f"{_quoted(schema)}.{_quoted(table)}", []).append(column)
            for table in _with_calls(tables, columns):
                found = connection.sql(f"select * from {table} order by rowid")  # noqa: S608 - quoted
                for batch in found.to_arrow_reader(_AT_ONCE):
                    yield from batch.to_pylist()
        except duckdb.Error as error:
            raise LoadError(f"is a DuckDB file that cannot be read: {reason(error)}") from error


def _sqlite(file: Located, columns: Columns, max_bytes: int) -> Iterator[Mapping[str, Any]]:
    source = Source(file.place, max_bytes)
    tables = sqlite_tables(source)
    for table in _with_calls(tables, columns):
        yield from sqlite_records(source, table, tables[table])


def _with_calls(tables: Mapping[str, list[str]], columns: Columns) -> list[str]:
    """Return the tables with a column that may hold a call; raises `LoadError` where there is none."""
    names = {*known()["request"], *known()["document"], *known()["renamed"], columns.request, columns.response} - {None}
    found = [
        table for table, listed in sorted(tables.items())
        if any(column in names or column.startswith("attributes") for column in listed)
    ]  # fmt: skip
    if not found:
        those = ", ".join(sorted(tables)[:8]) or "none"
        raise LoadError(
            f"contains no table with a column for a request (its tables: {those}); write the one that has it as Parquet"
        )
    return found


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'

"""Rows of an SQLite file, read from its bytes: no other file is opened, nothing is written, and the work is bounded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ctxdebug.decoding.source import Source
from ctxdebug.errors import LoadError
from ctxdebug.reads import reads_file

if TYPE_CHECKING:
    import sqlite3

_STEPS = 50_000_000
"""Instructions of SQLite's machine that one query may take: what a hostile file can cost."""

_VERSIONS, _WITH_LOG, _WITHOUT_LOG = slice(18, 20), b"\x02\x02", b"\x01\x01"
"""Where a file's header says how it is written, and the two ways (https://www.sqlite.org/fileformat2.html, 1.3.3)."""


def tables(source: Source) -> dict[str, list[str]]:
    """Return the plain tables of a file and their columns; views are left out, since they may compute without end."""
    with closing(_opened(source)) as connection:
        names = _rows(connection, "select name from sqlite_master where type = 'table'")
        return {
            str(name): [str(row[1]) for row in _rows(connection, f'pragma table_info("{_quoted(str(name))}")')]
            for (name,) in names
        }


def rows(source: Source, table: str, columns: tuple[str, str], beginning: str = "") -> Iterator[tuple[str, Any]]:
    """Yield two columns of a table in the order of its rows, those whose first column begins with `beginning`."""
    first, second = (_column(table, column) for column in columns)
    query = f'select {first}, {second} from "{_quoted(table)}" where substr({first}, 1, {len(beginning)}) = ?'  # noqa: S608 - quoted
    with closing(_opened(source)) as connection:
        for key, value in _rows(connection, query, (beginning,)):
            yield str(key), value


def records(source: Source, table: str, columns: Sequence[str], order: str = "rowid") -> Iterator[dict[str, Any]]:
    """Yield the rows of a table as objects of these columns, by the column `order`."""
    listed = ", ".join(_column(table, column) for column in columns)
    query = f'select {listed} from "{_quoted(table)}" order by {_column(table, order)}'  # noqa: S608 - quoted
    with closing(_opened(source)) as connection:
        for row in _rows(connection, query):
            yield dict(zip(columns, row, strict=True))


def unwritten(source: Source) -> str | None:
    """Return the name of the log beside a file that holds its newest rows; None where there is none."""
    log = Path(f"{source.path}-wal")
    reads_file(log)
    try:
        return log.name if source.in_folder and log.stat().st_size else None
    except OSError:
        return None


def _column(table: str, column: str) -> str:
    """Return a column with its table: SQLite takes a quoted name alone for a text where there is no such column."""
    return f'"{_quoted(table)}"."{_quoted(column)}"'


def _quoted(name: str) -> str:
    return name.replace('"', '""')


def _opened(source: Source) -> sqlite3.Connection:
    import sqlite3

    connection = sqlite3.connect(":memory:")
    data = source.data
    if data[_VERSIONS] == _WITH_LOG:  # a database in memory has no log beside it
        data = data[: _VERSIONS.start] + _WITHOUT_LOG + data[_VERSIONS.stop :]
    connection.deserialize(data)
    connection.execute("pragma trusted_schema = off")
    left = [_STEPS // 1000]

    def spend() -> int:
        left[0] -= 1
        return int(left[0] < 0)

    connection.set_progress_handler(spend, 1000)
    return connection


def _rows(connection: sqlite3.Connection, query: str, values: tuple[str, ...] = ()) -> Iterator[tuple[Any, ...]]:
    import sqlite3

    try:
        for row in connection.execute(query, values):  # noqa: UP028  # `yield from` closes the cursor, which fails after its database
            yield row
    except (sqlite3.Error, OverflowError, UnicodeDecodeError) as error:
        raise LoadError(f"is an SQLite file that cannot be read: {error}") from error

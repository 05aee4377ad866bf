"""SQLite files: read from their bytes, also where the tool writes with a log beside the file."""

from __future__ import annotations

import gc
import sqlite3
from pathlib import Path
from types import GeneratorType
from typing import Any

import pytest

from ctxdebug.decoding.source import Source
from ctxdebug.decoding.sqlite_rows import records, tables, unwritten
from ctxdebug.errors import LoadError


def made(path: Path, mode: str) -> Path:
    connection = sqlite3.connect(path)
    connection.execute(f"pragma journal_mode={mode}")
    connection.execute("create table notes (id integer primary key, said text)")
    connection.executemany("insert into notes (said) values (?)", [("first",), ("second",)])
    connection.commit()
    connection.close()
    return path


@pytest.mark.parametrize("mode", ["delete", "wal"])
def test_rows_are_read_in_order(tmp_path: Path, mode: str) -> None:
    source = Source(str(made(tmp_path / "a.db", mode)))
    assert tables(source) == {"notes": ["id", "said"]}
    assert [row["said"] for row in records(source, "notes", ("id", "said"))] == ["first", "second"]
    assert unwritten(source) is None


def test_a_log_with_newer_rows_is_named(tmp_path: Path) -> None:
    path = made(tmp_path / "a.db", "wal")
    (tmp_path / "a.db-wal").write_bytes(b"newer rows")
    assert unwritten(Source(str(path))) == "a.db-wal"


def test_a_name_with_a_quote_reads_no_other_table(tmp_path: Path) -> None:
    source = Source(str(made(tmp_path / "a.db", "delete")))
    with pytest.raises(LoadError):
        list(records(source, 'notes"; drop table notes; --', ("id",)))


def test_a_reading_that_stops_early_leaves_no_complaint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    complaints: list[object] = []
    monkeypatch.setattr("sys.unraisablehook", complaints.append)
    source = Source(str(made(tmp_path / "a.db", "delete")))
    read: Any = records(source, "notes", ("id", "said"))
    assert next(read)["said"] == "first"
    inner = [one for one in gc.get_objects() if isinstance(one, GeneratorType) and one.__name__ == "_rows"]
    read.close()  # as a traceback does, something holds the inner reading until the database is closed
    assert inner
    del inner
    gc.collect()
    assert complaints == []

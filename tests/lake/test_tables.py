from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.feather as feather
import pytest

from tests.lake.lakes import LEAVE_BOT, call, scanned, write_lines

ROWS = [
    {"request": json.dumps(row["request"]), "response": json.dumps(row["response"]), "session_id": f"s{at}"}
    for at, row in enumerate([LEAVE_BOT, call("Hi?", "Hello.")])
]


def _feather(path: Path) -> None:
    feather.write_feather(pa.Table.from_pylist(ROWS), str(path))


def _arrow(path: Path) -> None:
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, pa.Table.from_pylist(ROWS).schema) as writer:
        writer.write_table(pa.Table.from_pylist(ROWS))


def _stream(path: Path) -> None:
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_stream(sink, pa.Table.from_pylist(ROWS).schema) as writer:
        writer.write_table(pa.Table.from_pylist(ROWS))


def _duckdb(path: Path) -> None:
    with duckdb.connect(str(path)) as connection:
        connection.execute("create table calls (request json, response json, session_id varchar)")
        connection.executemany("insert into calls values (?, ?, ?)", [list(row.values()) for row in ROWS])
        connection.execute("create table users (name varchar)")
        connection.execute("create view all_calls as select * from calls")


def _sqlite(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("create table calls (request text, response text, session_id text)")
        connection.executemany("insert into calls values (?, ?, ?)", [list(row.values()) for row in ROWS])


@pytest.mark.parametrize(
    ("name", "write"),
    [("a.feather", _feather), ("a.arrow", _arrow), ("a.arrows", _stream), ("a.duckdb", _duckdb), ("a.sqlite", _sqlite)],
)
def test_tables_of_every_kind_are_read(name: str, write: object, tmp_path: Path) -> None:
    assert callable(write)
    (tmp_path / "lake").mkdir()
    write(tmp_path / "lake" / name)

    found = scanned(tmp_path / "lake", into=tmp_path)

    assert [row["message"] for row in found["problem"]] == []
    assert [(row["row"], row["session"]) for row in found["exchange"]] == [(1, "s0"), (2, "s1")]
    assert "MEM403" in {row["code"] for row in found["finding"] if row["row"] == 1}


def test_a_database_without_calls_says_what_it_holds(tmp_path: Path) -> None:
    with duckdb.connect(str(tmp_path / "a.duckdb")) as connection:
        connection.execute("create table users (name varchar)")

    (problem,) = scanned(tmp_path / "a.duckdb", into=tmp_path)["problem"]

    assert problem["message"].startswith('contains no table with a column for a request (its tables: "main"."users")')


def test_a_row_of_another_kind_is_a_capture_of_its_own(tmp_path: Path) -> None:
    cassette = Path("fixtures/captures/vcr/leave-bot.yaml").read_text("utf-8")
    table = pa.Table.from_pylist([{"raw": cassette}, {"raw": json.dumps(LEAVE_BOT)}, {"raw": "no capture at all"}])
    feather.write_feather(table, str(tmp_path / "a.feather"))

    found = scanned(tmp_path / "a.feather", into=tmp_path)

    assert {row["row"] for row in found["exchange"]} == {1, 2}
    assert [row["row"] for row in found["problem"]] == [3]


def test_whole_files_that_name_their_session_are_put_together(tmp_path: Path) -> None:
    for at in range(3):
        path = tmp_path / "lake" / f"{at}.json"
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(call(f"Question {at}?", "Yes.", session_id="s"), indent=1), "utf-8")

    found = scanned(tmp_path / "lake", into=tmp_path)

    assert {row["session"] for row in found["exchange"]} == {"s"}
    assert len(found["exchange"]) == 3


def test_a_conversation_with_a_message_a_line_stays_one_capture(tmp_path: Path) -> None:
    path = write_lines(
        tmp_path / "talk.jsonl", [{"role": "user", "content": "Hi?"}, {"role": "assistant", "content": "Hello."}]
    )

    (exchange,) = scanned(path, into=tmp_path)["exchange"]

    assert exchange["row"] is None

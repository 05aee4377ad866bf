"""Pieces of results become three sorted files, the same bytes whatever divided the work."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from ctxdebug import __version__
from ctxdebug.errors import UsageError
from ctxdebug.lake.schemas import ORDER, TABLES, VERSION
from ctxdebug.loading.walk import near_path
from ctxdebug.records import field, record

_ROW_GROUP = 20_000
_METADATA = b"ctxdebug"


@record(slots=True)
class Written:
    """What a scan found, counted."""

    rows: dict[str, int] = field(default_factory=dict)
    """Table → rows."""
    severities: dict[tuple[str, str, str], int] = field(default_factory=dict)
    """(severity, confidence, code) → findings."""
    unread: int = 0
    passed_over: dict[str, int] = field(default_factory=dict)


def beside(findings: Path) -> dict[str, Path]:
    """Return the files of a scan by table: `findings.parquet`, `findings.exchanges.parquet`, `findings.problems.parquet`."""
    return {
        "finding": findings,
        "exchange": findings.with_suffix(f".exchanges{findings.suffix}"),
        "problem": findings.with_suffix(f".problems{findings.suffix}"),
    }


def merge(pieces: Sequence[Path], findings: Path, spill: Path, told: Mapping[str, Any]) -> Written:
    """Write the three files, each in one move, with what is told of the scan in them.

    `spill` is where a sort that is larger than memory goes.
    """
    import duckdb

    about = {"version": VERSION, "ctxdebug": __version__, **told}
    written = Written()
    with duckdb.connect(config={"temp_directory": str(spill), "memory_limit": "1GB", "threads": "1"}) as connection:
        connection.execute("set timezone = 'UTC'")
        for table, path in beside(findings).items():
            columns = ", ".join(f'{table}."{name}"' for name in TABLES[table].names)
            order = ", ".join(f'{table}."{name}" nulls first' for name in ORDER[table])
            connection.register("results", _scanned(pieces))
            found = connection.sql(
                f"select {columns} from results where {table} is not null order by {order}"  # noqa: S608 - names of ours
            )
            _write(path, table, found.to_arrow_reader(_ROW_GROUP), about, written)
    return written


def _scanned(pieces: Sequence[Path]) -> pa.RecordBatchReader:
    from ctxdebug.lake.schemas import RESULTS

    def batches() -> Iterator[pa.RecordBatch]:
        for piece in sorted(pieces):
            with pa.memory_map(str(piece)) as held:
                reader = pa.ipc.open_file(held)
                for number in range(reader.num_record_batches):
                    yield reader.get_batch(number)

    return pa.RecordBatchReader.from_batches(RESULTS, batches())


def _write(path: Path, table: str, found: pa.RecordBatchReader, about: Mapping[str, Any], written: Written) -> None:
    from ctxdebug.lake.work import renamed

    schema = TABLES[table].with_metadata({_METADATA: json.dumps({**about, "table": table}).encode()})
    try:
        with renamed(path) as temporary, pq.ParquetWriter(temporary, schema, compression="zstd") as writer:
            for batch in _regular(found):
                rows = batch.cast(schema)
                _count(rows, table, written)
                writer.write_table(rows)
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {(error.strerror or str(error)).lower()}") from None


def _regular(found: pa.RecordBatchReader) -> Iterator[pa.Table]:
    """Yield what was found in tables of one size: how a query divides its result must not show in a file."""
    held = found.schema.empty_table()
    for batch in found:
        held = pa.concat_tables([held, pa.Table.from_batches([batch])])
        while held.num_rows >= _ROW_GROUP:
            yield held.slice(0, _ROW_GROUP).combine_chunks()
            held = held.slice(_ROW_GROUP)
    if held.num_rows:
        yield held.combine_chunks()


def _count(rows: pa.Table, table: str, written: Written) -> None:
    written.rows[table] = written.rows.get(table, 0) + rows.num_rows
    if table == "finding":
        for severity, confidence, code in zip(
            *(rows.column(name).to_pylist() for name in ("severity", "confidence", "code")), strict=True
        ):
            key = (severity, confidence, code)
            written.severities[key] = written.severities.get(key, 0) + 1
    elif table == "problem":
        for fatal, kind in zip(rows.column("fatal").to_pylist(), rows.column("kind").to_pylist(), strict=True):
            written.unread += bool(fatal)
            if kind is not None:
                written.passed_over[kind] = written.passed_over.get(kind, 0) + 1


def about(findings: Path) -> dict[str, Any]:
    """Return what a findings file says of its scan; raises `UsageError` where it is none."""
    if not findings.is_file():
        raise UsageError(f"{findings}: cannot be read: no such file{near_path(str(findings))}")
    try:
        metadata = pq.read_schema(findings).metadata or {}
        held = json.loads(metadata[_METADATA])
    except KeyError:
        raise UsageError(f"{findings} is no table of `ctxdebug scan`") from None
    except (pa.ArrowException, OSError, ValueError) as error:
        said = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise UsageError(
            f"{findings}: cannot be read: {said.splitlines()[0].lower() if said else 'no Parquet'}"
        ) from None
    if held.get("version") != VERSION or held.get("table") != "finding":
        raise UsageError(f"{findings} is no findings table of this version: give the file that -o named")
    return dict(held)

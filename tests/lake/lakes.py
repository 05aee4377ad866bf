"""One way to make a lake for a test, and to read what a scan of it left."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from ctxdebug.lake.columns import Columns
from ctxdebug.lake.job import Job
from ctxdebug.lake.merge import beside
from ctxdebug.lake.scan import scan

LEAVE_BOT = json.loads(
    (Path(__file__).parent.parent.parent / "fixtures/captures/openai.chat/leave-bot.json").read_text("utf-8")
)
"""A call whose answer uses a superseded source (MEM403)."""
SESSION = [
    json.loads(line)
    for line in (Path(__file__).parent.parent.parent / "fixtures/captures/openai.chat/meal-planner.session.jsonl")
    .read_text("utf-8")
    .splitlines()
]
"""A conversation whose history is trimmed: findings that only a whole session shows."""


def call(question: str, answer: str, **more: Any) -> dict[str, Any]:
    """Return an exchange about nothing much."""
    return {
        "request": {"model": "gpt-4o-mini", "messages": [{"role": "user", "content": question}]},
        "response": {"model": "gpt-4o-mini", "choices": [{"message": {"role": "assistant", "content": answer}, "finish_reason": "stop"}]},
        **more,
    }  # fmt: skip


def write_lines(path: Path, rows: Iterable[Any]) -> Path:
    """Write JSON lines; a text is a line as it is."""
    lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(f"{line}\n" for line in lines), "utf-8")
    return path


def write_table(path: Path, rows: Sequence[Mapping[str, Any]]) -> Path:
    """Write rows as Parquet."""
    pq.write_table(pa.Table.from_pylist(rows), path)
    return path


def scanned(
    *sources: Path | str, into: Path, columns: Columns | None = None, workers: int = 0
) -> dict[str, list[dict[str, Any]]]:
    """Scan, and return the three tables as rows."""
    output = into / "findings.parquet"
    scan([str(source) for source in sources], output, Job(columns or Columns()), workers=workers)
    return {table: pq.read_table(path).to_pylist() for table, path in beside(output).items()}


def files_of(output: Path) -> dict[str, bytes]:
    """Return the bytes of the three files of a scan."""
    return {table: path.read_bytes() for table, path in beside(output).items()}

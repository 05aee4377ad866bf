"""The recipes of `docs/scan.md` for other engines, run as they stand there, find what one batch of all rows gives."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from ctxdebug.lake.check_batch import check_batch
from ctxdebug.lake.columns import Columns
from ctxdebug.lake.locations import Located, locate
from ctxdebug.lake.rows import row_batches
from tests.lake.lakes import LEAVE_BOT, SESSION, call, write_lines
from tests.shell import ROOT

pytestmark = pytest.mark.slow
RECIPES = re.findall(
    r"^```python\n# (\w+)\b(.*?)^```$", (ROOT / "docs" / "scan.md").read_text("utf-8"), re.MULTILINE | re.DOTALL
)


@pytest.fixture
def rows(tmp_path: Path) -> pa.Table:
    write_lines(tmp_path / "a.jsonl", [*SESSION[:4], LEAVE_BOT])
    calls = [call(f"Question {number}?", "Yes.", session=f"s{number % 3}") for number in range(12)]
    write_lines(tmp_path / "b.jsonl", [*calls, LEAVE_BOT | {"session": "s1"}])
    files = [found for found in locate([str(tmp_path)]) if isinstance(found, Located)]
    return pa.Table.from_batches([batch for file in files for batch in row_batches(file, Columns())])


def told(table: Any) -> list[str]:
    return sorted(json.dumps(row, default=str, sort_keys=True) for row in table.to_pylist())


@pytest.mark.parametrize(("engine", "code"), RECIPES, ids=[engine for engine, _ in RECIPES])
def test_a_recipe_finds_what_one_batch_of_all_rows_gives(engine: str, code: str, rows: pa.Table) -> None:
    pytest.importorskip(engine.lower(), reason=f"{engine} is not installed")
    known: dict[str, Any] = {"rows": rows, "__name__": "recipe"}
    exec(code.partition("\n")[2], known)  # our own page
    assert told(known["results"]) == told(check_batch(rows.combine_chunks().to_batches()[0]))


def test_there_is_a_recipe_for_each_engine_that_the_page_names() -> None:
    assert {engine for engine, _ in RECIPES} == {"DuckDB", "Dask", "Daft"}

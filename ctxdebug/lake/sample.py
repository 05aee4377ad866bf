"""Representative failures of a lake, found again where they lie."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ctxdebug.decoding.source import Source
from ctxdebug.engine.report import Examined
from ctxdebug.engine.run import Engine, RunOptions
from ctxdebug.errors import UsageError
from ctxdebug.lake.check_batch import groups
from ctxdebug.lake.columns import Columns
from ctxdebug.lake.figures import opened
from ctxdebug.lake.locations import Located, locate
from ctxdebug.lake.rows import row_batches
from ctxdebug.loading.load import load
from ctxdebug.model import Problem, pointer_text
from ctxdebug.records import record


@record(frozen=True, slots=True)
class Chosen:
    """A finding that stands for its cause, and where its exchange lies."""

    code: str
    cause: str
    capture: str
    source: str
    row: int | None
    pointer: str


def chosen(findings: Path, most: int) -> list[Chosen]:
    """Return findings that stand for the most severe and frequent causes, one of each cause, and no exchange twice."""
    with opened(findings) as tables:
        rows = tables.execute(
            "with ranked as (select *, count(*) over (partition by code, cause) as times, "
            "case severity when 'error' then 2 when 'warning' then 1 else 0 end as weight, "
            "row_number() over (partition by code, cause order by capture, number) as turn from f) "
            'select code, cause, capture, source, "row", pointer from ranked where turn = 1 and weight > 0 '
            "order by weight desc, times desc, code, cause, capture"
        ).fetchall()
    found: dict[str, Chosen] = {}
    for row in rows:
        one = Chosen(*row)
        if one.capture not in found and len(found) < most:
            found[one.capture] = one
    return list(found.values())


def examined(one: Chosen, columns: Columns, options: RunOptions) -> Examined:
    """Read the exchange of a finding again and examine it alone; raises `UsageError` where it is not there any more."""
    for rows in _rows(one, columns, options.load.max_bytes):
        for group in groups(rows):
            for part in group.parts():
                engine = Engine(options)
                document = part.document()
                source = Source(part.path, max(options.load.max_bytes, len(document)), held=document)
                for loaded in load(source, options.load):
                    if isinstance(loaded, Problem):
                        continue
                    result = engine.examine(loaded, source)
                    if pointer_text(loaded.pointer) == one.pointer:
                        return result
    raise UsageError(f"{one.capture} is not there any more")


def _rows(one: Chosen, columns: Columns, max_bytes: int) -> Iterator[Any]:
    """Yield the row of a finding, or all rows of a file that is one capture."""
    for file in locate([one.source]):
        if not isinstance(file, Located):
            raise UsageError(f"{one.source} cannot be read again")
        for batch in row_batches(file, columns, max_bytes):
            if one.row is None:
                yield batch
                continue
            numbers = batch.column("row").to_pylist()
            if one.row in numbers:
                yield batch.slice(numbers.index(one.row), 1)
                return

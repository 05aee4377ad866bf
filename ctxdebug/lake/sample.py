"""Exchanges of a lake, found again where they lie: representative failures, and a sample of the traffic."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
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
from ctxdebug.lake.results import Group
from ctxdebug.lake.rows import row_batches
from ctxdebug.loading.load import load
from ctxdebug.model import Problem, pointer_text
from ctxdebug.records import record

_DRAWN = """
with told as (select *, md5(capture) as lot, count(*) over (partition by request) as times from e),
ranked as (select *, row_number() over (partition by model, prompt_version, cast(time as date) order by lot) as turn from told),
twice as (select capture, true as same from told where times > 1 order by request, lot limit ?)
select capture, source, "row", pointer from ranked left join twice using (capture) order by coalesce(same, false) desc, turn, lot limit ?
"""
_DRAWN_OF_OLD = _DRAWN.replace("partition by request", "partition by capture").replace(
    "order by request", "order by capture"
)
"""For the tables of earlier versions, which do not say what requests are equal."""


@record(frozen=True, slots=True)
class Spot:
    """Where an exchange lies."""

    capture: str
    source: str
    row: int | None
    pointer: str


@record(frozen=True, slots=True)
class Chosen(Spot):
    """A finding that stands for its cause, and where its exchange lies."""

    code: str
    cause: str


def chosen(findings: Path, most: int) -> list[Chosen]:
    """Return findings that stand for the most severe and frequent causes, one of each cause, and no exchange twice."""
    with opened(findings) as tables:
        rows = tables.execute(
            "with ranked as (select *, count(*) over (partition by code, cause) as times, "
            "case severity when 'error' then 2 when 'warning' then 1 else 0 end as weight, "
            "row_number() over (partition by code, cause order by capture, number) as turn from f) "
            'select capture, source, "row", pointer, code, cause from ranked where turn = 1 and weight > 0 '
            "order by weight desc, times desc, code, cause, capture"
        ).fetchall()
    found: dict[str, Chosen] = {}
    for row in rows:
        one = Chosen(*row)
        if one.capture not in found and len(found) < most:
            found[one.capture] = one
    return list(found.values())


def drawn(findings: Path, most: int) -> list[Spot]:
    """Return a sample of a scan's exchanges, the same each time.

    A quarter at most are requests that were sent again; the rest come evenly from models, prompt versions and days.
    """
    with opened(findings) as tables:
        columns = {name for name, *_ in tables.execute("describe e").fetchall()}
        rows = tables.execute(_DRAWN if "request" in columns else _DRAWN_OF_OLD, [most // 4, most]).fetchall()
    return [Spot(*row) for row in rows]


def exchanges(findings: Path) -> int:
    """Return how many exchanges a scan examined."""
    with opened(findings) as tables:
        return int(tables.execute("select count(*) from e").fetchone()[0])


def examined(one: Spot, columns: Columns, options: RunOptions) -> Examined:
    """Read an exchange again and examine it alone; raises `UsageError` where it is not there any more."""
    return next(again([one], columns, options))


def again(spots: Iterable[Spot], columns: Columns, options: RunOptions) -> Iterator[Examined]:
    """Read exchanges again, each source once, and examine each alone; raises `UsageError` where one is not there any more."""
    by_source: dict[str, list[Spot]] = {}
    for spot in spots:
        by_source.setdefault(spot.source, []).append(spot)
    for source, wanted in by_source.items():
        left = {(spot.row, spot.pointer): spot for spot in wanted}
        for rows in _rows(source, {spot.row for spot in wanted}, columns, options.load.max_bytes):
            for row, pointer, result in _examined(rows, left, options):
                del left[row, pointer]
                yield result
            if not left:
                break
        if left:
            raise UsageError(f"{next(iter(left.values())).capture} is not there any more")


def _examined(
    rows: Any, wanted: Mapping[tuple[int | None, str], Spot], options: RunOptions
) -> Iterator[tuple[int | None, str, Examined]]:
    """Yield the exchanges among rows that are wanted, each with its row and its pointer inside it."""
    for group in groups(rows):
        for part in group.parts():
            for row in part.rows:
                alone = Group(part.name, [row])
                document = alone.document()
                source = Source(alone.path, max(options.load.max_bytes, len(document)), held=document)
                engine = Engine(options)
                for loaded in load(source, options.load):
                    if isinstance(loaded, Problem):
                        continue
                    place = (row["row"], pointer_text(loaded.pointer))
                    result = engine.examine(loaded, source)
                    if place in wanted:
                        yield (*place, result)


def _rows(source: str, numbers: set[int | None], columns: Columns, max_bytes: int) -> Iterator[Any]:
    """Yield the wanted rows of a source, a batch each, or all rows of a file that is one capture."""
    for file in locate([source]):
        if not isinstance(file, Located):
            raise UsageError(f"{source} cannot be read again")
        for batch in row_batches(file, columns, max_bytes):
            if None in numbers:
                yield batch
                continue
            for at, number in enumerate(batch.column("row").to_pylist()):
                if number in numbers:
                    yield batch.slice(at, 1)

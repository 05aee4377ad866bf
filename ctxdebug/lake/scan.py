"""One scan from its sources to its three files, whoever does the work."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import astuple
from pathlib import Path
from typing import Any

import pyarrow as pa

from ctxdebug.engine.run import Engine
from ctxdebug.engine.workers import processors
from ctxdebug.errors import UsageError
from ctxdebug.lake.engines.local import run_local
from ctxdebug.lake.job import Job
from ctxdebug.lake.locations import Located, locate
from ctxdebug.lake.merge import Written, merge
from ctxdebug.lake.parcels import buckets_for
from ctxdebug.lake.schemas import RESULTS
from ctxdebug.lake.work import Work, write_batch
from ctxdebug.loading.walk import PassedOver
from ctxdebug.model import Problem
from ctxdebug.records import record, replace

_SMALL = 4 * 1024 * 1024
"""Bytes of input below which processes cost more than they save."""


@record(frozen=True, slots=True)
class Progress:
    """Who is told how far a scan is."""

    resumed: Callable[[int, int], None] | None = None
    """Given the pieces that an interrupted scan had read, and how many there are."""
    done: Callable[[int, int], None] | None = None
    """Given how many pieces are done, and how many there are."""


def scan(
    sources: Sequence[str],
    output: Path,
    job: Job,
    *,
    exclude: Sequence[str] = (),
    engine: str = "local",
    workers: int | None = None,
    progress: Progress | None = None,
) -> Written:
    """Examine everything that `sources` mean and write the three tables; returns what was found, counted.

    `workers` is the number of processes: 0 for this one, None for one a processor where there is enough to do.

    An interrupted scan goes on where it stopped when it is started again. Raises `UsageError` where nothing is there to be
    examined, where the folder of the output is missing, or an engine is not installed.
    """
    progress = progress or Progress()
    if not output.parent.is_dir():
        raise UsageError(f"{output} cannot be written: {output.parent} is no folder")
    files, beside = _found(sources, exclude)
    job = replace(job, buckets=buckets_for(files))
    work = Work(output.with_name(f".{output.name}.scan"))
    shards, read = work.open(job, files)
    if read and progress.resumed is not None:
        progress.resumed(read, len(shards))
    run = _engine(engine)
    if workers is None:
        workers = processors() if engine != "local" or sum(file.size for file in files) > _SMALL else 0
    pieces = run(work, job, shards, workers, progress.done)
    write_batch(work.result("walk"), beside)
    about = {
        "checked": [rule.code for rule in Engine(job.batch.run).rules],
        "sources": list(map(_told, sources)),
        "columns": list(astuple(job.columns)),
    }
    made = [work.result(name) for name in (*pieces, "walk")]
    written = merge(made, output, work.folder / "spill", about)
    work.remove()
    return written


def _found(sources: Sequence[str], exclude: Sequence[str]) -> tuple[list[Located], pa.RecordBatch]:
    """Return the files to read, and what was met besides, as results."""
    files: list[Located] = []
    rows: list[dict[str, Any]] = []
    for met in locate(sources, exclude):
        if isinstance(met, Located):
            files.append(met)
        elif isinstance(met, PassedOver):
            rows.append(_problem(met.path, f"passed over: {met.kind}", fatal=False, kind=met.kind))
        else:
            assert isinstance(met, Problem)
            rows.append(_problem(met.path, met.message, fatal=met.fatal, kind=None))
    if not files:
        why = next((row["problem"]["message"] for row in rows if row["problem"]["fatal"]), "")
        raise UsageError(f"nothing to scan under {', '.join(map(_told, sources))}{f': {why}' if why else ''}")
    return files, pa.RecordBatch.from_pylist(rows, schema=RESULTS)


def _problem(source: str, message: str, *, fatal: bool, kind: str | None) -> dict[str, Any]:
    told = {"source": source, "row": None, "pointer": "", "message": message}
    return {"problem": {**told, "fatal": fatal, "ours": False, "kind": kind}}


def _told(source: str) -> str:
    from ctxdebug.lake.locations import bare

    return bare(source) if "://" in source else source


def _engine(name: str) -> Callable[..., set[str]]:
    if name == "ray":
        from ctxdebug.lake.engines.ray import run_ray

        return run_ray
    if name == "spark":
        from ctxdebug.lake.engines.spark import run_spark

        return run_spark
    return run_local

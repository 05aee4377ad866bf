"""Spark: files are read and buckets examined with `mapInArrow`, between them `repartition` brings buckets together."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Any

import pyarrow as pa

from ctxdebug.lake import need
from ctxdebug.lake.engines.steps import Pieces, examine, read, shard_bytes
from ctxdebug.lake.job import Job
from ctxdebug.lake.work import Shard, Work

_ATTEMPTS = 4
"""How often a task is tried when its process dies; Spark's own default on one machine is once."""
_AT_ONCE = 4
"""Parcels in one batch between Spark and Python: each may have eight megabytes."""


def run_spark(
    work: Work, job: Job, shards: Sequence[Shard], workers: int, told: Callable[[int, int], None] | None
) -> set[str]:
    """Examine the files of some shards; returns the names of the pieces of results.

    Runs in the session that is active, or as `SPARK_REMOTE` or `spark-submit` say; else in one of so many processors on this machine.
    """
    need("pyspark", extra="scan,spark", what="--engine spark")
    from pyspark import StorageLevel
    from pyspark.sql import SparkSession

    active = SparkSession.getActiveSession()
    session = active or _session(workers)
    try:
        pieces = Pieces(work, shards)
        done = pieces.done
        items = session.createDataFrame([(bytearray(shard_bytes(shard)),) for shard in shards], "shard binary")
        rows = items.repartition(len(shards)).mapInArrow(partial(_read, job=job, done=done), "bucket long, rows binary")
        found = rows.repartition(job.buckets, "bucket").mapInArrow(
            partial(_examine, job=job), "bucket long, results binary"
        )
        found = found.persist(StorageLevel.DISK_ONLY)
        found.count()  # all partitions at once; the iterator below takes them one by one
        for number, row in enumerate(found.toLocalIterator(), 1):
            pieces.keep(row["bucket"], bytes(row["results"]))
            if told is not None:
                told(len(done) + number, job.buckets)
        found.unpersist()
    finally:
        if active is None:
            session.stop()
    return pieces.names()


def _session(workers: int) -> Any:
    from pyspark.sql import SparkSession

    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    made = SparkSession.builder.appName("ctxdebug scan")
    if not (os.environ.get("SPARK_REMOTE") or os.environ.get("MASTER") or os.environ.get("PYSPARK_GATEWAY_PORT")):
        made = (
            made.master(f"local[{max(1, workers)},{_ATTEMPTS}]")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.memory", "1g")
        )
        made = (
            made.config("spark.log.level", "ERROR")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.driver.bindAddress", "127.0.0.1")
        )
    return made.config("spark.sql.execution.arrow.maxRecordsPerBatch", str(_AT_ONCE)).getOrCreate()


def _read(batches: Iterable[pa.RecordBatch], job: Job, done: frozenset[int]) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        for shard in batch.column("shard").to_pylist():
            for bucket, rows in read(shard, job, done):
                yield _one("rows", bucket, rows)


def _examine(batches: Iterable[pa.RecordBatch], job: Job) -> Iterator[pa.RecordBatch]:
    held: dict[int, list[bytes]] = {}
    for batch in batches:
        for bucket, rows in zip(batch.column("bucket").to_pylist(), batch.column("rows").to_pylist(), strict=True):
            held.setdefault(bucket, []).append(rows)
    for bucket in sorted(held):
        yield _one("results", bucket, examine(held.pop(bucket), job))


def _one(name: str, bucket: int, value: bytes) -> pa.RecordBatch:
    return pa.RecordBatch.from_arrays(
        [pa.array([bucket], pa.int64()), pa.array([value], pa.binary())], names=["bucket", name]
    )

"""Ray Data: files are read with `map_batches`, buckets come together with `groupby`, and are examined with `map_groups`."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pyarrow as pa

from ctxdebug.lake import need
from ctxdebug.lake.engines.steps import Pieces, examine, read, shard_bytes
from ctxdebug.lake.job import Job
from ctxdebug.lake.work import Shard, Work

_STORE = 512 * 1024 * 1024
"""Bytes of Ray's object store on this machine; what is more goes to its disk."""


def run_ray(
    work: Work, job: Job, shards: Sequence[Shard], workers: int, told: Callable[[int, int], None] | None
) -> set[str]:
    """Examine the files of some shards; returns the names of the pieces of results.

    Runs on the cluster that `RAY_ADDRESS` names, else on one of so many processors that is started here and ended after.
    """
    need("ray", extra="scan,ray", what="--engine ray")
    import ray

    started = not ray.is_initialized()
    if started:
        _start(workers)
    try:
        context = ray.data.DataContext.get_current()
        context.enable_progress_bars = False
        pieces = Pieces(work, shards)
        done = pieces.done
        items = ray.data.from_items(
            [{"shard": shard_bytes(shard)} for shard in shards], override_num_blocks=len(shards)
        )
        rows = items.map_batches(_read, batch_size=1, batch_format="pyarrow", fn_kwargs={"job": job, "done": done})
        found = rows.groupby("bucket", num_partitions=min(job.buckets, 200)).map_groups(
            _examine, batch_format="pyarrow", fn_kwargs={"job": job}
        )
        count = len(done)
        for batch in found.iter_batches(batch_size=None, batch_format="pyarrow"):
            for bucket, results in zip(batch["bucket"].to_pylist(), batch["results"].to_pylist(), strict=True):
                pieces.keep(bucket, results)
                count += 1
                if told is not None:
                    told(count, job.buckets)
    finally:
        if started:
            ray.shutdown()
    return pieces.names()


def _start(workers: int) -> None:
    """Join the cluster of the environment, or start a small one here."""
    import ray

    logging.getLogger("ray.data").setLevel(logging.ERROR)
    quiet: dict[str, Any] = {"log_to_driver": False, "logging_level": logging.ERROR}
    if os.environ.get("RAY_ADDRESS"):
        ray.init(**quiet)
    else:
        ray.init(num_cpus=max(1, workers), include_dashboard=False, object_store_memory=_STORE, **quiet)


def _read(batch: pa.Table, job: Job, done: frozenset[int]) -> Iterator[pa.Table]:
    for shard in batch["shard"].to_pylist():
        for bucket, rows in read(shard, job, done):
            yield pa.table({"bucket": pa.array([bucket], pa.int64()), "rows": pa.array([rows], pa.large_binary())})


def _examine(group: pa.Table, job: Job) -> pa.Table:
    results = examine(group["rows"].to_pylist(), job)
    bucket: Any = group["bucket"][0].as_py()
    return pa.table({"bucket": pa.array([bucket], pa.int64()), "results": pa.array([results], pa.large_binary())})

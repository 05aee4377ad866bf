"""Processes on this machine: files are read into rows by bucket, then every bucket is examined."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial

from ctxdebug.lake.job import Job
from ctxdebug.lake.pieces import Bucket, buckets_of, examine_bucket, give_up, give_up_reading, read_shard
from ctxdebug.lake.pool import run_all
from ctxdebug.lake.work import Shard, Work
from ctxdebug.records import record

KILLED = "the process that examined it was killed, twice (out of memory?): not examined"
KILLED_READING = "the process that read it was killed, twice (out of memory?): not read"
_LEAST = 1 << 12
"""Parts of a bucket beyond which one group is taken to be what kills its process."""


def run_local(
    work: Work, job: Job, shards: Sequence[Shard], workers: int, told: Callable[[int, int], None] | None
) -> set[str]:
    """Examine the files of some shards; returns the names of the pieces of results.

    `told` is given how many pieces are done, and how many there are.
    """
    waiting = [shard for shard in shards if not work.has_rows(shard)]
    count = _Count(told, len(waiting))

    current = list(shards)

    def unreadable(shard: Shard) -> Iterable[Shard]:
        current.remove(shard)
        parts = [Shard((file,)) for file in shard.files]
        current.extend(parts)
        if len(parts) > 1:
            return parts
        give_up_reading(work, job, shard, KILLED_READING)
        return ()

    run_all(waiting, partial(read_shard, work, job), workers, done=count, lost=unreadable)
    buckets = buckets_of(work, current)
    pieces = {bucket.name for bucket in buckets}
    left = [bucket for bucket in buckets if not work.result(bucket.name).is_file()]
    count = _Count(told, len(left))

    def smaller(bucket: Bucket) -> Iterable[Bucket]:
        pieces.discard(bucket.name)
        groups = len(set(bucket.rows().column("group").to_pylist()))
        if groups > 1 and bucket.parts < _LEAST:
            halves = bucket.halves()
            pieces.update(half.name for half in halves)
            return halves
        give_up(work, bucket, KILLED)
        pieces.add(bucket.name)
        return ()

    run_all(left, partial(examine_bucket, work, job), workers, done=count, lost=smaller)
    return pieces


@record(slots=True)
class _Count:
    told: Callable[[int, int], None] | None
    of: int
    so_far: int = 0

    def __call__(self, _: object) -> None:
        """Tell that one more piece is done."""
        self.so_far += 1
        if self.told is not None:
            self.told(self.so_far, self.of)

"""What a local worker does: read some files into rows by bucket, or examine the rows of one bucket."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pyarrow as pa

from ctxdebug.files import write_whole
from ctxdebug.lake.check_batch import check_batch
from ctxdebug.lake.job import Job
from ctxdebug.lake.parcels import bucket_of, by_bucket, joined, parcels
from ctxdebug.lake.rows import Row, batch_of
from ctxdebug.lake.schemas import RESULTS, ROWS
from ctxdebug.lake.work import Shard, Work, renamed, write_batch
from ctxdebug.records import record

_HELD = 32 * 1024 * 1024
"""Bytes of rows that are held before they are written: a batch a bucket."""


def read_shard(work: Work, job: Job, shard: Shard) -> int:
    """Write the rows of a shard's files by bucket; returns how many there are."""
    held: dict[int, list[pa.RecordBatch]] = {}
    index: list[int] = []
    size = count = 0
    options = pa.ipc.IpcWriteOptions(compression="lz4")
    with (
        renamed(work.batches(shard)) as path,
        pa.OSFile(str(path), "wb") as sink,
        pa.ipc.new_file(sink, ROWS, options=options) as writer,
    ):
        for bucket, batch in parcels(shard.files, job.columns, job.buckets, job.max_bytes):
            held.setdefault(bucket, []).append(batch)
            size += batch.nbytes
            count += batch.num_rows
            if size >= _HELD:
                index += _written(writer, held)
                held, size = {}, 0
        index += _written(writer, held)
    write_whole(work.index(shard), json.dumps(index))
    return count


def _written(writer: pa.RecordBatchFileWriter, held: dict[int, list[pa.RecordBatch]]) -> list[int]:
    for _, batches in sorted(held.items()):
        writer.write_batch(joined(batches))
    return sorted(held)


@record(frozen=True, slots=True)
class Bucket:
    """The rows of one bucket, or a part of them: the groups whose number leaves `rest` when it is divided by `parts`."""

    number: int
    places: tuple[tuple[str, int], ...]
    """Where the bucket's batches are: a shard's file, and the number of the batch in it."""
    digest: str
    parts: int = 1
    rest: int = 0

    @property
    def name(self) -> str:
        """The name of the piece: it changes with the files that the rows come from."""
        part = f"-{self.parts}-{self.rest}" if self.parts > 1 else ""
        return f"{self.number:05d}-{self.digest}{part}"

    def halves(self) -> tuple[Bucket, Bucket]:
        """Return the bucket in two parts, none of which divides a group."""
        made = [
            Bucket(self.number, self.places, self.digest, 2 * self.parts, self.rest + more) for more in (0, self.parts)
        ]
        return made[0], made[1]

    def rows(self) -> pa.RecordBatch:
        """Return the rows."""
        found = []
        for path, number in self.places:
            with pa.memory_map(path) as held:
                found.append(pa.ipc.open_file(held).get_batch(number))
        rows = joined(found)
        if self.parts == 1:
            return rows
        kept = [bucket_of(f"part {name}", self.parts) == self.rest for name in rows.column("group").to_pylist()]
        return rows.filter(pa.array(kept, type=pa.bool_()))


def examine_bucket(work: Work, job: Job, bucket: Bucket) -> int:
    """Examine the rows of a bucket and write the results; returns how many rows there were."""
    rows = bucket.rows()
    write_batch(work.result(bucket.name), check_batch(rows, job.batch))
    return int(rows.num_rows)


def give_up_reading(work: Work, job: Job, shard: Shard, reason: str) -> None:
    """Leave a problem for each file of a shard that no worker survived, in place of its rows."""
    rows = batch_of(Row(file.name, None, f"file {file.name}", problem=reason) for file in shard.files)
    with (
        renamed(work.batches(shard)) as path,
        pa.OSFile(str(path), "wb") as sink,
        pa.ipc.new_file(sink, ROWS) as writer,
    ):
        index = _written(writer, {bucket: [batch] for bucket, batch in by_bucket(rows, job.buckets).items()})
    write_whole(work.index(shard), json.dumps(index))


def give_up(work: Work, bucket: Bucket, reason: str) -> None:
    """Write a problem for each row of a bucket that no worker survived."""
    rows = bucket.rows()
    problems = [
        {"source": source, "row": row, "pointer": "", "message": reason, "fatal": True, "ours": True, "kind": None}
        for source, row in zip(rows.column("source").to_pylist(), rows.column("row").to_pylist(), strict=True)
    ]
    write_batch(
        work.result(bucket.name), pa.RecordBatch.from_pylist([{"problem": one} for one in problems], schema=RESULTS)
    )


def buckets_of(work: Work, shards: Sequence[Shard]) -> list[Bucket]:
    """Return the buckets that the rows of some shards are in, the largest first."""
    places: dict[int, list[tuple[str, int]]] = {}
    made: dict[int, list[str]] = {}
    for shard in sorted(shards, key=lambda one: one.name):
        for number, bucket in enumerate(json.loads(work.index(shard).read_text("utf-8"))):
            places.setdefault(bucket, []).append((str(work.batches(shard)), number))
            made.setdefault(bucket, []).append(shard.name)
    from hashlib import blake2b

    return [
        Bucket(bucket, tuple(places[bucket]), blake2b("\n".join(made[bucket]).encode(), digest_size=8).hexdigest())
        for bucket in sorted(places)
    ]

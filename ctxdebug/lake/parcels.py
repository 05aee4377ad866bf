"""Rows on their way from the files that hold them to the worker that examines their session: packed batches, by bucket.

A bucket is a number that follows from a group's name alone, so that every engine, with any number of workers, brings the
rows of a session together; what travels is a number and bytes, which no engine's own types can change.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import blake2b

import pyarrow as pa

from ctxdebug.decoding.source import DEFAULT_MAX_BYTES
from ctxdebug.lake.columns import Columns
from ctxdebug.lake.locations import Located
from ctxdebug.lake.rows import row_batches
from ctxdebug.lake.schemas import ROWS

BUCKET = 24 * 1024 * 1024
"""Bytes of documents that one bucket should hold at most: what a worker has in memory while it examines."""
_LEAST, _SHARED = 1024 * 1024, 256
"""A small lake has smaller buckets, so that there are enough for every worker: a megabyte takes ten seconds (tests/bench/scale.py)."""
_MOST = 8192
_GROWTH = (((".parquet", ".pq", ".gz", ".zst", ".duckdb", ".feather", ".arrow"), 5),)
"""Suffixes of packed files, and how much larger their documents are: 4 to 6 times on made traffic (tests/bench/traffic.py)."""


def buckets_for(files: Iterable[Located]) -> int:
    """Return how many buckets the rows of these files are divided into; the number of workers has no say in it."""
    size = sum(file.size * next((times for ends, times in _GROWTH if file.name.endswith(ends)), 1) for file in files)
    return max(1, min(_MOST, -(-size // min(BUCKET, max(_LEAST, size // _SHARED)))))


def bucket_of(group: str, buckets: int) -> int:
    """Return the bucket of a group."""
    return int.from_bytes(blake2b(group.encode("utf-8", "surrogatepass"), digest_size=8).digest()) % buckets


def by_bucket(rows: pa.RecordBatch, buckets: int) -> dict[int, pa.RecordBatch]:
    """Return the rows of a batch, divided by bucket."""
    members: dict[int, list[int]] = {}
    for at, group in enumerate(rows.column("group").to_pylist()):
        members.setdefault(bucket_of(group, buckets), []).append(at)
    if len(members) == 1:
        return {next(iter(members)): rows}
    return {bucket: rows.take(pa.array(taken, type=pa.int64())) for bucket, taken in sorted(members.items())}


def parcels(
    files: Iterable[Located], columns: Columns, buckets: int, max_bytes: int = DEFAULT_MAX_BYTES
) -> Iterator[tuple[int, pa.RecordBatch]]:
    """Yield the rows of some files, divided by bucket; a bucket may come several times."""
    for file in files:
        for batch in row_batches(file, columns, max_bytes):
            yield from by_bucket(batch, buckets).items()


def packed(batch: pa.RecordBatch) -> bytes:
    """Return a batch as the bytes of an Arrow stream."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, batch.schema, options=pa.ipc.IpcWriteOptions(compression="lz4")) as writer:
        writer.write_batch(batch)
    return bytes(sink.getvalue())


def unpacked(parts: Iterable[bytes], schema: pa.Schema = ROWS) -> pa.RecordBatch:
    """Return the batches that were packed as one."""
    return joined((batch for part in parts for batch in pa.ipc.open_stream(part)), schema)


def joined(batches: Iterable[pa.RecordBatch], schema: pa.Schema = ROWS) -> pa.RecordBatch:
    """Return batches as one."""
    table = pa.Table.from_batches(list(batches), schema=schema).combine_chunks()
    found = table.to_batches()
    return found[0] if found else pa.RecordBatch.from_pylist([], schema=schema)

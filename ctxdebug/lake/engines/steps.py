"""The two steps that a distributed engine runs on its workers, in types that every engine can carry: numbers and bytes."""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Iterator, Sequence
from hashlib import blake2b

from ctxdebug.lake.check_batch import check_batch
from ctxdebug.lake.job import Job
from ctxdebug.lake.locations import Located
from ctxdebug.lake.parcels import packed, parcels, unpacked
from ctxdebug.lake.schemas import RESULTS
from ctxdebug.lake.work import Shard, Work, write_batch


def shard_bytes(shard: Shard) -> bytes:
    """Return a shard as a value that travels; it is made and read by ctxdebug alone."""
    return pickle.dumps(shard.files)


def read(shard: bytes, job: Job, done: frozenset[int]) -> Iterator[tuple[int, bytes]]:
    """Yield the rows of a shard's files, packed, each with its bucket; those of buckets that were examined before are left out."""
    files: Sequence[Located] = pickle.loads(shard)  # noqa: S301 - made by `shard_bytes` in the process that runs the scan
    for bucket, batch in parcels(files, job.columns, job.buckets, job.max_bytes):
        if bucket not in done:
            yield bucket, packed(batch)


def examine(rows: Iterable[bytes], job: Job) -> bytes:
    """Return what is found in the rows of one bucket, packed."""
    return packed(check_batch(unpacked(rows), job.batch))


class Pieces:
    """The results of a distributed scan as they come in: a file a bucket, so that an interrupted one leaves out what is done."""

    def __init__(self, work: Work, shards: Sequence[Shard]) -> None:
        self._work = work
        made = "\n".join(sorted(shard.name for shard in shards))
        self._digest = blake2b(made.encode(), digest_size=8).hexdigest()

    @property
    def done(self) -> frozenset[int]:
        """The buckets that were examined before."""
        found = self._work.results.glob(f"*-{self._digest}.arrow")
        return frozenset(int(path.name.partition("-")[0]) for path in found)

    def keep(self, bucket: int, results: bytes) -> None:
        """Write the results of a bucket."""
        write_batch(self._work.result(self._name(bucket)), unpacked([results], RESULTS))

    def names(self) -> set[str]:
        """Return the names of all pieces."""
        return {self._name(bucket) for bucket in self.done}

    def _name(self, bucket: int) -> str:
        return f"{bucket:05d}-{self._digest}"

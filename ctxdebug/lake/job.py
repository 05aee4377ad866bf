"""What a scan is asked for, as every engine and every worker is given it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from hashlib import blake2b

from ctxdebug import __version__
from ctxdebug.decoding.source import DEFAULT_MAX_BYTES
from ctxdebug.lake.check_batch import BatchOptions
from ctxdebug.lake.columns import Columns
from ctxdebug.lake.locations import Located
from ctxdebug.lake.schemas import VERSION
from ctxdebug.records import field, record


@record(frozen=True, slots=True)
class Job:
    """One scan. Picklable."""

    columns: Columns = field(default_factory=Columns)
    batch: BatchOptions = field(default_factory=BatchOptions)
    buckets: int = 1
    max_bytes: int = DEFAULT_MAX_BYTES

    def key(self) -> str:
        """Return a digest of everything but the files that decides the result: results of another key are of no use."""
        return blake2b(repr((VERSION, __version__, self)).encode(), digest_size=12).hexdigest()


def digest_of(files: Sequence[Located]) -> str:
    """Return a digest of some files as they are now."""
    listed = json.dumps([(file.name, file.stamp) for file in files])
    return blake2b(listed.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()

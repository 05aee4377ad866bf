"""The folder of a scan under way: what every finished piece left behind, so that an interrupted scan goes on from there.

A piece is there whole or not at all (it is renamed into place), and is named after what it was made of; so every row is
examined once, whatever was killed, and a file that has changed is read again.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pyarrow as pa

from ctxdebug.errors import UsageError
from ctxdebug.files import write_whole
from ctxdebug.lake.job import Job, digest_of
from ctxdebug.lake.locations import Located
from ctxdebug.records import record

_SHARD = 64 * 1024 * 1024
"""Bytes of input files that are read as one piece; a larger file is a piece of its own."""
_MARK = "scan.json"


@record(frozen=True, slots=True)
class Shard:
    """Some input files, read as one piece."""

    files: tuple[Located, ...]

    @property
    def name(self) -> str:
        """The name of the piece: it changes when one of the files does."""
        return digest_of(self.files)


class Work:
    """The pieces of one scan, in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.rows = folder / "rows"
        self.results = folder / "results"

    def open(self, job: Job, files: Sequence[Located]) -> tuple[list[Shard], int]:
        """Begin, or go on with, the scan of some files; returns its shards and how many of them were read before.

        What an earlier scan of other options left is removed. Raises `UsageError` where the folder is something else.
        """
        mark = self.folder / _MARK
        if self.folder.exists() and not mark.is_file():
            raise UsageError(
                f"{self.folder} exists, and is no folder of an interrupted scan: remove it, or choose another -o"
            )
        before = _read(mark)
        if before.get("key") != job.key():
            self.remove()
            before = {}
        self.rows.mkdir(parents=True, exist_ok=True)
        self.results.mkdir(exist_ok=True)
        shards = _shards(files, before.get("shards", []))
        listed = [[asdict(file) for file in shard.files] for shard in shards]
        write_whole(mark, json.dumps({"key": job.key(), "shards": listed}))
        return shards, sum(self.has_rows(shard) for shard in shards)

    def has_rows(self, shard: Shard) -> bool:
        """Whether the files of a shard were read to their end."""
        return self.index(shard).is_file()

    def index(self, shard: Shard) -> Path:
        """The file that says which bucket each batch of a shard's rows is of; it is written last."""
        return self.rows / f"{shard.name}.json"

    def batches(self, shard: Shard) -> Path:
        """The file of a shard's rows."""
        return self.rows / f"{shard.name}.arrow"

    def result(self, name: str) -> Path:
        """The file of a piece of results."""
        return self.results / f"{name}.arrow"

    def remove(self) -> None:
        """Remove the folder."""
        shutil.rmtree(self.folder, ignore_errors=True)


def _read(mark: Path) -> dict[str, Any]:
    try:
        held = json.loads(mark.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return held if isinstance(held, dict) else {}


def _shards(files: Sequence[Located], before: list[Any]) -> list[Shard]:
    """Return the shards: those of before whose files are all as they were, and new ones for the rest."""
    now = {file.place: file for file in files}
    shards: list[Shard] = []
    taken: set[str] = set()
    for listed in before:
        kept = tuple(now[file["place"]] for file in listed if now.get(file["place"]) == Located(**file))
        if len(kept) == len(listed) and kept:
            shards.append(Shard(kept))
            taken.update(file.place for file in kept)
    held: list[Located] = []
    for file in files:
        if file.place in taken:
            continue
        if held and sum(one.size for one in held) + file.size > _SHARD:
            shards.append(Shard(tuple(held)))
            held = []
        held.append(file)
    return [*shards, Shard(tuple(held))] if held else shards


@contextmanager
def renamed(path: Path) -> Iterator[Path]:
    """Give a name to write to; what was written gets its own name at the end, in one move."""
    temporary = path.with_name(f"{path.name}.part")
    try:
        yield temporary
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def write_batch(path: Path, batch: pa.RecordBatch) -> None:
    """Write a batch as a file of Arrow's."""
    options = pa.ipc.IpcWriteOptions(compression="lz4")
    with (
        renamed(path) as temporary,
        pa.OSFile(str(temporary), "wb") as sink,
        pa.ipc.new_file(sink, batch.schema, options=options) as writer,
    ):
        writer.write_batch(batch)

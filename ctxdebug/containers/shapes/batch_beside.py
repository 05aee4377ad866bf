"""The other file of a batch: where a file has only answers, the requests with the same ids are looked for beside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from ctxdebug.containers import documents
from ctxdebug.containers.shapes.batch_rows import batch_id, read_row
from ctxdebug.decoding.source import Source
from ctxdebug.errors import LoadError
from ctxdebug.exchange import Exchange
from ctxdebug.model import Decoding, Pointer, Problem
from ctxdebug.reads import asks_for, reads_folder
from ctxdebug.records import replace

_MOST_FILES = 50
"""Files of a folder that are looked at."""


def with_requests(answers: Sequence[Exchange], source: Source) -> Iterator[Exchange]:
    """Yield the answers, each with its request where a file beside this one has it."""
    wanted = {str(answer.labels.get("custom_id")) for answer in answers}
    held = _requests(source, wanted)
    for answer in answers:
        asked = held.get(str(answer.labels.get("custom_id")))
        if asked is None:
            yield answer
            continue
        name = str(asked.request_at[1])
        yield replace(
            answer,
            request=asked.request,
            request_at=asked.request_at,
            url=asked.url or answer.url,
            method=asked.method or answer.method,
            format=asked.format or answer.format,
            notes=(f"the request is in {name}, beside this file",),
        )


def _requests(source: Source, wanted: set[str]) -> dict[str, Exchange]:
    """Return the requests of the first file beside this one that has one of the ids."""
    if not source.in_folder:
        return {}
    own = Path(source.path).resolve()
    asks_for(source.path)
    reads_folder(own.parent)
    files = sorted(path for path in own.parent.glob("*.jsonl") if path.is_file() and path != own)
    for path in files[:_MOST_FILES]:
        other = Source(str(path), source.max_bytes)
        try:
            if batch_id(other.first_line) is None:
                continue
            found = {key: asked for key, asked in _rows(other, path.name) if key in wanted}
        except LoadError:
            continue
        if found:
            return found
    return {}


def _rows(other: Source, name: str) -> Iterator[tuple[str, Exchange]]:
    beside: Pointer = (Decoding.BESIDE, name)
    for found in documents(other):
        if isinstance(found, Problem):
            continue
        at, row = found
        identifier = batch_id(row)
        if identifier is not None:
            read = read_row(row, (*beside, *(step for step in at if not isinstance(step, Decoding))), other.reader)
            if read.request is not None and read.response is None:
                yield identifier, read

"""Zed's `threads.db`: a row a thread, whose data is JSON, mostly compressed by zstd."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ctxdebug.containers import Found, Likeness, container
from ctxdebug.decoding.source import Source
from ctxdebug.decoding.sqlite_rows import records, tables, unwritten
from ctxdebug.decoding.zstd import unpack_zstd
from ctxdebug.errors import LoadError
from ctxdebug.exchange import Exchange
from ctxdebug.model import Decoding, Problem, pointer_text

_MOST = 256 * 1024 * 1024
"""Bytes of one thread after decompression."""


def _sniff(source: Source) -> Likeness:
    if source.shape != "sqlite":
        return Likeness.NO
    known = {"id", "data_type", "data"} <= set(tables(source).get("threads", ()))
    return Likeness.CERTAIN if known else Likeness.NO


@container("zed", "Zed's SQLite file: `threads` with data_type (json or zstd) and data", _sniff)
def exchanges(source: Source) -> Iterator[Found]:
    """One exchange a thread."""
    for row in records(source, "threads", ("id", "data_type", "data")):
        identifier = str(row["id"])
        at = (*source.root, Decoding.SQLITE, "threads", identifier)
        try:
            held = source.reader.value(_text(row["data_type"], row["data"]))
        except LoadError as error:
            yield Problem(source.path, error.message, pointer_text(at))
            continue
        yield Exchange(at, request=held, request_at=at, session=identifier, format="zed")
    if (log := unwritten(source)) is not None:
        yield Problem(source.path, f"its newest rows are in {log}, which is not read: close Zed first", fatal=False)


def _text(kind: Any, data: Any) -> str:
    if not isinstance(data, bytes):
        return str(data)
    return (unpack_zstd(data, _MOST) if kind == "zstd" else data).decode("utf-8", "replace")

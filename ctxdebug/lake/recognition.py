"""Whether a file of JSON lines holds an exchange a line, so that its lines can be sorted by session, or is one capture."""

from __future__ import annotations

from ctxdebug.containers import CONTAINERS, Likeness
from ctxdebug.containers.shapes.batch_rows import batch_id
from ctxdebug.containers.shapes.envelope import is_chunk
from ctxdebug.decoding.source import Source
from ctxdebug.errors import LoadError
from ctxdebug.lake.columns import Columns, known


def lines_of_captures(name: str, beginning: bytes, columns: Columns) -> bool:
    """Whether a file that begins so has an exchange, or a row of a platform, in every line.

    A session of an agent, a conversation with a message a line, a stream of chunks or a batch of answers is one capture.
    """
    source = Source(name, held=beginning)
    try:
        if source.shape != "json lines":
            return False
        first = source.first_line
        if columns.request is not None or columns.response is not None:
            return True
        likes = [(entry.sniff(source), entry.name) for entry in CONTAINERS.all().values()]
    except (LoadError, RecursionError):
        return False
    best = max(likeness for likeness, _ in likes)
    chosen = {container for likeness, container in likes if likeness is best}
    if best is Likeness.NO or not chosen <= set(known()["row wise"]):
        return False
    if not isinstance(first, dict):
        return False
    if chosen == {"jsonl"}:
        alone = any(mark in first for mark in known()["not row wise"]) and "messages" not in first
        return not alone and not is_chunk(first) and batch_id(first) is None
    return True

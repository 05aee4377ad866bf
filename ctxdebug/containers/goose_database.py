"""Goose's `sessions.db`: sessions and their messages in an SQLite file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ctxdebug.containers import Found, Likeness, container
from ctxdebug.decoding.source import Source
from ctxdebug.decoding.sqlite_rows import records, tables, unwritten
from ctxdebug.exchange import Exchange
from ctxdebug.model import Decoding, Problem

_ABOUT = ("id", "provider_name", "model_config_json", "input_tokens", "output_tokens")


def _sniff(source: Source) -> Likeness:
    if source.shape != "sqlite":
        return Likeness.NO
    held = tables(source)
    known = "sessions" in held and "content_json" in held.get("messages", ())
    return Likeness.CERTAIN if known else Likeness.NO


@container("goose", "Goose's SQLite file: `sessions`, and `messages` with `content_json`", _sniff)
def exchanges(source: Source) -> Iterator[Found]:
    """One exchange a session, as `goose session export` would write it."""
    held = tables(source)
    extra = tuple(name for name in ("metadata_json",) if name in held["messages"])
    turns: dict[str, list[Any]] = {}
    for row in records(
        source, "messages", ("id", "session_id", "role", "content_json", "created_timestamp", *extra), "id"
    ):
        message = {
            "id": row["id"],
            "role": row["role"],
            "created": row["created_timestamp"],
            "content": source.reader.value(str(row["content_json"])),
            "metadata": source.reader.value(str(row["metadata_json"])) if row.get("metadata_json") else None,
        }
        turns.setdefault(str(row["session_id"]), []).append(message)
    found = 0
    for row in records(source, "sessions", tuple(name for name in _ABOUT if name in held["sessions"]), "id"):
        identifier = str(row["id"])
        at = (*source.root, Decoding.SQLITE, "sessions", identifier)
        if turns.get(identifier):
            found += 1
            config = source.reader.value(str(row["model_config_json"])) if row.get("model_config_json") else None
            about = {key: value for key, value in row.items() if key != "model_config_json"}
            request = {**about, "model_config": config, "conversation": turns[identifier]}
            yield Exchange(at, request=request, request_at=at, session=identifier, format="goose")
    if (log := unwritten(source)) is not None:
        yield Problem(source.path, f"its newest rows are in {log}, which is not read: end Goose first", fatal=False)
    if not found:
        yield Problem(source.path, "is Goose's database and contains no messages")

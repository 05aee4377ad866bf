"""opencode's own storage: `opencode.db`, and the folder of older versions with a file for each session, message and part."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ctxdebug.containers import Found, Likeness, container
from ctxdebug.decoding.source import Source
from ctxdebug.decoding.sqlite_rows import records, tables, unwritten
from ctxdebug.errors import LoadError
from ctxdebug.exchange import Exchange
from ctxdebug.model import Decoding, Problem
from ctxdebug.reads import asks_for, reads_folder

_MOST_FILES = 50_000
_INSIDE = "message or part of an opencode session"


def _sniff(source: Source) -> Likeness:
    if source.shape == "sqlite":
        held = tables(source)
        known = {"session", "message", "part"} <= held.keys() and "session_id" in held["part"]
        return Likeness.CERTAIN if known else Likeness.NO
    if source.shape != "json" or not ('"sessionID"' in source.opening or '"projectID"' in source.opening):
        return Likeness.NO
    return Likeness.CERTAIN if _kind(source.document) is not None else Likeness.NO


def _kind(document: Any) -> str | None:
    """Return what a file of the storage folder is; None for anything else."""
    if not isinstance(document, dict) or "messages" in document or not isinstance(document.get("id"), str):
        return None
    if isinstance(document.get("projectID"), str) and document["id"].startswith("ses"):
        return "session"
    if isinstance(document.get("sessionID"), str):
        return "part" if "messageID" in document else "message" if "role" in document else None
    return None


@container("opencode", "opencode's `opencode.db`; a session's file in `storage/session`, read with `storage/message` and `storage/part`",
           _sniff)  # fmt: skip
def exchanges(source: Source) -> Iterator[Found]:
    """One exchange a session; a message or a part alone is named, and counted in a folder."""
    if source.shape == "sqlite":
        yield from _from_database(source)
        return
    document = source.document
    kind = _kind(document)
    if kind != "session":
        told = f"is one {kind} of opencode's storage folder: inspect its session, `storage/session/*/{document['sessionID']}.json`"
        yield Problem(source.path, told, unknown=True, kind=_INSIDE)
        return
    at = (*source.root, Decoding.JSON)
    turns = list(_from_folder(source, document["id"]))
    if not turns:
        raise LoadError("is a session of opencode whose messages are not beside it (../../message, ../../part); "
                        "run `opencode export SESSION` and read that file")  # fmt: skip
    request = {"info": document, "messages": turns}
    yield Exchange(at, request=request, request_at=at, session=document["id"], format="opencode")


def _from_folder(source: Source, session: str) -> Iterator[Mapping[str, Any]]:
    if not source.in_folder or "/" in session or session.startswith("."):
        return
    asks_for(source.path)
    storage = Path(source.path).resolve().parent.parent.parent
    left = [_MOST_FILES]
    for message in _files(storage / "message" / session, source, left):
        identifier = str(message.get("id"))
        parts = [] if "/" in identifier else list(_files(storage / "part" / identifier, source, left))
        yield {"info": message, "parts": parts}


def _files(folder: Path, source: Source, left: list[int]) -> Iterator[dict[str, Any]]:
    """Yield the objects in a folder's JSON files, in the order of their names, which is that of time."""
    reads_folder(folder)
    for path in sorted(folder.glob("*.json")):
        left[0] -= 1
        if left[0] < 0:
            raise LoadError(f"belongs to more than {_MOST_FILES:,} files")
        value = Source(str(path), source.max_bytes).document
        if isinstance(value, dict):
            yield value


def _from_database(source: Source) -> Iterator[Found]:
    parts: dict[str, list[Any]] = {}
    for row in records(source, "part", ("id", "message_id", "data"), "id"):
        parts.setdefault(str(row["message_id"]), []).append(source.reader.value(str(row["data"])))
    turns: dict[str, list[Any]] = {}
    for row in records(source, "message", ("id", "session_id", "data"), "id"):
        info = source.reader.value(str(row["data"]))
        turns.setdefault(str(row["session_id"]), []).append({"info": info, "parts": parts.get(str(row["id"]), [])})
    found = 0
    for row in records(source, "session", ("id", "title"), "id"):
        identifier = str(row["id"])
        at = (*source.root, Decoding.SQLITE, "session", identifier)
        if turns.get(identifier):
            found += 1
            request = {"info": {"id": identifier}, "messages": turns[identifier]}
            yield Exchange(at, request=request, request_at=at, session=identifier, format="opencode")
    if (log := unwritten(source)) is not None:
        yield Problem(source.path, f"its newest rows are in {log}, which is not read: end opencode first", fatal=False)
    if not found:
        yield Problem(source.path, "is opencode's database and contains no messages")

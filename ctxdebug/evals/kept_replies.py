"""Replies as lines of a file: their secrets hidden, read back as they were written, whatever a crash left of the last one."""

from __future__ import annotations

import contextlib
import json
from typing import IO, TYPE_CHECKING, Any

from ctxdebug.errors import UsageError
from ctxdebug.evals.endpoint import Reply
from ctxdebug.files import write_whole
from ctxdebug.redaction.redactor import Redactor

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def reply_fields(reply: Reply) -> dict[str, Any]:
    """Return what is written of a reply."""
    return {
        "status": reply.status, "seconds": round(reply.seconds, 3), "attempts": reply.attempts,
        "headers": dict(reply.headers), "body": reply.body, "stream": reply.stream,
    }  # fmt: skip


def reply_from(held: Mapping[str, Any]) -> Reply:
    """Return a reply that was written; raises `KeyError` or `TypeError` where it is none."""
    reply = Reply(held["body"], held["stream"], held["status"], held["headers"], held["seconds"], held["attempts"])
    body = isinstance(reply.body, dict) if reply.stream is None else isinstance(reply.stream, str)
    if not (body and isinstance(reply.headers, dict) and isinstance(reply.seconds, int | float)):
        raise TypeError("not an answer")
    return reply


def appending(path: Path) -> IO[str]:
    """Open for more lines; one that a crash cut is taken off first. Raises `UsageError` for what is no regular file."""
    if path.is_symlink() or (path.exists() and not path.is_file()):
        raise UsageError(f"{path} is no regular file; not written")
    if path.exists():
        data = path.read_bytes()
        if data and not data.endswith(b"\n"):
            write_whole(path, data[: data.rfind(b"\n") + 1])
    return path.open("a", encoding="utf-8")


def without_secrets(reply: Reply) -> Reply:
    """Return a reply as it may be written."""
    redactor = Redactor()
    events = _events(reply.stream)
    redactor.learn([reply.body, reply.stream, [held for _, held in events], dict(reply.headers)])
    if not redactor.redactions:
        return reply
    return Reply(
        redactor.apply(reply.body), _stream_without(reply.stream, events, redactor),
        reply.status, redactor.apply(dict(reply.headers)), reply.seconds, reply.attempts,
    )  # fmt: skip


def _events(stream: str | None) -> list[tuple[int, Any]]:
    """Return the JSON of a stream's lines with their numbers; what a stream says is in the pieces together."""
    found = []
    for number, line in enumerate((stream or "").split("\n")):
        if line.startswith("data:"):
            with contextlib.suppress(ValueError, RecursionError):
                found.append((number, json.loads(line.removeprefix("data:"))))
    return found


def _stream_without(stream: str | None, events: list[tuple[int, Any]], redactor: Redactor) -> str | None:
    if stream is None:
        return None
    lines = stream.split("\n")
    for (number, held), hidden in zip(events, redactor.apply([held for _, held in events]), strict=True):
        if hidden != held:
            lines[number] = f"data: {json.dumps(hidden)}"
    return str(redactor.apply("\n".join(lines)))

"""The end of a Claude Code log, read backwards: what the last call sent, and what the call before it had sent already.

A status line is drawn after every message, so that this reads little, parses little, and imports next to nothing.
"""

from __future__ import annotations

import errno
import json
import os
import stat
from typing import Any, NamedTuple

_BLOCK = 256 * 1024
_MOST = 8 * 1024 * 1024
"""Bytes of the end of a log that are looked at."""
BOUNDARY = b'"compact_boundary"'
"""What the line of a compaction contains: `"subtype": "compact_boundary", "compactMetadata": {"trigger": "auto", "preTokens": 155000}`."""


class Tail(NamedTuple):
    """Prompt tokens as the provider counted them; None where the end of the log has no such call."""

    prompt: int | None = None
    cached: int | None = None
    """Of the last prompt, read from the provider's cache."""
    before: int | None = None
    """Of the call before it in the same context; None right after a compaction."""
    compacted: bool = False
    """Whether the last call is the first one after a compaction."""


def tail(path: str) -> Tail:
    """Return what the end of a log says of its last two calls; of a log that cannot be read, nothing."""
    found: list[tuple[Any, int, int]] = []
    try:
        with open(path, "rb", opener=carefully) as file:
            for line in _backwards(file):
                if BOUNDARY in line and _of_main(line):
                    return _told(found, compacted=True)
                call = _call(line)
                if call is not None and not any(call[0] == known[0] for known in found):
                    found.append(call)
                    if len(found) == 2:
                        break
    except (OSError, ValueError):
        return Tail()
    return _told(found, compacted=False)


def _told(found: list[tuple[Any, int, int]], *, compacted: bool) -> Tail:
    if not found:
        return Tail()
    before = found[1][1] if len(found) > 1 else None
    return Tail(found[0][1], found[0][2], before, compacted and before is None)


def carefully(path: str, flags: int) -> int:
    """Open without waiting; raises `OSError` for a pipe or a device in the place of a log, which would hang an agent."""
    handle = os.open(path, flags | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise OSError(errno.EINVAL, "it is no regular file", path)
    return handle


def _backwards(file: Any) -> Any:
    """Yield the lines of a file from its end, as far as `_MOST` bytes go."""
    at = file.seek(0, os.SEEK_END)
    stop, rest = max(0, at - _MOST), b""
    while at > stop:
        size = min(_BLOCK, at - stop)
        at -= size
        file.seek(at)
        lines = (file.read(size) + rest).split(b"\n")
        rest = lines[0]
        yield from reversed(lines[1:])
    if at == 0:
        yield rest


def _of_main(line: bytes) -> bool:
    held = parsed(line)
    return held.get("subtype") == "compact_boundary" and held.get("isSidechain") is not True


def _call(line: bytes) -> tuple[Any, int, int] | None:
    """Return (id, prompt tokens, tokens from the cache) of an answer of the main conversation; None for any other line."""
    if b'"usage"' not in line or b'"assistant"' not in line:
        return None
    held = parsed(line)
    message = held.get("message")
    if held.get("type") != "assistant" or held.get("isSidechain") is True or not isinstance(message, dict):
        return None
    counts = counted(message.get("usage"))
    return (message.get("id") or held.get("uuid"), *counts) if counts is not None else None


def counted(usage: Any) -> tuple[int, int] | None:
    """Return the prompt tokens of a usage of Anthropic's API and those of them that came from the cache; None where it counts none."""
    if not isinstance(usage, dict):
        return None
    parts = [usage.get(name) for name in ("input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens")]
    counts = [part if type(part) is int and part > 0 else 0 for part in parts]
    return (sum(counts), counts[2]) if sum(counts) else None


def parsed(line: bytes) -> dict[str, Any]:
    """Return the object in a line; an empty one where it is none."""
    try:
        held = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return held if isinstance(held, dict) else {}

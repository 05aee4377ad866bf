"""Session logs of agents and chat programs: JSON lines that are one conversation, or several contexts of it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from ctxdebug.containers import Found, Likeness, container
from ctxdebug.containers.shapes.sessions import sessions
from ctxdebug.decoding.agent_logs import session_kind
from ctxdebug.decoding.source import Source
from ctxdebug.errors import LoadError
from ctxdebug.model import Decoding, Problem, pointer_text

_LOOKED_AT = 30


def _kind(source: Source) -> str | None:
    if source.shape != "json lines":
        return None
    first = [source.reader.value(line) for _, line in islice(source.lines(), _LOOKED_AT) if line.strip()]
    return session_kind(first)


def _sniff(source: Source) -> Likeness:
    return Likeness.CERTAIN if _kind(source) is not None else Likeness.NO


@container(
    "session",
    "JSON lines of an agent's log, known by its first lines: Claude Code, Codex, Copilot CLI, Gemini CLI, Qwen Code, Cursor and others",
    _sniff,
)
def exchanges(source: Source) -> Iterator[Found]:
    """One exchange a context: each ends with its last call, a compaction, or a call that failed."""
    lines: list[Any] = []
    faults: list[tuple[int, LoadError]] = []
    for number, line in source.lines():
        lines.append(None)
        if not line.strip():
            continue
        try:
            lines[-1] = source.reader.read(line, f"line {number + 1}")
        except LoadError as error:
            faults.append((number, error))
    for number, fault in faults:
        last = number == len(lines) - 1
        message = f"the last line is cut and was left out: {fault.message}" if last else fault.message
        yield Problem(source.path, message, pointer_text((Decoding.LINES, number)), fatal=not last)
    yield from sessions(_kind(source) or "", lines, (*source.root, Decoding.LINES))

"""Session logs of agents and chat programs: JSON lines in which one conversation grows, and now and then is cut short.

A log is read as the contexts it went through: a new one begins wherever the agent compacted the conversation, and ends
with its last call or with a call that failed. Which program wrote a log is told by the rows of `kinds.json`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from itertools import islice
from operator import is_
from pathlib import Path
from typing import Any

from ctxdebug.decoding.agent_logs import claude_code, stretches
from ctxdebug.decoding.agent_logs.context import Context, Line, type_of

__all__ = ["Context", "Line", "contexts", "is_log_of", "session_kind", "type_of"]

_LOOKED_AT = 50


@cache
def _kinds() -> list[Mapping[str, Any]]:
    rows: list[Mapping[str, Any]] = json.loads(Path(__file__).with_name("kinds.json").read_text("utf-8"))
    return rows


def session_kind(lines: Sequence[Any]) -> str | None:
    """Return the format of the log that the first lines are from; None for anything else."""
    held = [line for line in lines if isinstance(line, dict)]
    for row in _kinds():
        looked_at = held[:1] if row.get("first") else held
        if any(_fits(line, row) for line in looked_at):
            return str(row["kind"])
    return None


_asked: list[tuple[list[Any], str | None]] = []
"""The lines that were asked about last, and their kind: every format of a log asks of the same ones."""


def is_log_of(value: Any, kind: str) -> bool:
    """Whether a value is a list of log lines of this kind."""
    if not isinstance(value, list):
        return False
    lines = list(islice((line for line in value if line is not None), _LOOKED_AT))
    if not (_asked and len(lines) == len(_asked[0][0]) and all(map(is_, lines, _asked[0][0]))):
        _asked[:] = [(lines, session_kind(lines))]
    return _asked[0][1] == kind


def _fits(line: Mapping[str, Any], row: Mapping[str, Any]) -> bool:
    named = row.get("is", {})
    if any(not isinstance(line.get(key), str) or line[key] not in values for key, values in named.items()):
        return False
    if any(_at(line, path) is None for path in row.get("has", ())):
        return False
    if "some" in row and not any(key in line for key in row["some"]):
        return False
    held = line.get(row["object"]) if "object" in row else None
    return (held is None or isinstance(held, dict)) and not any(key in line for key in row.get("lacks", ()))


def _at(line: Any, path: str) -> Any:
    for key in path.split("."):
        line = line.get(key) if isinstance(line, dict) else None
    return line


def contexts(kind: str, lines: Sequence[Any]) -> Iterator[Context]:
    """Yield the contexts of a session, in order."""
    held = [line if isinstance(line, dict) else None for line in lines]
    yield from _SPLITTERS.get(kind, stretches.everything)(held)


_SPLITTERS: dict[str, Callable[[list[Line]], Iterator[Context]]] = {
    "claude-code": claude_code.contexts,
    "qwen": claude_code.contexts,
    "codex": stretches.codex,
    "pi": stretches.pi,
    "kimi": stretches.kimi,
}

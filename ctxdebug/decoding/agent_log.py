"""Session logs of coding agents: JSON lines in which one conversation grows, and now and then is cut short.

A log is read as the contexts it went through: a new one begins wherever the agent compacted the
conversation, and ends with its last call or with a call that failed. Lines outside a context are None
in it, so that a line keeps its number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeAlias

Line: TypeAlias = dict[str, Any] | None
_CLAUDE_TYPES = frozenset({"user", "assistant", "system", "summary", "file-history-snapshot", "progress", "attachment"})
_CODEX_TYPES = frozenset({"session_meta", "response_item", "turn_context", "event_msg", "compacted"})
_CODEX_ITEMS = frozenset({"message", "function_call", "function_call_output", "reasoning", "local_shell_call"})


def session_kind(lines: Sequence[Any]) -> str | None:
    """Whose log the first lines are: `claude-code`, `codex` or `pi`; None for anything else."""
    held = [line for line in lines if isinstance(line, dict)]
    if any(_is_claude(line) for line in held):
        return "claude-code"
    if any(_type(line) in _CODEX_TYPES and isinstance(line.get("payload"), dict) for line in held) or _is_old_codex(
        held
    ):
        return "codex"
    if held and held[0].get("type") == "session" and "message" not in held[0] and "id" in held[0]:
        return "pi"
    return None


def _type(line: Line) -> str:
    """The type that a line names, if it names one in a word."""
    named = (line or {}).get("type")
    return named if isinstance(named, str) else ""


def _is_claude(line: dict[str, Any]) -> bool:
    message = line.get("message")
    return (
        _type(line) in _CLAUDE_TYPES
        and ("sessionId" in line or "parentUuid" in line or "isSnapshotUpdate" in line)
        and (message is None or isinstance(message, dict))
    )


def _is_old_codex(held: Sequence[dict[str, Any]]) -> bool:
    first = held[0] if held else {}
    return "instructions" in first and "git" in first and any(_type(line) in _CODEX_ITEMS for line in held[1:])


def contexts(kind: str, lines: Sequence[Any]) -> Iterator[list[Line]]:
    """The contexts of a session, in order."""
    yield from _SPLITTERS[kind]([line if isinstance(line, dict) else None for line in lines])


def _only(lines: Sequence[Line], keep: Callable[[int], bool]) -> list[Line]:
    """The lines that `keep` holds; the others become None, and the end is cut after the last one kept."""
    kept = [line if keep(number) else None for number, line in enumerate(lines)]
    while kept and kept[-1] is None:
        kept.pop()
    return kept


def _claude(lines: list[Line]) -> Iterator[list[Line]]:
    groups: dict[tuple[str, str], list[int]] = {}
    for number, line in enumerate(lines):
        if line is not None and _type(line) in {"user", "assistant", "system"}:
            chain = line.get("agentId") if line.get("isSidechain") else None
            groups.setdefault((str(line.get("sessionId")), str(chain)), []).append(number)
    for numbers in groups.values():
        for part in _claude_parts(lines, numbers):
            active = _active(lines, part)
            if any(_speaks(lines[number]) for number in active):
                yield _only(lines, active.__contains__)


def _speaks(line: Line) -> bool:
    return line is not None and isinstance(line.get("message"), dict)


def _claude_parts(lines: list[Line], numbers: list[int]) -> Iterator[list[int]]:
    """Stretches between compactions, and each stretch that ends with a call that failed."""
    part: list[int] = []
    for number in numbers:
        line = lines[number] or {}
        if line.get("subtype") == "compact_boundary":
            yield part
            part = []
        part.append(number)
        if line.get("isApiErrorMessage") is True:
            yield list(part)
            part.pop()
    yield part


def _active(lines: list[Line], numbers: list[int]) -> set[int]:
    """The lines of the branch that the stretch ends on; parallel calls and their results stay together."""
    by_id = {
        line["uuid"]: number for number in numbers if (line := lines[number]) and isinstance(line.get("uuid"), str)
    }
    at = next((number for number in reversed(numbers) if _speaks(lines[number])), None)
    if at is None or not by_id:
        return set(numbers)
    active: set[int] = set()
    while at is not None and at not in active:
        active.add(at)
        parent = (lines[at] or {}).get("parentUuid")
        at = by_id.get(parent) if isinstance(parent, str) else None
    whole = {_message_id(lines[number]) for number in active} - {None}
    active |= {number for number in numbers if _message_id(lines[number]) in whole}
    called = {
        block.get("id") for number in active for block in _blocks(lines[number]) if block.get("type") == "tool_use"
    }
    active |= {
        number for number in numbers if any(str(block.get("tool_use_id")) in called for block in _blocks(lines[number]))
    }
    return active


def _message_id(line: Line) -> str | None:
    message = (line or {}).get("message")
    identifier = message.get("id") if isinstance(message, dict) else None
    return identifier if isinstance(identifier, str) else None


def _blocks(line: Line) -> list[dict[str, Any]]:
    message = (line or {}).get("message")
    content = message.get("content") if isinstance(message, dict) else None
    return [block for block in content if isinstance(block, dict)] if isinstance(content, list) else []


def _codex(lines: list[Line]) -> Iterator[list[Line]]:
    heads = [
        number for number, line in enumerate(lines) if line and (line.get("type") == "session_meta" or "git" in line)
    ]
    start = 0
    for number, line in enumerate(lines):
        if line is not None and line.get("type") == "compacted":
            yield _stretch(lines, heads, start, number)
            start = number
    yield _stretch(lines, heads, start, len(lines))


def _pi(lines: list[Line]) -> Iterator[list[Line]]:
    heads = [number for number, line in enumerate(lines) if line and _type(line) in {"session", "model_change"}]
    start = 0
    for number, line in enumerate(lines):
        if line is None:
            continue
        if line.get("type") == "compaction":
            yield _stretch(lines, heads, start, number)
            start = number
        message = line.get("message")
        if isinstance(message, dict) and message.get("stopReason") == "error":
            yield _stretch(lines, heads, start, number + 1)
    yield _stretch(lines, heads, start, len(lines))


def _stretch(lines: list[Line], heads: list[int], start: int, end: int) -> list[Line]:
    """Lines `start` to `end`, with what was said of the whole session before them."""
    return _only(lines, lambda number: start <= number < end or (number in heads and number < start))


_SPLITTERS: dict[str, Callable[[list[Line]], Iterator[list[Line]]]] = {
    "claude-code": _claude,
    "codex": _codex,
    "pi": _pi,
}

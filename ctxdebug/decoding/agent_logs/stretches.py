"""Logs that are plain stretches of lines: Codex, pi, Kimi, and every log that is one conversation from end to end."""

from __future__ import annotations

from collections.abc import Iterator

from ctxdebug.decoding.agent_logs.context import Context, Line, context, type_of


def everything(lines: list[Line]) -> Iterator[Context]:
    """Yield the log as one context."""
    yield context(lines, (number for number, line in enumerate(lines) if line is not None))


def codex(lines: list[Line]) -> Iterator[Context]:
    """Yield a context for each stretch between two compactions."""
    heads = [
        number for number, line in enumerate(lines) if line and (line.get("type") == "session_meta" or "git" in line)
    ]
    start = 0
    for number, line in enumerate(lines):
        if line is not None and line.get("type") == "compacted":
            yield _stretch(lines, heads, start, number)
            start = number
    yield _stretch(lines, heads, start, len(lines))


def pi(lines: list[Line]) -> Iterator[Context]:
    """Yield a context for each stretch between two compactions, and one that ends with each failed call."""
    heads = [number for number, line in enumerate(lines) if line and type_of(line) in {"session", "model_change"}]
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


def kimi(lines: list[Line]) -> Iterator[Context]:
    """Yield a context for each stretch between two compactions; the newest prompt and tools hold for those after it."""
    heads = [
        number
        for number, line in enumerate(lines)
        if line and type_of(line) in {"metadata", "config.update", "profile.bind", "llm.tools_snapshot"}
    ]
    start = 0
    for number, line in enumerate(lines):
        if line is not None and line.get("type") == "context.apply_compaction":
            yield _stretch(lines, heads, start, number)
            start = number
    yield _stretch(lines, heads, start, len(lines))


def _stretch(lines: list[Line], heads: list[int], start: int, end: int) -> Context:
    """Lines `start` to `end`, with what was said of the whole session before them."""
    before = [number for number in heads if number < start]
    return context(lines, [*before, *(number for number in range(start, end) if lines[number] is not None)])

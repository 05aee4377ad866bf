"""One context of a session log: which lines the model read, and in which order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

from ctxdebug.records import record

Line: TypeAlias = dict[str, Any] | None


@record(frozen=True, slots=True)
class Context:
    """The lines of a log, those outside the context as None, so that a line keeps its number."""

    lines: list[Line]
    order: tuple[int, ...]
    """The numbers of the lines that count, as the model read them."""
    notes: tuple[str, ...] = ()
    agent: str | None = None
    """The sub-agent whose conversation this is."""
    left: int = 0
    """Messages on branches that were left."""


def type_of(line: Line) -> str:
    """Return the type that a line names, if it names one in a word."""
    named = (line or {}).get("type")
    return named if isinstance(named, str) else ""


def context(
    lines: Sequence[Line], order: Iterable[int], notes: Iterable[str] = (), agent: str | None = None, left: int = 0
) -> Context:
    """Return the context of some lines of a log; the end is cut after the last of them."""
    numbers = tuple(order)
    kept = set(numbers)
    end = max(kept, default=-1) + 1
    return Context([lines[n] if n in kept else None for n in range(end)], numbers, tuple(notes), agent, left)

"""The prompt as one line: its blocks in order, each with its name and a bar of its share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ctxdebug.reports.context_map import rows
from ctxdebug.text.printable import excerpt

if TYPE_CHECKING:
    from ctxdebug.engine.report import Examined

_EIGHTHS = "▏▎▍▌▋▊▉█"
_STYLES = {
    "system": "magenta",
    "developer": "magenta",
    "user": "green",
    "assistant": "blue",
    "tool": "yellow",
    "tools": "yellow",
}
_NAME = 13
_CELLS = 12
"""Cells that a whole prompt would fill."""


def strip(examined: Examined, width: int) -> list[str | tuple[str, str]]:
    """The blocks of the prompt with their tokens, as many as fit `width` columns, the smallest folded first."""
    shown = rows(examined.analysis, 24)
    parents = {number for number, row in enumerate(shown[:-1]) if not row.depth and shown[number + 1].depth}
    blocks = [
        (excerpt(row.who, _NAME), row.tokens, row.exact, row.who)
        for number, row in enumerate(shown)
        if number not in parents and row.tokens
    ]
    total = max(1, sum(tokens for _, tokens, _, _ in blocks))
    while len(blocks) > 1 and _width(blocks, total) > width:
        at = min(range(len(blocks)), key=lambda number: blocks[number][1])
        other = at - 1 if at == len(blocks) - 1 or (at and blocks[at - 1][1] < blocks[at + 1][1]) else at + 1
        first, second = sorted((at, other))
        (_, one, exact, _), (_, two, sure, _) = blocks[first], blocks[second]
        blocks[first : second + 1] = [("…", one + two, exact and sure, "")]
    parts: list[str | tuple[str, str]] = []
    for name, tokens, exact, role in blocks:
        parts += [" │ " if parts else "", (f"{name} ", _STYLES.get(role, "")), f"{'' if exact else '~'}{tokens:,} "]
        parts.append((_bar(tokens, total), _STYLES.get(role, "yellow")))
    return parts


def _width(blocks: list[tuple[str, int, bool, str]], total: int) -> int:
    return sum(len(f"{name} ~{tokens:,} ") + len(_bar(tokens, total)) + 3 for name, tokens, _, _ in blocks)


def _bar(tokens: int, total: int) -> str:
    """A share of the prompt in eighths of the cells for a whole prompt; never nothing."""
    eighths = max(1, round(tokens / total * _CELLS * 8))
    return "█" * (eighths // 8) + (_EIGHTHS[eighths % 8 - 1] if eighths % 8 else "")

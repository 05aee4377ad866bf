"""The prompt as one line: its blocks in order, each with its name and a bar of its share."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from ctxdebug.model import Provenance
from ctxdebug.records import record
from ctxdebug.reports.context_map import rows
from ctxdebug.text.patterns import lazy
from ctxdebug.text.plural import plural

if TYPE_CHECKING:
    from ctxdebug.engine.report import Examined
    from ctxdebug.reports.context_map import Row

_EIGHTHS = "▏▎▍▌▋▊▉█"
_STYLES = {"system": "magenta", "chat": "green", "results": "yellow", "tools": "yellow"}
_GROUPS = {
    "system": "system",
    "developer": "system",
    "user": "chat",
    "assistant": "chat",
    "model": "chat",
    "tools": "tools",
}
"""What the rows of the map are, by the role that was captured; any other row of a message is a result."""
_BEGINNING = lazy(r"[^\W_]{4,40}(?=[-_ .:/])")
_SIZES = ((13, 12), (13, 8), (10, 8), (8, 6))
"""Columns of a name, and cells that a whole prompt would fill, from roomy to tight."""


@record(frozen=True, slots=True)
class _Block:
    name: str
    tokens: int
    exact: bool
    group: str
    documents: int = 0

    @property
    def results(self) -> bool:
        """Whether results of tools are in it."""
        return self.name.endswith("results")

    def joined(self, other: _Block) -> _Block:
        """Return the block and its neighbour as one, under a name that says what both are."""
        documents = self.documents + other.documents
        groups = {self.group, other.group}
        if groups == {"document"}:
            name, group = plural(documents, "document"), "document"
        elif "document" not in groups and groups & {"chat"}:
            name, group = "chat + results" if self.results or other.results else "chat", "chat"
        elif len(groups) == 1:
            name, group = self.name, self.group
        elif documents:
            name, group = f"{plural(documents, 'document')} + chat", "mixed"
        else:
            name, group = "instructions", "system"
        return _Block(name, self.tokens + other.tokens, self.exact and other.exact, group, documents)


def strip(examined: Examined, width: int) -> list[str | tuple[str, str]]:
    """Return the blocks of the prompt with their tokens; where `width` columns do not hold all, neighbours of a kind are one block."""
    blocks = _blocks(rows(examined.analysis, 24))
    short = _short([block.name for block in blocks if block.documents == 1])
    total = max(1, sum(block.tokens for block in blocks))
    name, cells = next((size for size in _SIZES if _width(blocks, short, total, *size) <= width), _SIZES[-1])
    while len(blocks) > 1 and _width(blocks, short, total, name, cells) > width:
        at = min(range(len(blocks) - 1), key=lambda number: _strain(blocks[number], blocks[number + 1]))
        blocks[at : at + 2] = [blocks[at].joined(blocks[at + 1])]
    parts: list[str | tuple[str, str]] = []
    for block in blocks:
        style = _STYLES.get(block.group, "yellow")
        said = f"{'' if block.exact else '~'}{block.tokens:,} "
        parts += [
            " │ " if parts else "",
            (f"{_called(block, short, name)} ", style),
            said,
            (_bar(block.tokens, total, cells), style),
        ]
    return parts


def _blocks(shown: list[Row]) -> list[_Block]:
    """Return the rows of the map without those that their parts stand for; the turns of a chat are one block."""
    parents = {number for number, row in enumerate(shown[:-1]) if not row.depth and shown[number + 1].depth}
    found: list[_Block] = []
    for number, row in enumerate(shown):
        if number in parents or not row.tokens:
            continue
        block = _block(row)
        if found and block.group == found[-1].group and block.group != "document":
            found[-1] = found[-1].joined(block)
        else:
            found.append(block)
    return found


def _block(row: Row) -> _Block:
    if row.depth:
        name = row.what if row.messages > 1 else row.who
        return _Block(name, row.tokens, row.exact, "document", row.messages)
    group = "chat" if row.messages > 1 else _GROUPS.get(row.who, "results")
    if group == "chat" and row.provenance == Provenance.TOOL_RESULT.value:
        group = "results"
    return _Block(group, row.tokens, row.exact, group)


def _strain(one: _Block, other: _Block) -> tuple[bool, int]:
    """How much is lost by joining two neighbours: kinds first, then size."""
    chatty = {one.group, other.group} <= {"chat", "results"}
    return not (one.group == other.group or chatty), one.tokens + other.tokens


def _short(names: list[str]) -> dict[str, str]:
    """Return the beginnings of documents' names by which they can still be told apart: `handbook` of `handbook-2022`."""
    begun = {name: match[0] if (match := _BEGINNING.match(name)) else name for name in names}
    count = Counter(begun[name] for name in dict.fromkeys(names))
    return {name: short for name, short in begun.items() if count[short] == 1}


def _called(block: _Block, short: dict[str, str], width: int) -> str:
    """Return the name in at most `width` columns; a name of ours is short, and says how many."""
    if block.documents != 1 or len(block.name) <= width:
        return block.name
    name = short.get(block.name, block.name)
    return name if len(name) <= width else f"{name[: width - 1]}…"


def _width(blocks: list[_Block], short: dict[str, str], total: int, name: int, cells: int) -> int:
    return sum(
        len(f"{_called(block, short, name)} {'' if block.exact else '~'}{block.tokens:,} ") + len(_bar(block.tokens, total, cells)) + 3
        for block in blocks
    ) - 3  # fmt: skip


def _bar(tokens: int, total: int, cells: int) -> str:
    """Return a share of the prompt in eighths of the cells for a whole prompt; never nothing."""
    eighths = max(1, round(tokens / total * cells * 8))
    return "█" * (eighths // 8) + (_EIGHTHS[eighths % 8 - 1] if eighths % 8 else "")

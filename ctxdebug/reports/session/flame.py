"""What was sent, as a flame graph: all prompt tokens of the run, by role, by tool, by text; what was counted beyond the texts is a gap."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ctxdebug.records import record
from ctxdebug.reports.session.words import short_number

if TYPE_CHECKING:
    from ctxdebug.engine.session.figures import Block, Figures

_LEAST = 0.2
"""Percent of the width; narrower cells are put together."""
_ROLES = ("system", "developer", "user", "document", "tool", "assistant", "other")


@record(frozen=True, slots=True)
class Cell:
    """A part of the row `depth`, in percent of all tokens that were sent."""

    depth: int
    left: float
    width: float
    role: str
    label: str
    words: str


def flame(found: Figures, beyond: str) -> list[Cell]:
    """Return the cells from left to right; the widths of a row never add up to more than what was sent.

    `beyond` says what the tokens are that were counted beyond the texts.
    """
    counted = sum(block.total for block in found.blocks)
    whole = max(found.sent, counted, 1)
    cells: list[Cell] = []
    left = 0.0
    for role in sorted(
        {block.who for block in found.blocks}, key=lambda who: _ROLES.index(who) if who in _ROLES else len(_ROLES)
    ):
        blocks = [block for block in found.blocks if block.who == role]
        width = 100 * sum(block.total for block in blocks) / whole
        total = sum(block.total for block in blocks)
        cells.append(
            Cell(0, left, width, role, role, f"{role}: {short_number(total)} tokens sent, {total / whole:.0%}")
        )
        cells += _texts(blocks, role, left, whole)
        left += width
    if found.sent > counted:
        missing = found.sent - counted
        words = f"{beyond}: {short_number(missing)} tokens sent, {missing / whole:.0%}"
        cells.append(Cell(0, left, 100 * missing / whole, "gap", beyond, words))
    return cells


def _texts(blocks: Sequence[Block], role: str, left: float, whole: int) -> list[Cell]:
    cells: list[Cell] = []
    rest = 0
    for block in sorted(blocks, key=lambda one: -one.total):
        width = 100 * block.total / whole
        if width < _LEAST:
            rest += block.total
            continue
        words = f"{block.title}: ~{short_number(block.tokens)} tokens, sent {block.times} times, {short_number(block.total)} in all"
        cells.append(Cell(1, left, width, role, block.title, words))
        left += width
    if rest:
        cells.append(Cell(1, left, 100 * rest / whole, role, "…", f"smaller texts: {short_number(rest)} tokens in all"))
    return cells

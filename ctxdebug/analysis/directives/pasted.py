"""Orders to machines in what a user pasted: nobody calls the machine that he speaks with "whichever model reads this page"."""

from __future__ import annotations

from collections.abc import Iterator

from ctxdebug.analysis.directives.addressing import Order, orders
from ctxdebug.analysis.directives.cues import Frame, Mark
from ctxdebug.analysis.directives.directive import Found, Passage
from ctxdebug.analysis.directives.layout import layout
from ctxdebug.analysis.directives.quoting import Quoting
from ctxdebug.analysis.directives.wording import CUES
from ctxdebug.text.recall import by_text

_LINE = 300
_LEAST = 120
"""Characters of other text beside the order; a user's own few words are no material."""


@by_text
def pasted_orders(text: str) -> tuple[Passage, ...]:
    """Return the orders that stand in the material of a user's turn, outside its first line and its last."""
    return tuple(_pasted(text))


def _pasted(text: str) -> Iterator[Passage]:
    if text.count("\n") < 2:
        return
    first, last = text.find("\n"), text.rstrip().rfind("\n")
    if _asks_above(text[:first]):
        last = len(text)  # the material goes on to the end
    for order in orders(text):
        end = max(order.end, *(stop for _, stop, _ in order.demands))
        start = min(order.start, *(begin for begin, _, _ in order.demands))
        beside = len(text) - (end - start)
        if (
            first < start
            and beside >= (_LEAST if text.isascii() else _LEAST // 3)
            and order.told
            and not _set_aside(text, order, last)
        ):
            marks = (Mark(CUES["addressed"], order.start, order.end),)
            yield Passage(start, end, start, end, Found.READING, 0.0, marks, (Frame.ADDRESSED, Frame.DEED))


def _asks_above(line: str) -> bool:
    """Whether a first line announces what stands below it: `Summarise this mail:`, or is a question about it."""
    return line.rstrip().endswith((":", "：", "?", "？")) and len(line) <= _LINE


def _set_aside(text: str, order: Order, last: int) -> bool:
    """Whether the order is quoted, or the user's own last line."""
    return order.start > last or Quoting(text, layout(text)).reason_at(order.start, order.end) is not None

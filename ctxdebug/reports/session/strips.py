"""Turns as one line of characters: how full the window was, and how much of the prompt the cache served."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ctxdebug.engine.session.turn import Turn

_BLOCKS = "▁▂▃▄▅▆▇█"
_UNKNOWN = "·"
_BREAK = " "


def columns(turns: Sequence[Turn], width: int) -> list[list[Turn]]:
    """Return the turns in at most `width` columns; a new column begins wherever a new context does, after an empty one."""
    stretches: list[list[Turn]] = []
    for turn in turns:
        if not stretches or (turn.first and turn.stretch.began is not None):
            stretches.append([])
        stretches[-1].append(turn)
    room = max(len(stretches), width - (len(stretches) - 1))
    per = max(1.0, len(turns) / room)
    found: list[list[Turn]] = []
    for number, stretch in enumerate(stretches):
        if number:
            found.append([])
        count = max(1, min(len(stretch), int(len(stretch) / per)))
        edges = [round(at * len(stretch) / count) for at in range(count + 1)]
        found += [stretch[start:end] for start, end in pairwise(edges) if end > start]
    return found


def fill_strip(turns: Sequence[Turn], width: int) -> str:
    """Return how full the window was; where no window is known, against the largest prompt."""
    largest = max((turn.call.sent for turn in turns), default=1) or 1
    known = all(turn.fill is not None for turn in turns)
    return "".join(_cell(held, largest, known=known) for held in columns(turns, width))


def _cell(held: Sequence[Turn], largest: int, *, known: bool) -> str:
    if not held:
        return _BREAK
    share = max((turn.fill or 0.0) if known else turn.call.sent / largest for turn in held)
    return _BLOCKS[min(7, int(share * 8))] if share else _UNKNOWN


def cache_strip(turns: Sequence[Turn], width: int) -> str:
    """Return how much of each prompt was read from the cache: full, partly, hardly, not recorded."""
    return "".join(_cached(held) for held in columns(turns, width))


def _cached(held: Sequence[Turn]) -> str:
    if not held:
        return _BREAK
    shares = [
        turn.call.usage.cache_read / turn.call.usage.prompt
        for turn in held
        if turn.call.usage is not None and turn.call.usage.prompt and turn.call.usage.cache_read is not None
    ]
    if not shares:
        return _UNKNOWN
    least = min(shares)
    return "█" if least >= 0.8 else "▓" if least >= 0.5 else "▒" if least >= 0.2 else "░"

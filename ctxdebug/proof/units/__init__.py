"""The units of a context: what can be taken out of a request, or kept, so that what is left is a request still.

Coarse ones first: messages, calls with their results, tools and settings; then documents and sections; then sentences.
A level is read anew from what is left, so its units are always places of the body at hand.
"""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

from ctxdebug.proof.units.body import cut_out
from ctxdebug.proof.units.messages import message_units
from ctxdebug.proof.units.parameters import setting_units, tool_units
from ctxdebug.proof.units.texts import block_units, sentence_units
from ctxdebug.proof.units.unit import Cut, Unit, UnitKind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ctxdebug.engine.run import RunOptions
    from ctxdebug.proof.request import Request

__all__ = ["Cut", "Level", "Unit", "UnitKind", "units_of", "without"]


class Level(IntEnum):
    """How fine the units are."""

    MESSAGES = 0
    BLOCKS = 1
    SENTENCES = 2


def units_of(request: Request, level: Level, run: RunOptions) -> tuple[Unit, ...]:
    """Return the units of a request at one level, in the order of the context; what is asked is none of them."""
    snapshot = request.snapshot(run)
    if level is Level.MESSAGES:
        return (*message_units(snapshot), *tool_units(snapshot), *setting_units(snapshot))
    return tuple(block_units(snapshot, request.body) if level is Level.BLOCKS else sentence_units(snapshot))


def without(request: Request, units: Iterable[Unit]) -> Request:
    """Return the request without some of its units; it may be no valid request (`proof.validity` tells)."""
    return request.with_body(cut_out(request.body, [cut for unit in units for cut in unit.cuts]))

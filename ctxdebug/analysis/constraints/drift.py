"""One bound that is given twice with different numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ctxdebug.analysis.constraints import Target
from ctxdebug.analysis.constraints.clashes import LISTED
from ctxdebug.records import record

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ctxdebug.analysis.constraints.entry import Entry
    from ctxdebug.analysis.constraints.register import Register


def typed(entries: Iterable[Entry]) -> list[Entry]:
    """Entries whose kind is known and which are about the response, without condition."""
    return [
        entry
        for entry in entries
        if entry.constraint.type not in LISTED
        and entry.constraint.condition is None
        and entry.constraint.qualifier is None
        and entry.constraint.target is Target.RESPONSE
    ]


@record(frozen=True, slots=True)
class Drift:
    """One bound given twice with different numbers, which both can be kept, and so was not meant twice."""

    first: Entry
    second: Entry


def drifts(instruction_register: Register) -> list[Drift]:
    """Bounds on one thing, on one side, that differ between two instructions of equal authority."""
    found = []
    seen: dict[tuple[object, ...], Entry] = {}
    clashing = {clash.first.id for clash in instruction_register.clashes} | {
        clash.second.id for clash in instruction_register.clashes
    }
    for entry in typed(instruction_register.binding):
        params = entry.constraint.params
        lo, hi = params.get("lo"), params.get("hi")
        if entry.id in clashing or (lo is None) == (hi is None) or params.get("approx"):
            continue
        thing = (
            entry.constraint.type,
            params.get("word"),
            params.get("char"),
            params.get("each"),
            entry.constraint.parts,
            lo is None,
            entry.authority,
        )
        before = seen.setdefault(thing, entry)
        same = before.segment is entry.segment and before.constraint.sentence == entry.constraint.sentence
        if (
            before is not entry
            and not same
            and (before.constraint.params["lo"], before.constraint.params["hi"]) != (lo, hi)
        ):
            found.append(Drift(before, entry))
    return found

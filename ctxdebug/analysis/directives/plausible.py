"""What of an obeyed directive the request may have asked for itself: then the deed is in doubt, or no obedience at all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ctxdebug.analysis.directives.asking import NAMED, Wish, wish
from ctxdebug.analysis.directives.cues import Frame
from ctxdebug.analysis.directives.directive import Found, Obedience, Passage
from ctxdebug.analysis.directives.obedience import leaves, normal, warning
from ctxdebug.analysis.directives.side_effects import deed
from ctxdebug.analysis.directives.tracing import PlacedSegment
from ctxdebug.model import Authority, Kind, Segment
from ctxdebug.records import replace

_PERSONAL = frozenset({Frame.EXFILTRATION, Frame.URGENCY, Frame.STEERING, Frame.INSERTION, Frame.DEED, Frame.APPROVAL})
"""Frames that a text to a person may have as well: "please send the papers to us before Friday"."""
_LOCAL = frozenset({"change", None})
"""Side effects that stay here."""
_ADDRESSING = frozenset({Frame.ADDRESSED, Frame.OVERRIDE, Frame.AUTHORITY, Frame.BREAKOUT, Frame.PERSONA})
_SHORTEST = 6
"""Characters of an address to the model that are not the same by chance."""


def wish_before(row: Iterable[PlacedSegment], last: int) -> Wish:
    """Return what the users had asked for up to a message, given by number."""
    return wish(
        (one.segment.id, one.segment.text)
        for one in row
        if one.message <= last
        and one.segment.authority is Authority.USER
        and one.segment.kind is Kind.TEXT
        and one.segment.text.strip()
    )


def told_to_machines(passage: Passage) -> bool:
    """Whether a passage has what no text to a person has."""
    return passage.found is not Found.READING or not _PERSONAL.issuperset(passage.frames)


def settled(acts: Iterable[Obedience], segment: Segment, passage: Passage, asked: Wish) -> Iterator[Obedience]:
    """Yield the acts that the request does not explain; those that it may explain are in doubt."""
    for act in acts:
        call = act.segment.call
        if call is None:
            yield act
            continue
        kind = deed(call)
        warns = warning(call)
        if (warns and act.value is None) or (passes_on(act.segment, segment, passage) and (warns or not asked.looking)):
            continue
        if not asked.may_want(kind):
            yield act
        elif told_to_machines(passage) and not (act.value is None and kind in _LOCAL):
            elsewhere = asked.named and act.value is not None and NAMED.fullmatch(act.value) is not None
            yield replace(act, doubtful=not elsewhere)


def passes_on(act: Segment, source: Segment, passage: Passage) -> bool:
    """Whether a call holds a directive with the words that address it: it copies, quotes or reports it."""
    if act.call is None or passage.decoded is not None:
        return False
    held = [normal(leaf) for leaf in leaves(act.call)]
    for mark in passage.marks:
        words = normal(source.text[mark.start : mark.end]).strip(" :,.-")
        if mark.cue.frame in _ADDRESSING and len(words) >= _SHORTEST and any(words in leaf for leaf in held):
            return True
    return False

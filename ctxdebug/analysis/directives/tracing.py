"""Follow a directive through what came after it: later calls, lookups and the answer."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ctxdebug.analysis.directives.action import literals, plain
from ctxdebug.analysis.directives.directive import Action, Obedience, Passage
from ctxdebug.analysis.directives.obedience import (
    ComparableText,
    Ground,
    answer_obeys,
    call_obeys,
    comparable,
    follows_up,
    looks_up,
    normal,
    only_looks,
)
from ctxdebug.model import Authority, Kind, Provenance, Role, Segment
from ctxdebug.records import record, replace
from ctxdebug.text.patterns import lazy
from ctxdebug.text.wordings import wording

_FAILED = wording("injection_tracing", "failed")
_CONFIRMS = lazy(r"verif|confirm|approve|authenticat|otp", re.IGNORECASE)
HEAD = 400
"""Characters of a result in which a failure would be said."""


@record(frozen=True, slots=True)
class PlacedSegment:
    """A segment with its place in the reading order of the exchange."""

    place: int
    message: int
    segment: Segment


class Readings:
    """Every segment made comparable once; the directives are cut out of what they stand in."""

    def __init__(self, row: list[PlacedSegment], found: list[tuple[PlacedSegment, Passage]]) -> None:
        self._row = row
        self._found = found
        self._known: dict[int, ComparableText] = {}

    def of(self, placed: PlacedSegment) -> ComparableText:
        """One segment's text, without its directives where it has no authority."""
        if placed.place not in self._known:
            text = placed.segment.text
            if placed.segment.authority is Authority.NONE:
                text = _without(text, [passage for other, passage in self._found if other.place == placed.place])
            self._known[placed.place] = comparable(text)
        return self._known[placed.place]

    def add(self, ground: Ground, placed: PlacedSegment) -> None:
        """Let the ground know what a segment says; the model's own words add nothing."""
        if placed.segment.authority > Authority.NONE:
            ground.authority.append(self.of(placed))
        elif placed.segment.provenance is not Provenance.MODEL_OUTPUT and placed.segment.role is not Role.ASSISTANT:
            ground.elsewhere.append(self.of(placed))

    def before(self, placed: PlacedSegment) -> Ground:
        """Return what the model had read when it came to a segment, and in it besides its directives."""
        ground = Ground()
        for one in self._row[: placed.place + 1]:
            self.add(ground, one)
        return ground


def _without(text: str, cut: list[Passage]) -> str:
    for passage in sorted(cut, key=lambda one: one.start, reverse=True):
        text = text[: passage.start] + " " + text[passage.end :]
    return text


def _refused(placed: PlacedSegment, row: list[PlacedSegment]) -> bool:
    """Whether a call failed or was left waiting for a confirmation that never came."""
    call = placed.segment.call
    results = [
        one for one in row[placed.place + 1 :] if call is not None and call.id and one.segment.call_id == call.id
    ]
    if not results or not any(one.segment.is_error or _FAILED.search(one.segment.text[:HEAD]) for one in results):
        return False
    confirming = {
        one.segment.call.id
        for one in row[placed.place + 1 :]
        if one.segment.call and _CONFIRMS.search(one.segment.call.name)
    }
    return not any(
        one.segment.call_id in confirming and not one.segment.is_error and not _FAILED.search(one.segment.text[:HEAD])
        for one in row
    )


def obedience(
    placed: PlacedSegment,
    requests: list[Action],
    known: Ground,
    row: list[PlacedSegment],
    readings: Readings,
    *,
    framed: bool,
) -> Iterator[Obedience]:
    """Every later call or sentence that does one of the things asked for; `known` grows with what is read on the way."""
    seen: set[tuple[str, str]] = {
        (one.segment.call.name, one.segment.call.arguments) for one in row[: placed.place] if one.segment.call
    }
    lookups: dict[str | None, Action] = {}
    brought: dict[str, Action] = {}
    for one in row[placed.place + 1 :]:
        segment = one.segment
        if segment.call_id in lookups:
            asked = lookups[segment.call_id]
            brought |= {
                normal(value): asked for value in literals(plain(segment.text)) if not known.read(normal(value))
            }
        readings.add(known, one)
        if one.message <= placed.message:
            continue
        if segment.call is not None:
            key = (segment.call.name, segment.call.arguments)
            if key in seen:
                continue
            seen.add(key)
            for asked in requests:
                shown = call_obeys(segment, asked, known, framed=framed)
                if only_looks(segment.call, asked):
                    if shown or (framed and looks_up(segment.call, asked, known)):
                        lookups[segment.call.id] = asked
                    continue
                if shown := shown or follows_up(segment, asked, frozenset(brought)):
                    yield replace(shown, refused=_refused(one, row))
                    break
        elif framed and segment.role is Role.ASSISTANT and segment.kind is Kind.TEXT:
            yield from filter(
                None, [next(filter(None, (answer_obeys(segment, asked, known) for asked in requests)), None)]
            )

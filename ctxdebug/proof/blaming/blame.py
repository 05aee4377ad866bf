"""Blame: the suspects one by one, the rest together, places and amounts, and two at a time where one is not enough."""

from __future__ import annotations

from dataclasses import field, replace
from itertools import combinations
from typing import TYPE_CHECKING

from ctxdebug.evals.endpoint import NoAnswerError
from ctxdebug.proof.blaming.edits import Place, alone, moved, place_of, replaced, siblings
from ctxdebug.proof.blaming.verdicts import LOOKS, Blame, Judged, is_settled, judged, looked
from ctxdebug.proof.sequential import Counts
from ctxdebug.proof.trial import RefusedError
from ctxdebug.proof.units import Unit, UnitKind, without
from ctxdebug.records import record

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ctxdebug.proof.blaming.suspects import Suspect
    from ctxdebug.proof.request import Request
    from ctxdebug.proof.trial import Experiment

_MOST_PAIRS = 6
"""Suspects of which pairs are tried."""
_AS_WELL = 0.5
"""How much more it must fail with text about nothing in the place of a part than without it, for the amount to matter."""
_TOGETHER = "{} other parts together"


@record(frozen=True, slots=True)
class Blamed:
    """What was found. Rows are in the order in which they were tested; `ranked` puts causes first."""

    whole: Counts
    suspects: tuple[Judged, ...] = ()
    """One a suspect, then one a group of the other parts, or one of these."""
    places: tuple[Judged, ...] = ()
    """The text that the answer should come from, moved."""
    pairs: tuple[Judged, ...] = ()
    """Two suspects taken out at once, where each alone changes too little; or put back at once, where each alone is not enough."""
    fact: str = ""
    """The text that the answer should come from, where there is one."""
    conclusion: str = ""
    reproduced: bool = True
    notes: tuple[str, ...] = ()
    error: NoAnswerError | None = None

    @property
    def ranked(self) -> tuple[Judged, ...]:
        """Every edit: causes, what contributes, undecided, innocent, not tested; the strongest effect first."""
        order = {blame: number for number, blame in enumerate(_ORDER)}
        edits = (*self.suspects, *self.places, *self.pairs)
        return tuple(sorted(edits, key=lambda one: (order[one.blame], -(one.effect.difference if one.effect else 0))))


_ORDER = (Blame.CAUSE, Blame.CONTRIBUTES, Blame.UNDECIDED, Blame.INNOCENT, Blame.NOT_TESTED)


@record(slots=True)
class Investigation:
    """One blame on its way."""

    experiment: Experiment
    suspects: Sequence[Suspect]
    others: Sequence[Unit]
    confidence: float = 0.95
    whole: Counts = field(default_factory=Counts)
    _single: list[Judged] = field(default_factory=list)
    _places: list[Judged] = field(default_factory=list)
    _pairs: list[Judged] = field(default_factory=list)
    _fact: Unit | None = None

    def run(self) -> Blamed:
        """Ask, and return what was found; what ends the asking early is told, and the rest is not tested."""
        error: NoAnswerError | None = None
        try:
            self.whole = self.experiment.counts(self.experiment.original, LOOKS[-1])
            if not self.whole.fails:
                return Blamed(self.whole, reproduced=False, notes=tuple(self.experiment.notes()))
            self._fact = self._holder_of_fact()
            for suspect in self.suspects:
                self._single.append(self._suspect(suspect))
            self._group(self.others)
            self._try_places()
            self._try_pairs()
        except NoAnswerError as fault:
            error = fault
            self._untested()
        return self._result(error)

    def _result(self, error: NoAnswerError | None) -> Blamed:
        edits = judged([*self._single, *self._places, *self._pairs], self.whole, self.confidence)
        first, second = len(self._single), len(self._single) + len(self._places)
        suspects, places, pairs = edits[:first], edits[first:second], edits[second:]
        suspects = [_by_amount(one) for one in suspects]
        fact = self._fact.label if self._fact is not None else ""
        return Blamed(
            self.whole, tuple(suspects), tuple(places), tuple(pairs), fact, _conclusion(suspects, places, pairs),
            notes=tuple(self.experiment.notes()), error=error,
        )  # fmt: skip

    def _suspect(self, suspect: Suspect) -> Judged:
        """Return a suspect taken out; where that matters, also replaced, and put back alone."""
        original = self.experiment.original
        one = self._edit(suspect.label, without(original, [suspect.unit]), suspect.codes)
        one = replace(one, findings=suspect.findings)
        if one.effect is None or one.effect.low <= 0:
            return one
        filled = replaced(original, suspect.unit)
        held = self._counts(filled) if filled is not None else None
        units = [other.unit for other in self.suspects]
        back = self._counts(alone(original, suspect.unit, units)) if len(units) > 1 else None
        return replace(one, replaced=held, alone=back)

    def _group(self, units: Sequence[Unit]) -> None:
        """Take parts out together: those without which it fails as before are innocent at once; else look into halves."""
        free = self._free(units)
        if not free:
            return
        one = self._together(free)
        if len(free) == 1 or one.is_small:
            self._single.append(self._filled(one, free) if one.is_clear else one)
            return
        before = len(self._single)
        middle = len(free) // 2
        self._group(free[:middle])
        self._group(free[middle:])
        if one.is_clear and not any(part.is_clear for part in self._single[before:]):
            self._single.append(self._filled(one, free))

    def _together(self, units: Sequence[Unit]) -> Judged:
        label = units[0].label if len(units) == 1 else _TOGETHER.format(len(units))
        return self._edit(label, without(self.experiment.original, units), (), len(units))

    def _filled(self, one: Judged, units: Sequence[Unit]) -> Judged:
        """Return parts that matter together with what comes of text about nothing in their place."""
        cuts = tuple(cut for unit in units for cut in unit.cuts if cut.span)
        filled = replaced(self.experiment.original, Unit("group", UnitKind.SECTION, one.label, cuts)) if cuts else None
        return replace(one, replaced=self._counts(filled) if filled is not None else None)

    def _free(self, units: Sequence[Unit]) -> list[Unit]:
        """Return the parts that may be taken out: not the text that the answer should come from."""
        return [unit for unit in units if self._fact is None or unit.cuts != self._fact.cuts]

    def _try_places(self) -> None:
        """Move the text that the answer should come from to the beginning, the middle and the end of its siblings."""
        if self._fact is None:
            return
        among = siblings(self._fact, [*(suspect.unit for suspect in self.suspects), *self.others])
        if len(among) < 3:
            return
        now = place_of(self._fact, among)
        for place in Place:
            if place is not now:
                request = moved(self.experiment.original, self._fact, among, place)
                self._places.append(self._edit(f"{self._fact.label} moved: {place.value}, not {now.value}", request))

    def _try_pairs(self) -> None:
        """Where no part alone matters: take out all of them, and where their text matters and not its amount, two at once."""
        if any(one.is_clear for one in self._single):
            return
        parts = self._free([*(suspect.unit for suspect in self.suspects), *self.others])
        if len(parts) < 2 or not self.suspects:
            return
        one = self._together(parts)
        if not one.is_clear:
            return
        one = self._filled(one, parts)
        self._single.append(one)
        if _is_amount(one):
            return
        for first, second in combinations(parts[:_MOST_PAIRS], 2):
            request = without(self.experiment.original, [first, second])
            self._pairs.append(self._edit(f"{first.label} and {second.label}", request, (), 2))

    def _edit(self, label: str, request: Request, codes: tuple[str, ...] = (), parts: int = 1) -> Judged:
        """Ask in looks until the effect is settled; an edit that may not be sent says why."""
        edits = max(1, len(self.suspects) + len(self.others))
        one = Judged(label, codes, parts=parts)
        try:
            for look in LOOKS:
                one = looked(label, self.whole, self.experiment.counts(request, look), self.confidence, codes, parts)
                if is_settled(one, edits, self.confidence):
                    break
        except RefusedError as refused:
            return Judged(label, codes, reason=str(refused), parts=parts)
        return one

    def _counts(self, request: Request) -> Counts | None:
        try:
            return self.experiment.counts(request, LOOKS[1])
        except RefusedError:
            return None

    def _holder_of_fact(self) -> Unit | None:
        """Return the one part that contains the words which the answer should give."""
        kept = self.experiment.failure.kept
        if not kept:
            return None
        parts = [*(suspect.unit for suspect in self.suspects), *self.others]
        held = [
            unit
            for unit in parts
            if self.experiment.flaw(without(self.experiment.original, [unit])) is not None and _is_text(unit)
        ]
        return held[0] if len(held) == 1 else None

    def _untested(self) -> None:
        for suspect in self.suspects[len(self._single) :]:
            self._single.append(
                Judged(suspect.label, suspect.codes, suspect.findings, reason="the asking ended before")
            )


def _is_text(unit: Unit) -> bool:
    return all(cut.span is not None for cut in unit.cuts)


def _is_amount(one: Judged) -> bool:
    """Whether text about nothing in the place of what was taken out fails as well."""
    return one.replaced is not None and one.replaced.rate > one.counts.rate + _AS_WELL


def _by_amount(one: Judged) -> Judged:
    """Return an edit of one part whose text matters only by its amount told so."""
    if one.parts == 1 and one.blame is Blame.CAUSE and _is_amount(one):
        reason = "by its length: with as much text about nothing in its place it fails as well"
        return replace(one, blame=Blame.CONTRIBUTES, reason=reason)
    return one


def _conclusion(suspects: Sequence[Judged], places: Sequence[Judged], pairs: Sequence[Judged]) -> str:
    """Return what the failure is, as a sentence; empty where it is not settled."""
    causes = [one for one in suspects if one.blame is Blame.CAUSE]
    single = [one for one in causes if one.parts == 1]
    by_place = [one for one in places if one.blame is Blame.CAUSE]
    if len(single) > 1:
        return f"it takes {len(single)} parts together, and without any one of them it ends: {' · '.join(one.label for one in single)}"
    if single:
        moved_too = (
            " (moving the right text ends it too)" if by_place else ", wherever the right text stands" if places else ""
        )
        return f"the answer follows what was taken out: {single[0].label}{moved_too}"
    if by_place:
        return "it is a matter of position: with the right text elsewhere, the same context is answered from it"
    if both := [one for one in pairs if one.blame is Blame.CAUSE]:
        return f"two parts cause it, each enough alone, and it ends only where both are taken out: {both[0].label}"
    if any(_is_amount(one) for one in suspects):
        return "it is a matter of amount, not of what the text says: with as much text about nothing in its place it fails as well"
    if causes:
        return "several parts cause it, each enough alone: it ends only where they are taken out together"
    return ""

"""Blame: the suspects one by one, the rest together, places and amounts, and two at a time where one is not enough."""

from __future__ import annotations

from enum import StrEnum
from itertools import combinations
from typing import TYPE_CHECKING

from ctxdebug.evals.endpoint import NoAnswerError
from ctxdebug.proof.attribution.attribution import FEWEST_PARTS, Attribution, attribute
from ctxdebug.proof.blaming.asking import Asking
from ctxdebug.proof.blaming.blamed import Blamed, by_amount, conclusion, is_amount
from ctxdebug.proof.blaming.dose_response import FEWEST_DOSED, dose_response
from ctxdebug.proof.blaming.edits import Place, alone, moved, place_of, replaced, siblings
from ctxdebug.proof.blaming.verdicts import ASKING_ENDED, Judged, judged
from ctxdebug.proof.units import Unit, UnitKind, without
from ctxdebug.records import field, record, replace
from ctxdebug.text.printable import excerpt

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ctxdebug.proof.blaming.suspects import Suspect
    from ctxdebug.proof.doses import DoseResponse
    from ctxdebug.proof.trial import Experiment

_MOST_PAIRS = 6
"""Suspects of which pairs are tried."""
_MOST_ATTRIBUTED = 4
"""Parts that an attribution names which are then tested one by one."""
_SHOWN = 50
"""Characters of the first and the last of several parts."""


class Logprobs(StrEnum):
    """When log-probabilities are asked for."""

    AUTO = "auto"
    """Where the parts that no finding names would have to be searched one by one."""
    ALWAYS = "always"
    NEVER = "never"


@record(slots=True)
class Investigation:
    """One blame on its way."""

    experiment: Experiment
    suspects: Sequence[Suspect]
    others: Sequence[Unit]
    confidence: float = 0.95
    logprobs: Logprobs = Logprobs.AUTO
    _asking: Asking = field(init=False)
    _single: list[Judged] = field(default_factory=list)
    _places: list[Judged] = field(default_factory=list)
    _pairs: list[Judged] = field(default_factory=list)
    _fact: Unit | None = None
    _attribution: Attribution | None = None
    _doses: DoseResponse | None = None

    def __post_init__(self) -> None:
        self._asking = Asking(self.experiment, self.confidence, max(1, len(self.suspects) + len(self.others)))

    def run(self) -> Blamed:
        """Ask, and return what was found; what ends the asking early is told, and the rest is not tested."""
        error: NoAnswerError | None = None
        interrupted = False
        try:
            if not self._asking.begin().fails:
                return Blamed(self._asking.whole, reproduced=False, notes=tuple(self.experiment.notes()))
            self._fact = self._holder_of_fact()
            if self.logprobs is Logprobs.ALWAYS:
                self._attribute()
            for suspect in self.suspects:
                self._single.append(self._suspect(suspect))
            self._search(self._free(self.others))
            self._try_places()
            self._try_pairs()
        except NoAnswerError as fault:
            error = fault
        except KeyboardInterrupt:
            interrupted = True
        self._untested()
        return replace(self._result(error), interrupted=interrupted)

    def _result(self, error: NoAnswerError | None) -> Blamed:
        whole = self._asking.whole
        edits = judged([*self._single, *self._places, *self._pairs], whole, self.confidence)
        first, second = len(self._single), len(self._single) + len(self._places)
        suspects, places, pairs = edits[:first], edits[first:second], edits[second:]
        suspects = [by_amount(one) for one in suspects]
        notes = list(self.experiment.notes())
        if not all(one.sampled for one in edits):
            notes.append(
                "without sampling one answer tells, as far as the endpoint repeats itself; each edit was asked for twice"
            )
        return Blamed(
            whole, tuple(suspects), tuple(places), tuple(pairs), self._doses, self._attribution,
            self._fact.label if self._fact is not None else "",
            conclusion(suspects, places, pairs, self._doses, 1 - self.confidence), notes=tuple(notes), error=error,
        )  # fmt: skip

    def _suspect(self, suspect: Suspect) -> Judged:
        """Return a suspect taken out; where that matters, also replaced, and put back alone."""
        original = self.experiment.original
        one = self._asking.edit(suspect.label, without(original, [suspect.unit]), suspect.codes)
        one = replace(one, findings=suspect.findings, cuts=suspect.unit.cuts)
        if one.effect is None or one.effect.low <= 0:
            return one
        filled = replaced(original, suspect.unit)
        held = self._asking.counts(filled) if filled is not None else None
        units = [other.unit for other in self.suspects]
        back = self._asking.counts(alone(original, suspect.unit, units)) if len(units) > 1 else None
        return replace(one, replaced=held, alone=back)

    def _search(self, units: Sequence[Unit]) -> None:
        """Take the parts that no finding names out together; where that matters, test those that are attributed, then halves."""
        if not units:
            return
        before, together = len(self._single), self._together(units)
        if len(units) < FEWEST_PARTS or together.is_small or not self._attributes():
            self._settle(units, together)
            return
        named = [part.unit for part in self._attribute().parts]
        held = [unit for unit in named if unit in units][:_MOST_ATTRIBUTED]
        for unit in held:
            self._single.append(self._asking.edit(unit.label, without(self.experiment.original, [unit])))
        rest = [unit for unit in units if unit not in held]
        if rest:
            left = self._together(rest)
            if not left.is_clear and any(part.is_clear for part in self._single[before:]):
                self._single.append(left)
            else:
                self._settle(rest, left)
        self._tell_together(units, together, self._single[before:])

    def _settle(self, units: Sequence[Unit], one: Judged) -> None:
        """Tell parts that were taken out together: innocent at once where it fails as before; else look into halves."""
        if len(units) == 1 or one.is_small:
            self._single.append(self._filled(one, units) if one.is_clear else one)
            return
        before = len(self._single)
        middle = len(units) // 2
        halves = [(half, self._together(half)) for half in (units[:middle], units[middle:])]
        if any(half.is_small for _, half in halves) or not self._is_gradual():
            for half, result in halves:
                self._settle(half, result)
        self._tell_together(units, one, self._single[before:])

    def _tell_together(self, units: Sequence[Unit], one: Judged, parts: Sequence[Judged]) -> None:
        """Tell parts that matter together, and none of them alone."""
        if (one.is_clear and not any(part.is_clear for part in parts)) or (not parts and not one.is_small):
            self._single.append(self._filled(one, units) if one.is_clear else one)

    def _together(self, units: Sequence[Unit]) -> Judged:
        return self._asking.edit(_together_label(units), without(self.experiment.original, units), (), len(units))

    def _filled(self, one: Judged, units: Sequence[Unit]) -> Judged:
        """Return parts that matter together with what comes of text about nothing in their place."""
        cuts = tuple(cut for unit in units for cut in unit.cuts if cut.span)
        filled = replaced(self.experiment.original, Unit("group", UnitKind.SECTION, one.label, cuts)) if cuts else None
        return replace(one, replaced=self._asking.counts(filled) if filled is not None else None)

    def _all_free(self) -> list[Unit]:
        return self._free([*(suspect.unit for suspect in self.suspects), *self.others])

    def _free(self, units: Sequence[Unit]) -> list[Unit]:
        """Return the parts that may be taken out: not the text that the answer should come from."""
        return [unit for unit in units if self._fact is None or unit.cuts != self._fact.cuts]

    def _attributes(self) -> bool:
        """Whether log-probabilities are asked for: without sampling the next half costs less than they do."""
        return self.logprobs is Logprobs.ALWAYS or (self.logprobs is Logprobs.AUTO and not self._asking.still)

    def _attribute(self) -> Attribution:
        """Return what log-probabilities say of all parts; asked for once."""
        if self._attribution is None:
            self._attribution = attribute(self.experiment, self._all_free())
        return self._attribution

    def _is_gradual(self) -> bool:
        """Whether the failure falls with the number of parts; asked for once, where answers are drawn."""
        units = self._all_free()
        if self._doses is None and len(units) >= FEWEST_DOSED and not self._asking.still:
            self._doses = dose_response(self.experiment, units, self._asking.whole)
        return self._doses is not None and self._doses.is_gradual and self._doses.p <= 1 - self.confidence

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
                label = f"{self._fact.label} moved: {place.value}, not {now.value}"
                self._places.append(self._asking.edit(label, moved(self.experiment.original, self._fact, among, place)))

    def _try_pairs(self) -> None:
        """Where no part alone matters: take out all of them, and where their text matters and not its amount, two at once."""
        parts = self._all_free()
        if any(one.is_clear for one in self._single) or len(parts) < 2 or not self.suspects:
            return
        one = self._together(parts)
        if not one.is_small and (one.is_clear or self._is_gradual()):
            one = self._filled(one, parts)
            self._single.append(one)
        if not one.is_clear or is_amount(one) or self._is_gradual():
            return
        named = [part.unit for part in self._attribution.parts] if self._attribution is not None else []
        ordered = [*named, *(unit for unit in parts if unit not in named)]
        for first, second in combinations(ordered[:_MOST_PAIRS], 2):
            request = without(self.experiment.original, [first, second])
            self._pairs.append(self._asking.edit(f"{first.label} and {second.label}", request, (), 2))

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
            self._single.append(Judged(suspect.label, suspect.codes, suspect.findings, reason=ASKING_ENDED))


def _together_label(units: Sequence[Unit]) -> str:
    if len(units) == 1:
        return units[0].label
    first, last = (excerpt(unit.label, _SHOWN) for unit in (units[0], units[-1]))
    return f"{len(units)} other parts together: {first} … {last}"


def _is_text(unit: Unit) -> bool:
    return all(cut.span is not None for cut in unit.cuts)

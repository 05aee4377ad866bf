"""Delta debugging with a noisy oracle: take away what can go, group by group, and confirm what is left on answers of its own.

Groups are chosen by how likely each unit is a cause (after ProbDD, Wang and others 2021): as many as are worth a test,
fewer after every refusal. The tests on the way are cheap and may err; what they lead to is confirmed on fresh answers
with the stated confidence, and where that fails the way is gone back. So only the confirmations bear the bound: a set
that lost a cause is handed out at most as often as they err together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from ctxdebug.evals.endpoint import NoAnswerError
from ctxdebug.proof.grouping import cleanness, doubt_more, first_doubt, try_again, worth_testing
from ctxdebug.proof.sequential import Counts, FailureProof, FailureTest, effect
from ctxdebug.proof.thresholds import Thresholds
from ctxdebug.proof.trial import RefusedError
from ctxdebug.records import field, record

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Sequence

State = TypeVar("State")

_WRONG = 0.2
"""How often a cheap test of a group may err, to either side; this and the figures below: `tests/bench/shrinking.py`."""
_WRONG_ALONE = 0.045
"""How often a unit may be held to matter that does not."""
_SURE = 0.02
"""How often a state that the way goes on from may be wrong, once it is doubted."""
_REFUSALS = 4
"""Refusals in a row after which the state at hand is doubted."""
_ATTEMPTS = 6
"""Confirmations after which a state is handed out as not confirmed."""
_RETURNS = 2
"""Ways that may lead back to the whole request before that is asked again: it may not fail any more."""
_DRIFTED = 0.002
"""Below this p the whole request is held to fail less than at first."""
_BASELINE, _BASELINE_ALL, _BASELINE_STILL = 11, 6, 3
"""Answers to the whole request: where some do not fail, where all fail, and where all fail without sampling."""
_CAP = 40
"""Answers after which a test is left undecided, and the group stays."""


class DriftedError(NoAnswerError):
    """The whole request does not fail any more: what was asked before was another model, or another day."""


class Space(Protocol[State]):
    """What is reduced: states with units at several levels, and answers to each state."""

    levels: int

    def units(self, state: State, level: int) -> Sequence[str]:
        """Return the names of the units of a state, in order."""

    def without(self, state: State, level: int, units: frozenset[str]) -> State:
        """Return the state without some of its units."""

    def key(self, state: State) -> Hashable:
        """Return what tells states apart."""

    def ask(self, state: State, runs: int) -> Counts:
        """Return how many of the first `runs` answers fail; raises `RefusedError` where the state cannot be asked."""


@record(slots=True)
class _Point(Generic[State]):
    """A state on the way, and what is thought of its units."""

    state: State
    level: int
    base: State
    """The state with which the level began; the names of units mean places in it."""
    removed: frozenset[str]
    group: frozenset[str]
    """What was taken away last."""
    doubt: dict[str, float]
    """For each unit that is left, how likely it is a cause; 1 where it stays."""


@record(slots=True)
class Progress(Generic[State]):
    """How far a reduction is."""

    state: State
    """The smallest state that still failed."""
    taken: int = 0
    """Units that were taken away."""
    kept: int = 0
    """Units that were found to matter so far."""
    confirmed: bool = False
    whole: Counts = field(default_factory=Counts)
    final: Counts = field(default_factory=Counts)
    """The fresh answers that confirm the state."""
    thresholds: Thresholds | None = None
    way: tuple[State, ...] = ()
    """The states from the whole request to the smallest."""
    needed: dict[str, Counts | str] = field(default_factory=dict)
    """For each unit that stays, what happened without it: answers, or why that cannot be asked."""


class Reduction(Generic[State]):
    """One reduction. `progress` holds the best so far, also where asking ended early."""

    def __init__(
        self, space: Space[State], start: State, confidence: float = 0.95, *, deterministic: bool = False,
        watch: Callable[[Progress[State]], None] | None = None,
    ) -> None:  # fmt: skip
        self.space = space
        self.start = start
        self.confidence = confidence
        self.deterministic = deterministic
        self.progress: Progress[State] = Progress(start)
        self._asked: dict[Hashable, int] = {}
        self._wrong = _WRONG
        self._attempts = self._returns = 0
        self._refused_in_a_row = 0
        self._sure: set[Hashable] = set()
        self._watch = watch

    def reproduced(self) -> FailureProof:
        """Ask the whole request until it is clear whether it fails at all, and about how often."""
        verdict = self._decided(self.start, self._at_all())
        if verdict is FailureProof.FAILS:
            key = self.space.key(self.start)
            self._ask(self.start, max(_BASELINE_STILL if self.deterministic else _BASELINE_ALL, self._asked[key]))
            if self.progress.whole.fails < self.progress.whole.runs:
                self._ask(self.start, max(_BASELINE, self._asked[key]))
            self.progress.thresholds = Thresholds.after(self.progress.whole, deterministic=self.deterministic)
            self._sure.add(self.space.key(self.start))
        return verdict

    def more_to_reproduce(self) -> int | None:
        """Return about how many more answers to the whole request would tell whether it fails; None where none would."""
        return self._at_all().more(self.progress.whole)

    def _at_all(self) -> FailureTest:
        """Return the test of whether the whole request fails at all: in a third of its answers, or hardly ever."""
        wrong = 1 - self.confidence
        return FailureTest(0.05, 0.3, wrong, wrong, _CAP)

    def reduce(self) -> Progress[State]:
        """Reduce a request that was reproduced; raises what asking raises, with `progress` as far as it came."""
        way = [self._begun(self.start, 0)]
        while True:
            point = way[-1]
            group = worth_testing(point.doubt)
            if group is None:
                if point.level + 1 < self.space.levels:
                    way.append(self._begun(point.state, point.level + 1))
                elif self._confirms(point.state) or self._attempts >= _ATTEMPTS:
                    self._tell(way)
                    return self.progress
                else:
                    self._learn_from(point.state)
                    self._go_back(way)
                continue
            self._try(way, point, group)
            self._tell(way)

    def _begun(self, state: State, level: int) -> _Point[State]:
        units = self.space.units(state, level)
        return _Point(state, level, state, frozenset(), frozenset(), first_doubt(units))

    def _try(self, way: list[_Point[State]], point: _Point[State], group: frozenset[str]) -> None:
        removed = point.removed | group
        state = self.space.without(point.base, point.level, removed)
        try:
            verdict = self._decided(state, self._cheap(point.doubt, group))
        except RefusedError as error:
            self._stays(point, group, str(error))
            return
        if verdict is FailureProof.FAILS:
            left = {unit: doubt for unit, doubt in point.doubt.items() if unit not in group}
            way.append(_Point(state, point.level, point.base, removed, group, try_again(left, self.progress.needed)))
            self._refused_in_a_row = 0
            return
        self._stays(point, group, self._counts(state))
        self._refused_in_a_row += 1
        if self._refused_in_a_row >= _REFUSALS and not self._holds(point.state):
            self._go_back(way)

    def _stays(self, point: _Point[State], group: frozenset[str], why: Counts | str) -> None:
        doubt_more(point.doubt, group)
        if len(group) == 1:
            self.progress.needed[next(iter(group))] = why

    def _go_back(self, way: list[_Point[State]]) -> None:
        """Go back from a state that was found not to fail to the last one that does; what was taken since is doubted."""
        self._refused_in_a_row = 0
        while len(way) > 1 and not self._holds(way[-1].state):
            lost = way.pop()
            if lost.group and lost.level == way[-1].level:
                doubt_more(way[-1].doubt, lost.group)
        if len(way) == 1:
            self._returns += 1
            if self._returns > _RETURNS:
                self._check_start()

    def _check_start(self) -> None:
        """Ask the whole request again; raises `DriftedError` where it clearly fails less than at first."""
        first = self._counts(self.start)
        verdict = self._decided(self.start, self._test(_SURE, _SURE), fresh=True)
        if verdict is FailureProof.PASSES:
            self._ask(self.start, max(self._asked[self.space.key(self.start)], 3 * first.runs))
        now = self._counts(self.start)
        fresh = Counts(now.fails - first.fails, now.runs - first.runs)
        if verdict is FailureProof.PASSES and effect(first, fresh).p < _DRIFTED:
            raise DriftedError(
                f"the whole request does not fail any more: {first} answers at first, {fresh} now", stops_run=True
            )
        self.progress.thresholds = Thresholds.after(now, deterministic=self.deterministic)
        self._returns = 0

    def _confirms(self, state: State) -> bool:
        """Whether a state fails on fresh answers; each attempt has half of the bound that is left."""
        self._attempts += 1
        key = self.space.key(state)
        wrong = (1 - self.confidence) / 2**self._attempts
        before = self._counts(state) if key in self._asked else Counts()
        verdict = self._decided(state, self._test(wrong, 0.05), fresh=True)
        after = self._counts(state)
        self.progress.final = Counts(after.fails - before.fails, after.runs - before.runs)
        self.progress.confirmed = verdict is FailureProof.FAILS
        return self.progress.confirmed

    def _learn_from(self, state: State) -> None:
        """After a state was not confirmed: err less on the way, and expect no higher rate than answers show."""
        self._wrong = max(0.005, self._wrong / 4)
        self._sure.discard(self.space.key(state))
        held, seen = self.progress.thresholds, self._counts(state)
        assert held is not None
        if not self.deterministic and seen.rate > held.low:
            both = Counts(seen.fails + self.progress.whole.fails, seen.runs + self.progress.whole.runs)
            self.progress.thresholds = Thresholds.after(both, deterministic=False)

    def _holds(self, state: State) -> bool:
        """Whether a state of the way fails, by all of its answers and as many more as that takes; asked once."""
        key = self.space.key(state)
        if key in self._sure:
            return True
        if self._decided(state, self._test(_SURE, _SURE)) is not FailureProof.FAILS:
            return False
        self._sure.add(key)
        return True

    def _cheap(self, doubt: dict[str, float], group: frozenset[str]) -> FailureTest:
        """Return a test that errs so often given what is thought of the group already: what is expected needs less evidence."""
        clean = min(0.99, max(0.01, cleanness(doubt, group)))
        odds = clean / (1 - clean)
        fails, passes = self._wrong, min(self._wrong, _WRONG_ALONE) if len(group) == 1 else self._wrong
        return self._test(
            min(0.4, max(0.001, fails / (1 - fails) * odds)), min(0.4, max(0.001, passes / (1 - passes) / odds))
        )

    def _test(self, wrong_fails: float, wrong_passes: float) -> FailureTest:
        held = self.progress.thresholds
        assert held is not None
        return FailureTest(held.low, held.high, wrong_fails, wrong_passes, _CAP)

    def _decided(self, state: State, test: FailureTest, *, fresh: bool = False) -> FailureProof:
        """Return what a test says of a state, asking as often as it takes; `fresh` leaves out earlier answers."""
        key = self.space.key(state)
        begun = self._asked.get(key, 0)
        before = self._counts(state) if fresh and begun else Counts()
        asked = begun
        while True:
            counts = self._ask(state, asked) if asked else Counts()
            counts = Counts(counts.fails - before.fails, counts.runs - before.runs)
            verdict = test.verdict(counts)
            if verdict is not None:
                return verdict
            if asked - begun >= 2 * test.cap:
                return FailureProof.UNDECIDED
            asked += test.least(counts)

    def _counts(self, state: State) -> Counts:
        return self.space.ask(state, self._asked[self.space.key(state)])

    def _ask(self, state: State, runs: int) -> Counts:
        counts = self.space.ask(state, runs)
        key = self.space.key(state)
        self._asked[key] = runs
        if key == self.space.key(self.start):
            self.progress.whole = counts
        return counts

    def _tell(self, way: list[_Point[State]]) -> None:
        point = way[-1]
        self.progress.state = point.state
        self.progress.taken = sum(len(one.group) for one in way)
        self.progress.way = tuple(one.state for one in way)
        self.progress.kept = sum(doubt >= 1 for doubt in point.doubt.values())
        if self._watch is not None:
            self._watch(self.progress)

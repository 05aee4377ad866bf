"""Measure an LLM judge on cases whose verdicts are known: whether it accepts good answers and rejects bad ones.

A case holds a bad answer and a good one, and says what an answer must be. The judge is told the criterion in words and
asked about each answer; what it says is held against the verdict that the case proves.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

from ctxdebug.cases.expectation import content, evaluate, leaves
from ctxdebug.cases.observation import Observation
from ctxdebug.engine.intervals import Interval, wilson
from ctxdebug.errors import UsageError
from ctxdebug.evals.criteria import criterion
from ctxdebug.evals.rubric_judge import QUESTION, rubric_passages
from ctxdebug.evals.statistics import lower_bound, upper_bound
from ctxdebug.files import read_regular, write_whole
from ctxdebug.records import field, record

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from ctxdebug.analysis.judge import Judge
    from ctxdebug.cases.store import StoredCase

LEAST = 0.8
"""The agreement that a judge must prove to be believed by a gate: wrong in one of five is no better than a first look."""
_FILE = "judges.json"


@record(frozen=True, slots=True)
class KnownVerdict:
    """One answer whose verdict is known, and the criterion in words."""

    case: str
    kind: str
    """The rule whose finding the case was frozen for, or the expectation's word."""
    criterion: str
    answer: str
    meets: bool


@record(frozen=True, slots=True)
class Agreement:
    """How often the judge said what is known. A reply that cannot be used agrees with nothing."""

    agreed: int = 0
    asked: int = 0
    unusable: int = 0

    def plus(self, said: bool | None, known: bool) -> Agreement:
        """Return this with one more answer."""
        return Agreement(self.agreed + (said is known), self.asked + 1, self.unusable + (said is None))

    @property
    def interval(self) -> Interval:
        """Wilson's interval of the rate, at 95 %."""
        return wilson(self.agreed, self.asked)


@record(slots=True)
class JudgeCheck:
    """What a judge said of the known verdicts, over all, by what is known, and by kind."""

    model: str
    total: Agreement = field(default_factory=Agreement)
    by_verdict: dict[bool, Agreement] = field(default_factory=dict)
    by_kind: dict[str, Agreement] = field(default_factory=dict)
    wrong: list[tuple[KnownVerdict, str]] = field(default_factory=list)

    @property
    def believed(self) -> bool | None:
        """Whether the judge proved `LEAST`; None where too few verdicts are known to tell."""
        if not self.total.asked:
            return None
        sides = [(side.agreed, side.asked) for side in self.by_verdict.values()]
        if any(upper_bound(agreed, asked) < LEAST for agreed, asked in [(self.total.agreed, self.total.asked), *sides]):
            return False
        return True if lower_bound(self.total.agreed, self.total.asked) >= LEAST else None


def known_verdicts(cases: Iterable[StoredCase]) -> Iterator[KnownVerdict]:
    """Yield the answers of the cases that a judge of words can be asked about, with what is known of each."""
    for stored in cases:
        case = stored.case
        said = criterion(case.expect)
        if said is None:
            continue
        kind = case.findings[0].code if case.findings else content(case.expect)[0]
        held = [(case.recorded, case.recorded.passed), (case.good, True), (case.bad, False)]
        for answer, passes in held:
            if answer is None or answer.calls:
                continue
            text = stored.answer(answer)[0]
            known = passes if said.complete else evaluate(said.told, Observation(text)).passed
            if known is not None:
                yield KnownVerdict(case.id, kind, said.words, text, known)


def check_judge(model: str, verdicts: Iterable[KnownVerdict], judge: Judge) -> JudgeCheck:
    """Ask the judge about each answer; raises `EndpointError` where it cannot be asked."""
    found = JudgeCheck(model)
    for known in verdicts:
        judgement = judge(QUESTION, rubric_passages(known.criterion, known.answer))
        found.total = found.total.plus(judgement.answer, known.meets)
        found.by_verdict[known.meets] = found.by_verdict.get(known.meets, Agreement()).plus(
            judgement.answer, known.meets
        )
        found.by_kind[known.kind] = found.by_kind.get(known.kind, Agreement()).plus(judgement.answer, known.meets)
        if judgement.answer is not known.meets:
            found.wrong.append((known, judgement.why))
    return found


@record(frozen=True, slots=True)
class Measured:
    """What is kept of a check beside the cases."""

    agreed: int
    asked: int
    believed: bool


def keep(folder: Path, found: JudgeCheck) -> Path:
    """Write what was measured beside the cases, where a gate looks it up; returns the file."""
    path = folder / _FILE
    held = _read(path)
    held[found.model] = Measured(found.total.agreed, found.total.asked, found.believed is True)
    text = json.dumps({model: asdict(one) for model, one in sorted(held.items())}, indent=2) + "\n"
    write_whole(path, text, folders=True, within=folder)
    return path


def measured(folder: Path, model: str) -> Measured | None:
    """Return what was measured of a model, or None."""
    return _read(folder / _FILE).get(model)


def _read(path: Path) -> dict[str, Measured]:
    try:
        held = json.loads(read_regular(path))
        return {
            str(model): Measured(int(one["agreed"]), int(one["asked"]), one["believed"] is True)
            for model, one in held.items()
        }
    except (UsageError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}


def asks_a_judge(stored: StoredCase) -> bool:
    """Whether a case needs a judge for its verdict."""
    return any(word == "judge" for word, _, _ in leaves(stored.case.expect))

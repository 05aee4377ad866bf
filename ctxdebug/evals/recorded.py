"""Run cases on their stored answers: no network, the same every time; the regression suite of the cases themselves."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from ctxdebug.cases.exchanges import answer_of, case_snapshot, observation
from ctxdebug.cases.expectation import evaluate, leaves
from ctxdebug.cases.lint import lost_findings
from ctxdebug.cases.observation import Observation
from ctxdebug.cases.proof import asked_codes, with_answer
from ctxdebug.errors import LoadError, UsageError
from ctxdebug.evals.trials import CaseResult, Evaluation, Target, Trial
from ctxdebug.text.plural import plural

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ctxdebug.cases.observation import Outcome
    from ctxdebug.cases.store import StoredCase
    from ctxdebug.engine.run import RunOptions
    from ctxdebug.model import Snapshot, ToolCall

_READS_REQUEST = frozenset({"no-finding", "cites"})
"""Words that look at the request too; for all others the stored answer is enough."""


def run_recorded(
    cases: Sequence[StoredCase],
    options: RunOptions,
    judge: Callable[[str, str], Outcome] | None = None,
    watch: Callable[[CaseResult], None] | None = None,
    findings: bool = False,
) -> Evaluation:
    """Judge the stored answers of every case: the bad one must fail, the good one pass.

    With `findings`, the detectors must also find again what the case says that they found; that costs
    some ten milliseconds a case, and is what `ctxdebug case verify` does.
    """
    started = time.monotonic()
    results = []
    for stored in cases:
        result = recorded_result(stored, options, judge, findings)
        results.append(result)
        if watch is not None:
            watch(result)
    explained = sum(bool(stored.case.findings) for stored in cases)
    note = (
        f"the findings of {plural(explained, 'case')} were not repeated; --findings, or ctxdebug case verify, does that"
    )
    notes = (note,) if explained and not findings else ()
    return Evaluation(tuple(results), "recorded", seconds=time.monotonic() - started, notes=notes)


def recorded_result(
    stored: StoredCase,
    options: RunOptions,
    judge: Callable[[str, str], Outcome] | None = None,
    findings: bool = False,
) -> CaseResult:
    """Judge the stored answers of one case."""
    case = stored.case
    request = _Lazy(stored, options)
    wanted = [("recorded", case.recorded, case.recorded.passed), ("good", case.good, True), ("bad", case.bad, False)]
    trials, flaws = [], []
    for index, (which, held, passes) in enumerate(wanted):
        if held is None:
            continue
        try:
            outcome = evaluate(case.expect, request.observed(which, stored.answer(held), judge))
        except LoadError as error:
            flaws.append(f"cannot be read as {case.request.format}: {error.message}")
            break
        except UsageError as error:
            flaws.append(str(error))
            break
        trials.append(Trial(case.id, index, outcome, stored.answer(held)[0]))
        if outcome.passed is not None and outcome.passed is not passes:
            flaws.append(f"the {which} answer {'passes' if outcome.passed else 'fails'}: {outcome.reason}")
    if findings and not flaws:
        flaws += request.lost_findings()
    return CaseResult(case.id, case.title, target_of(stored), tuple(trials), flaws=tuple(flaws), recorded=True)


def target_of(stored: StoredCase) -> Target:
    """Return what the live runs of a case must prove."""
    runs = stored.case.runs
    return Target(runs.pass_rate, runs.confidence, runs.max)


class _Lazy:
    """The case's snapshot, read only when an expectation or a finding needs it."""

    def __init__(self, stored: StoredCase, options: RunOptions) -> None:
        self._stored = stored
        self._options = options
        self._snapshot: Snapshot | None = None

    @property
    def snapshot(self) -> Snapshot:
        if self._snapshot is None:
            self._snapshot = case_snapshot(self._stored, self._options)
        return self._snapshot

    def observed(
        self, which: str, answer: tuple[str, tuple[ToolCall, ...]], judge: Callable[[str, str], Outcome] | None
    ) -> Observation:
        expectation = self._stored.case.expect
        if not _READS_REQUEST & {word for word, _, _ in leaves(expectation)}:
            return Observation(answer[0], answer[1], judge=judge)
        answered = (
            self.snapshot
            if which == "recorded" and self._stored.case.recorded.response
            else with_answer(self.snapshot, *answer)
        )
        if which == "recorded":
            answer = answer_of(answered)
        return observation(answered, self._options, answer, judge, asked_codes(expectation))

    def lost_findings(self) -> list[str]:
        return lost_findings(self._stored, self.snapshot, self._options)

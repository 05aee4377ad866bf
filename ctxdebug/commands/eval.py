"""What `eval` does: find the cases, judge stored answers or ask an endpoint, compare, report."""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ctxdebug.commands.eval_progress import EvalProgress
from ctxdebug.commands.stages import Stages
from ctxdebug.errors import UsageError
from ctxdebug.records import record, replace
from ctxdebug.redaction.output import for_output, hide_secrets_of
from ctxdebug.text.nearest import choices
from ctxdebug.text.plural import plural
from ctxdebug.text.printable import clean_line

if TYPE_CHECKING:
    from collections.abc import Callable

    from ctxdebug.cases.observation import Outcome
    from ctxdebug.cases.store import StoredCase
    from ctxdebug.commands.run_options import RunCall
    from ctxdebug.engine.run import RunOptions
    from ctxdebug.evals.comparison import Comparison
    from ctxdebug.evals.endpoint import Endpoint
    from ctxdebug.evals.judge_bill import JudgeBill
    from ctxdebug.evals.live_options import LiveOptions
    from ctxdebug.evals.recording import Recording
    from ctxdebug.evals.trials import Evaluation


_COMPARED_RUNS = 10
"""Runs of each case on each side of a comparison; stopping early would bias it."""


@record(frozen=True, slots=True)
class EvalCall:
    """One call of `eval`."""

    paths: tuple[str, ...] = ()
    endpoint: str | None = None
    model: str | None = None
    key_env: str | None = None
    repeat: int | None = None
    stop: str | None = None
    pass_rate: float | None = None
    budget: str | None = None
    concurrency: int = 8
    rate: float | None = None
    timeout: float = 120.0
    retries: int = 4
    stream: bool = False
    judge: str | None = None
    recorded: str | None = None
    resume: str | None = None
    run_name: str | None = None
    against: str | None = None
    ab_check: bool = False
    allow_undecided: bool = False
    formats: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()
    quiet: bool = False
    findings: bool = False


def evaluate_cases(request: EvalCall, call: RunCall) -> int:
    """Evaluate and report; returns the exit code."""
    from ctxdebug.cases.lint import loaded
    from ctxdebug.commands.case import case_paths
    from ctxdebug.commands.run_options import run_options

    _refuse_contradictions(request)
    config = call.config()
    cases, flaws = loaded(case_paths(list(request.paths), config))
    if request.against and request.endpoint and request.repeat is None:
        request = replace(request, repeat=_COMPARED_RUNS)
    cases = [_retargeted(stored, request.pass_rate) for stored in cases]
    session = _Session(request, cases, run_options(config, call), config.cases)
    comparison = None
    if request.against is not None:
        baseline = session.baseline(request.against)
        candidate = session.candidate()
        comparison = _compared(baseline, candidate)
    else:
        candidate = session.candidate()
    found = replace(candidate, unreadable=tuple(f"{flaw.path}: {flaw.message}" for flaw in flaws))
    _deliver(found, comparison, request)
    code = found.exit_code()
    if comparison is not None and code in (0, 1, 4):
        code = comparison.exit_code()
    return 0 if code == 4 and request.allow_undecided else code


def _refuse_contradictions(request: EvalCall) -> None:
    from ctxdebug.evals.reports import EVAL_FORMATS

    if request.stop not in (None, "auto"):
        raise UsageError(f"--stop takes auto, not {request.stop!r}")
    if request.stop and request.repeat:
        raise UsageError("--repeat and --stop auto exclude each other")
    if request.recorded and (request.endpoint or request.resume):
        raise UsageError("--recorded asks nobody; leave out --endpoint and --resume")
    if request.against and not (request.endpoint or request.recorded):
        raise UsageError("--against compares live runs: give --endpoint, or --recorded RUN")
    if request.against and request.stop:
        raise UsageError("a comparison needs the same number of runs on both sides: give --repeat")
    if request.ab_check and not (request.against and request.endpoint):
        raise UsageError("--ab-check needs --endpoint and --against MODEL")
    if request.resume and not request.endpoint:
        raise UsageError("--resume needs --endpoint")
    for name in request.formats:
        if name not in EVAL_FORMATS.all():
            raise UsageError(f"unknown format {name!r}; {choices(name, EVAL_FORMATS.all())}")


def _retargeted(stored: StoredCase, rate: float | None) -> StoredCase:
    if rate is None:
        return stored
    import msgspec

    runs = msgspec.structs.replace(stored.case.runs, pass_rate=rate)
    return replace(stored, case=msgspec.structs.replace(stored.case, runs=runs))


class _Session:
    """The runs of one call, which share the endpoint, the budget and the cases."""

    def __init__(self, request: EvalCall, cases: list[StoredCase], run: RunOptions, folder_of_cases: str) -> None:
        from ctxdebug.evals import RUNS

        self.request = request
        self.cases = cases
        self.run = run
        self.folder = RUNS
        self.folder_of_cases = folder_of_cases
        self.stop = threading.Event()
        from ctxdebug.commands.eval_budget import DEFAULT_CALLS, DEFAULT_USD, budget_of

        given = budget_of(request.budget)
        if given.tokens is not None:
            raise UsageError("eval counts calls and money; --budget takes no tokens here")
        sides = 1 + bool(request.against) + request.ab_check
        self.own_calls, self.own_money = given.calls is None, given.money is None
        self.calls = given.calls or max(DEFAULT_CALLS, (request.repeat or 0) * len(cases) * sides)
        self.money = DEFAULT_USD if given.money is None else given.money
        self.spent = 0
        self.cost = 0.0

    def candidate(self) -> Evaluation:
        """Evaluate what the call asks for."""
        request = self.request
        if request.recorded is not None:
            return self._replay(request.recorded)
        if request.endpoint is None:
            from ctxdebug.evals.recorded import run_recorded

            with Stages("no report was written") as stages:
                stages.begin(f"judging the stored answers of {plural(len(self.cases), 'case')}")
                return run_recorded(self.cases, self.run, findings=request.findings)
        return self._live(request.model, request.run_name, request.resume)

    def baseline(self, against: str) -> Evaluation:
        """Evaluate the other side: an earlier run, or another model at the same endpoint."""
        from ctxdebug.evals.recording import is_recording

        if is_recording(self.folder, against) or Path(against, "run.json").is_file():
            return self._replay(against)
        if self.request.endpoint is None:
            raise UsageError(f"there is no recorded run {against!r}")
        first = self._live(against, None, None)
        if self.request.ab_check:
            from ctxdebug.evals.comparison import compare

            again = compare(first, self._live(against, None, None))
            said = "would have fired without any change" if again.fires else "stays silent on the baseline itself"
            _say(f"A/A check: the canary {said} (p = {again.p:.3g}, {again.worse} worse, {again.better} better)")
        return first

    def _replay(self, name: str) -> Evaluation:
        from ctxdebug.evals.live import LiveRun
        from ctxdebug.evals.live_options import LiveOptions
        from ctxdebug.evals.recording import open_recording

        recording = open_recording(self.folder, name)
        about = recording.about
        options = LiveOptions(model=about.get("override") or None, repeat=about.get("repeat"))
        return LiveRun(self.cases, options, self.run, recording, None).evaluate()

    def _live(self, model: str | None, name: str | None, resume: str | None) -> Evaluation:
        from ctxdebug.evals.live import LiveRun

        endpoint = self._endpoint()
        try:
            options = self._options(
                model, endpoint
            )  # before there is a recording, which what it refuses would leave behind
            recording = self._recording(endpoint, model, name, resume)
            live = LiveRun(self.cases, options, self.run, recording, endpoint, self.stop)
            progress = EvalProgress(live.planned(), self.request.quiet)
            found = live.evaluate(progress.show)
            progress.clear()
        finally:
            endpoint.close()
        self.spent += endpoint.sent
        self.cost += found.cost or 0.0
        return found

    def _endpoint(self) -> Endpoint:
        from ctxdebug.evals.dialects import address, key_for
        from ctxdebug.evals.endpoint import Endpoint, Patience

        assert self.request.endpoint is not None
        formats = {stored.case.request.format for stored in self.cases}
        place = address(self.request.endpoint, formats.pop() if len(formats) == 1 else None)
        if self.request.stream and not place.dialect.streams:
            raise UsageError(f"--stream is not supported for {place.dialect.format}")
        patience = Patience(timeout=self.request.timeout, retries=self.request.retries)
        key = key_for(place, os.environ, self.request.key_env)
        return Endpoint(place, key, patience, self.request.rate, self.stop, max(0, self.calls - self.spent))

    def _recording(self, endpoint: Endpoint, model: str | None, name: str | None, resume: str | None) -> Recording:
        from ctxdebug.evals.recording import new_recording, open_recording

        about: dict[str, Any] = {
            "version": 1, "model": model or _models(self.cases), "override": model, "endpoint": _public(endpoint.place.url),
            "format": endpoint.place.dialect.format, "repeat": self.request.repeat, "stream": self.request.stream,
        }  # fmt: skip
        if resume is None:
            return new_recording(self.folder, about, name)
        recording = open_recording(self.folder, resume)
        for key in ("override", "endpoint", "format"):
            if recording.about.get(key) != about[key]:
                raise UsageError(
                    f"the run {resume} has another {'model' if key == 'override' else key}: {recording.about.get(key)}"
                )
        recording.hold()
        return recording

    def _options(self, model: str | None, endpoint: Endpoint) -> LiveOptions:
        from ctxdebug.commands.eval_budget import known_prices
        from ctxdebug.evals.live_options import LiveOptions

        prices = known_prices(model or _models(self.cases), self.run, needed=not self.own_money)
        judge: Callable[[str, str], Outcome] | None = None
        bill: JudgeBill | None = None
        if self.request.judge:
            from ctxdebug.commands.llm_judge import believed
            from ctxdebug.evals.judge_bill import JudgeBill
            from ctxdebug.evals.rubric_judge import judge_by

            bill = JudgeBill(self.request.judge, known_prices(self.request.judge, self.run, needed=not self.own_money))
            judge = believed(judge_by(endpoint, self.request.judge, bill), self.request.judge, self.folder_of_cases)
        return LiveOptions(
            model, self.request.repeat, self.request.concurrency, self.request.stream,
            max(0, self.calls - self.spent), None if prices is None else max(0.0, self.money - self.cost),
            self.own_calls, prices, judge, bill,
        )  # fmt: skip


def _compared(baseline: Evaluation, candidate: Evaluation) -> Comparison:
    from ctxdebug.evals.comparison import compare

    return compare(baseline, candidate)


def _models(cases: list[StoredCase]) -> str:
    names = {str(stored.case.request.body.get("model") or stored.case.request.model) for stored in cases}
    return names.pop() if len(names) == 1 else ""


def _public(url: str) -> str:
    return url.split("?", maxsplit=1)[0]


def _deliver(found: Evaluation, comparison: Comparison | None, request: EvalCall) -> None:
    from ctxdebug.commands.delivery import deliver, matched
    from ctxdebug.evals.reports import EVAL_FORMATS

    known = EVAL_FORMATS.all()
    hide_secrets_of([[(trial.answer, trial.outcome.reason) for trial in result.trials] for result in found.results])
    chosen = matched(request.formats, request.outputs, tuple(known))
    deliver([known[name].render(found, comparison) for name in chosen.formats], chosen.outputs, chosen.formats)


def _say(text: str) -> None:
    sys.stdout.write(for_output(clean_line(text)) + "\n")

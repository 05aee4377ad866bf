"""What `gate` does: check, evaluate the recorded cases, judge, and tell."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ctxdebug.api.options import settlement
from ctxdebug.commands.captured_secrets import learning
from ctxdebug.commands.case import case_paths
from ctxdebug.commands.check import confidence, level
from ctxdebug.commands.delivery import Choice, choice, deliver
from ctxdebug.commands.llm_judge import advisory, believed, finish
from ctxdebug.commands.progress import Progress
from ctxdebug.commands.stages import Stages
from ctxdebug.commands.terminal import notice, write
from ctxdebug.engine.report import Examined, Report
from ctxdebug.engine.run import RunOptions, run
from ctxdebug.gate import tables
from ctxdebug.gate.limits import Meter
from ctxdebug.gate.verdict import Evidence, GateVerdict, MeasuredJudge, judge
from ctxdebug.loading.walk import captures
from ctxdebug.model import Problem
from ctxdebug.records import record
from ctxdebug.reports import REPORT_FORMATS
from ctxdebug.text.plural import plural

if TYPE_CHECKING:
    from collections.abc import Callable

    from ctxdebug.cases.observation import Outcome
    from ctxdebug.config import Config


@record(frozen=True, slots=True)
class GateCall:
    """One call of `gate`."""

    paths: tuple[str, ...]
    cases: tuple[str, ...]
    formats: tuple[str, ...]
    outputs: tuple[str, ...]
    fail_on: str
    baseline: str | None
    quiet: bool


def run_gate(request: GateCall, options: RunOptions, config: Config) -> int:
    """Judge and tell; returns the exit code."""
    chosen = choice(request.formats, request.outputs)
    if chosen.said and not request.quiet:
        notice(chosen.said)
    evidence = _examined(request, options, config, chosen)
    verdict = judge(config.gate, evidence)
    rendered = [_render(name, verdict, evidence.report) for name in chosen.formats]
    deliver(rendered, chosen.outputs, chosen.formats)
    shown = chosen.formats[len(chosen.outputs) :]
    if not any(name in {"text", "json", "markdown"} for name in shown):
        write(f"gate: {verdict.word}\n" if request.quiet else tables.text(verdict))
    return verdict.exit_code


def _examined(request: GateCall, options: RunOptions, config: Config, chosen: Choice) -> Evidence:
    settled, meter = (
        settlement(config, options, config.baseline if request.baseline is None else request.baseline),
        Meter(config.gate),
    )
    fail_on, least = level(request.fail_on), confidence(config.gate.confidence)
    progress = Progress(lambda: sum(1 for _ in captures(request.paths, config.exclude)), wanted=not request.quiet)

    keep = any(REPORT_FORMATS.all()[name].needs_exchanges for name in chosen.formats)
    learn = learning(progress, whole=keep)

    def watch(result: Examined | Problem) -> None:
        meter(result)
        learn(result)

    with progress:
        report = run(
            request.paths,
            options,
            keep=keep,
            watch=watch,
            exclude=config.exclude,
            agreements=settled,
            opened=progress,
        )
    report.fail_on, report.least = fail_on, least
    report.advisory = advisory(options, config.cases)
    evidence = Evidence(report, meter, llm_judge=_measured(options, config))
    try:
        return _with_cases(evidence, request, options, config)
    finally:
        finish(options.analysis.judge)


def _measured(options: RunOptions, config: Config) -> MeasuredJudge | None:
    """Return the LLM judge of the options, with what `case judge-check` kept of it."""
    from ctxdebug.evals.asked_judge import AskedJudge

    judge = options.analysis.judge
    if not isinstance(judge, AskedJudge):
        return None
    from ctxdebug.evals.judge_check import measured

    found = measured(Path(config.cases), judge.model)
    if found is None:
        return MeasuredJudge(judge.model)
    return MeasuredJudge(judge.model, found.agreed, found.asked, found.believed)


def _of_rubrics(options: RunOptions, config: Config) -> Callable[[str, str], Outcome] | None:
    """Return the LLM judge of the options as one that decides the rubrics of cases."""
    from ctxdebug.evals.asked_judge import AskedJudge

    judge = options.analysis.judge
    if not isinstance(judge, AskedJudge):
        return None
    from ctxdebug.evals.rubric_judge import judge_with

    return believed(judge_with(judge), judge.model, config.cases, say=False)


def _with_cases(evidence: Evidence, request: GateCall, options: RunOptions, config: Config) -> Evidence:
    """Return the evidence with the recorded eval of the cases that are named, or of the configuration's where they exist."""
    from ctxdebug.records import replace

    folders = [Path(path) for path in request.cases or (config.cases,)]
    if not request.cases and not folders[0].exists():
        return evidence
    from ctxdebug.cases.lint import loaded
    from ctxdebug.cases.store import find_cases
    from ctxdebug.evals.recorded import run_recorded

    with Stages("no verdict was given") as stages:
        stages.done(f"{plural(evidence.report.exchanges, 'exchange')} examined")
        cases, flaws = loaded(case_paths(list(request.cases), config) if request.cases else find_cases(folders))
        stages.begin(f"running {plural(len(cases), 'recorded case')}")
        evaluation = run_recorded(cases, options, _of_rubrics(options, config))
    unread = tuple(f"{flaw.path}: {flaw.message}" for flaw in flaws)
    return replace(evidence, cases=tuple(cases), evaluation=replace(evaluation, unreadable=unread))


def _render(name: str, verdict: GateVerdict, report: Report) -> str:
    body = REPORT_FORMATS.all()[name].render(report)
    if name == "text":
        return f"{body}\n{tables.text(verdict)}"
    if name == "markdown":
        return tables.markdown(verdict) + body
    if name == "json":
        import json

        from ctxdebug.reports.json_text import json_object

        return json_object({**tables.values(verdict), "report": json.loads(body)})
    return body

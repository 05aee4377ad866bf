"""What the commands say of an LLM judge: what it will be asked, what became of it, and whether a gate believes it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ctxdebug.commands.terminal import notice
from ctxdebug.model import Need
from ctxdebug.records import replace
from ctxdebug.rules import catalogue

if TYPE_CHECKING:
    from collections.abc import Callable

    from ctxdebug.analysis.judge import Judge
    from ctxdebug.cases.observation import Outcome
    from ctxdebug.engine.report import Examined
    from ctxdebug.engine.run import RunOptions
    from ctxdebug.gate.settlement import Settlement


def without_judge(options: RunOptions) -> RunOptions:
    """Return the options of a run that asks no judge."""
    return with_judge(options, None)


def with_judge(options: RunOptions, judge: Judge | None) -> RunOptions:
    """Return the options of a run that asks this judge."""
    return replace(options, analysis=replace(options.analysis, judge=judge))


def judged(chosen: Examined, options: RunOptions, settled: Settlement | None, *, quiet: bool) -> Examined:
    """Ask the judge of the options about one exchange; say before what it will be asked, and after what came of it."""
    from ctxdebug.engine.run import Engine
    from ctxdebug.evals.asked_judge import AskedJudge, DryJudge

    judge = options.analysis.judge
    if judge is None:
        return chosen
    if isinstance(judge, AskedJudge) and not quiet:
        dry = DryJudge(judge)
        Engine(with_judge(options, dry)).again(chosen)
        known = f", {dry.known} more answered from the recording" if dry.known else ""
        if dry.questions:
            call = "call" if dry.questions == 1 else "calls"
            notice(f"--judge: {dry.questions} {call} to {judge.model}, about {dry.tokens:,} tokens{known}")
        else:
            notice(f"--judge: nothing to ask {judge.model} about this exchange{known}")
    again = Engine(options).again(chosen)
    finish(judge)
    return again if settled is None else settled(again)


def finish(judge: Judge | None) -> None:
    """Say how many questions a judge was asked and how many replies could not be used, and close its connections."""
    from ctxdebug.evals.asked_judge import AskedJudge

    if isinstance(judge, AskedJudge):
        judge.close()
        if line := judge.tally.line(judge.model):
            notice(line)


def advisory(options: RunOptions, cases: str) -> frozenset[str]:
    """Return the rules whose findings fail nothing, because `case judge-check` found that their judge is often wrong."""
    from ctxdebug.evals.asked_judge import AskedJudge
    from ctxdebug.evals.judge_check import measured

    judge = options.analysis.judge
    if not isinstance(judge, AskedJudge):
        return frozenset()
    found = measured(Path(cases), judge.model)
    if found is None:
        notice(f"the LLM judge {judge.model} was not measured on cases with known verdicts: ctxdebug case judge-check")
        return frozenset()
    if found.believed:
        return frozenset()
    notice(
        f"the LLM judge {judge.model} agreed with {found.agreed} of {found.asked} known verdicts: its findings are shown and fail nothing"
    )
    return frozenset(code for code, rule in catalogue(options.own_rules).items() if Need.JUDGE in rule.needs)


def believed(
    judge: Callable[[str, str], Outcome], model: str, cases: str, *, say: bool = True
) -> Callable[[str, str], Outcome]:
    """Return the judge of rubrics, or one that decides nothing where `case judge-check` found that it is often wrong.

    Unless `say` is false, a judge that was never measured is said.
    """
    from ctxdebug.cases.observation import Outcome
    from ctxdebug.evals.judge_check import measured

    found = measured(Path(cases), model)
    if found is None:
        if say:
            notice(f"the LLM judge {model} was not measured on cases with known verdicts: ctxdebug case judge-check")
        return judge
    if found.believed:
        return judge
    reason = f"the LLM judge {model} is not believed: it agreed with {found.agreed} of {found.asked} known verdicts"
    return lambda *_: Outcome(None, reason)

"""What `case judge-check` does: ask an LLM judge about answers whose verdict is known, and say how far to believe it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ctxdebug.commands.llm_judge import finish
from ctxdebug.commands.stages import Stages
from ctxdebug.commands.terminal import say
from ctxdebug.errors import UsageError

if TYPE_CHECKING:
    from ctxdebug.config import Config
    from ctxdebug.evals.asked_judge import AskedJudge
    from ctxdebug.evals.judge_check import Agreement, JudgeCheck

_MOST_SHOWN = 10


def check_judge_on_cases(paths: list[str] | None, judge: AskedJudge, config: Config) -> int:
    """Measure, report and keep; 0 believed, 1 not, 2 a case cannot be read, 4 too few known verdicts to tell."""
    from ctxdebug.cases.lint import loaded
    from ctxdebug.commands.case import case_paths
    from ctxdebug.evals.judge_check import check_judge, keep, known_verdicts

    cases, flaws = loaded(case_paths(paths, config))
    verdicts = list(known_verdicts(cases))
    if not verdicts:
        raise UsageError("no case says in words what an answer must be, so no judge can be asked about one")
    with Stages("nothing was measured") as stages:
        found = check_judge(judge.model, stages.each("asking about", verdicts, lambda known: known.case), judge)
    for line in _lines(found):
        say(line)
    finish(judge)
    for flaw in flaws:
        say(f"{flaw.path}: {flaw.message}")
    say(f"kept in {keep(Path(config.cases), found)}; --judge with --fail-on, and eval --judge, look it up there")
    if flaws:
        return 2
    return {True: 0, False: 1, None: 4}[found.believed]


def _lines(found: JudgeCheck) -> list[str]:
    from ctxdebug.evals.judge_check import LEAST
    from ctxdebug.evals.statistics import lower_bound

    lines = [f"LLM judge {found.model} against {found.total.asked} known verdicts"]
    lines.append(f"  agrees               {_rate(found.total)}")
    for meets, words in ((True, "accepts good answers"), (False, "rejects bad answers")):
        if meets in found.by_verdict:
            lines.append(f"  {words:<20} {_rate(found.by_verdict[meets])}")
    for kind, agreement in sorted(found.by_kind.items()):
        lines.append(f"  {kind:<20} {_rate(agreement)}")
    for known, why in found.wrong[:_MOST_SHOWN]:
        lines.append(f"  wrong  {known.case}: {'good' if known.meets else 'bad'} answer, and the judge says: {why}")
    if len(found.wrong) > _MOST_SHOWN:
        lines.append(f"  {len(found.wrong) - _MOST_SHOWN} more wrong")
    proven = lower_bound(found.total.agreed, found.total.asked) * 100
    said = {
        True: f"believed: it agrees with more than {proven:.0f} % (at 95 %), and {LEAST * 100:.0f} % is asked for",
        False: f"not believed by a gate: fewer than {LEAST * 100:.0f} % agree",
        None: f"undecided: more than {proven:.0f} % is proven (at 95 %), and {LEAST * 100:.0f} % is asked for; more cases are needed",
    }
    return [*lines, said[found.believed]]


def _rate(agreement: Agreement) -> str:
    interval = agreement.interval
    unusable = f" · {agreement.unusable} not usable" if agreement.unusable else ""
    return f"{agreement.agreed}/{agreement.asked}  {interval.low * 100:.0f}–{interval.high * 100:.0f} %{unusable}"

"""What `check` does: examine, report as the findings come or at the end, and say the exit code."""

from __future__ import annotations

import sys
from dataclasses import dataclass

from ctxdebug.config import Config
from ctxdebug.engine import Examined, Report, RunOptions, run
from ctxdebug.errors import UsageError
from ctxdebug.model import Problem, Severity
from ctxdebug.reports import FORMATS
from ctxdebug.reports.lines import finding_line, not_checked_lines, problem_line
from ctxdebug.reports.summary import summary

_LEVELS = {**{severity.word: severity for severity in Severity}, "never": None}


@dataclass(frozen=True, slots=True)
class Request:
    """One call of `check`."""

    paths: tuple[str, ...]
    formats: tuple[str, ...]
    outputs: tuple[str, ...]
    fail_on: str
    quiet: bool
    verbose: bool


def level(word: str) -> Severity | None:
    """The severity that a word means; None for `never`; raises `UsageError` on any other word."""
    if word not in _LEVELS:
        raise UsageError(f"--fail-on takes {', '.join(_LEVELS)}, not {word!r}")
    return _LEVELS[word]


def check_paths(request: Request, options: RunOptions, config: Config) -> int:
    """Examine and report; returns the exit code."""
    from ctxdebug.cli.output import deliver

    gate = level(request.fail_on)
    formats = [FORMATS.all()[name] for name in request.formats or ("text",)]
    streaming = [form.name for form in formats] == ["text"] and not request.outputs
    report = run(
        request.paths,
        options,
        keep=any(form.needs_exchanges for form in formats),
        watch=_print if streaming else None,
        exclude=config.exclude,
    )
    if streaming:
        _finish(report, request)
    else:
        deliver([form.render(report) for form in formats], request.outputs)
    return exit_code(report, gate)


def exit_code(report: Report, gate: Severity | None) -> int:
    """2 when something was not read, else 1 when a finding reaches the gate, else 0."""
    if report.unreadable:
        return 2
    return int(gate is not None and any(finding.severity >= gate for finding in report.findings))


def _print(result: Examined | Problem) -> None:
    if isinstance(result, Problem):
        sys.stdout.write(problem_line(result) + "\n")
        return
    for finding in result.findings:
        sys.stdout.write(finding_line(finding) + "\n")
    for problem in result.problems:
        sys.stdout.write(problem_line(problem) + "\n")


def _finish(report: Report, request: Request) -> None:
    lines = not_checked_lines(report) if request.verbose else []
    if not request.quiet:
        if lines or report.findings or report.problems:
            lines.append("")
        lines.append(summary(report))
    if lines:
        sys.stdout.write("\n".join(lines) + "\n")

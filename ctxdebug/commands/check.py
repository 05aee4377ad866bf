"""What `check` does: examine, report as the findings come or at the end, and say the exit code."""

from __future__ import annotations

import sys
from dataclasses import dataclass

from ctxdebug.commands.delivery import choice
from ctxdebug.commands.progress import Progress
from ctxdebug.config import Config
from ctxdebug.engine.report import Examined, Report
from ctxdebug.engine.run import RunOptions, run
from ctxdebug.errors import UsageError
from ctxdebug.gate.agreements import Agreements
from ctxdebug.gate.baseline import FILE, Known, read_baseline, renewed, update
from ctxdebug.gate.settlement import Settlement
from ctxdebug.loading.walk import captures
from ctxdebug.model import Confidence, Problem, Severity
from ctxdebug.reports import REPORT_FORMATS
from ctxdebug.reports.lines import finding_line, not_checked_lines, problem_line
from ctxdebug.reports.summary import plural, summary
from ctxdebug.text.printable import clean_line

_LEVELS = {**{severity.word: severity for severity in Severity}, "never": None}
_CONFIDENCES = {confidence.word: confidence for confidence in Confidence}


@dataclass(frozen=True, slots=True)
class CheckCall:
    """One call of `check`."""

    paths: tuple[str, ...]
    formats: tuple[str, ...]
    outputs: tuple[str, ...]
    fail_on: str
    quiet: bool
    verbose: bool
    baseline: str | None = None
    write_baseline: bool = False


def level(word: str) -> Severity | None:
    """The severity that a word means; None for `never`; raises `UsageError` on any other word."""
    if word not in _LEVELS:
        raise UsageError(f"--fail-on takes {', '.join(_LEVELS)}, not {word!r}")
    return _LEVELS[word]


def confidence(word: str) -> Confidence:
    """The confidence that a word means; raises `UsageError` on any other word."""
    if word not in _CONFIDENCES:
        raise UsageError(f"gate.confidence takes {', '.join(_CONFIDENCES)}, not {word!r}")
    return _CONFIDENCES[word]


def settlement(config: Config, baseline: str | None) -> Settlement:
    """The configuration's agreements, and a baseline where there is one."""
    agreements = Agreements(config.ignores, config.severities, config.path or "the configuration")
    return Settlement(agreements, Known(read_baseline(baseline)) if baseline is not None else None)


def check_paths(request: CheckCall, options: RunOptions, config: Config) -> int:
    """Examine and report; returns the exit code."""
    from ctxdebug.commands.delivery import deliver

    fail_on, least = level(request.fail_on), confidence(config.gate.confidence)
    if request.write_baseline:
        return _write_baseline(request, options, config)
    chosen = choice(request.formats, request.outputs)
    if chosen.said and not request.quiet:
        sys.stderr.write(f"ctxdebug: {chosen.said}\n")
    streaming = list(chosen.formats) == ["text"] and not chosen.outputs
    formats = [] if streaming else [REPORT_FORMATS.all()[name] for name in chosen.formats]
    settled = settlement(config, request.baseline or config.baseline)
    progress = Progress(lambda: sum(1 for _ in captures(list(request.paths), config.exclude)), wanted=not request.quiet)
    report = run(
        request.paths,
        options,
        keep=any(form.needs_exchanges for form in formats),
        watch=_Printer(progress) if streaming else None,
        exclude=config.exclude,
        agreements=settled,
        opened=progress,
    )
    progress.clear()
    report.fail_on, report.least = fail_on, least
    if streaming:
        _finish(report, request)
    else:
        deliver([form.render(report) for form in formats], chosen.outputs, chosen.formats)
    return exit_code(report)


def exit_code(report: Report) -> int:
    """2 when something was not read, else 1 when a finding reaches the gate, else 0."""
    return 2 if report.unreadable else int(bool(report.failing))


def _write_baseline(request: CheckCall, options: RunOptions, config: Config) -> int:
    """Take what is found as known; 2 when something was not read, for then not all of it is."""
    path = request.baseline or config.baseline or FILE
    settled = settlement(config, None)
    report = run(request.paths, options, exclude=config.exclude, agreements=settled)
    for problem in report.unreadable:
        sys.stdout.write(problem_line(problem) + "\n")
    before, after = update(path, lambda old: renewed(old, report))
    added = sum((after.entries[key].count for key in after.entries.keys() - before.entries.keys()), 0)
    removed = sum((before.entries[key].count for key in before.entries.keys() - after.entries.keys()), 0)
    if not request.quiet:
        how = "" if config.baseline or request.baseline else f'; set baseline = "{FILE}" in the configuration to use it'
        sys.stdout.write(
            clean_line(f"{path}: {plural(after.count, 'known finding')} (+{added} -{removed}){how}") + "\n"
        )
    return 2 if report.unreadable else 0


class _Printer:
    """Prints what is found as it is found."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress

    def __call__(self, result: Examined | Problem) -> None:
        if isinstance(result, Problem):
            lines = [problem_line(result)]
        else:
            lines = [finding_line(finding) for finding in result.findings] + [
                problem_line(problem) for problem in result.problems
            ]
        if lines:
            self._progress.clear()
            sys.stdout.write("\n".join(lines) + "\n")


def _finish(report: Report, request: CheckCall) -> None:
    lines: list[str] = []
    if request.verbose:
        lines += not_checked_lines(report) + [clean_line(f"gone from the baseline: {line}") for line in report.gone]
        lines += [
            clean_line(f"ignored: {plural(count, 'finding')}: {reason}") for reason, count in report.ignored.items()
        ]
    if not request.quiet:
        if lines or report.findings or report.problems:
            lines.append("")
        lines.append(summary(report))
    if lines:
        sys.stdout.write("\n".join(lines) + "\n")

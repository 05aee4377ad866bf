"""What `report` does: show what a scan's tables say, compare two scans, hold rates to thresholds, freeze a sample."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from ctxdebug.commands.terminal import terminal_width, write
from ctxdebug.errors import UsageError
from ctxdebug.files import write_whole
from ctxdebug.records import record
from ctxdebug.redaction.output import for_output

if TYPE_CHECKING:
    from ctxdebug.config import Config
    from ctxdebug.engine.run import RunOptions


@record(frozen=True, slots=True)
class ReportCall:
    """One call of `report`."""

    findings: str
    html: str | None
    baseline: str | None
    since: str | None
    max_rates: tuple[str, ...]
    fail_on_worse: bool
    freeze_sample: int
    survey: int
    """Exchanges that the cases are held against; 0 for none."""
    cases: str
    quiet: bool


def report_on(request: ReportCall, options: RunOptions, config: Config) -> int:
    """Report, and return the exit code: 1 where a threshold does not hold, else 0."""
    from ctxdebug.lake import need

    need("pyarrow", "duckdb", what="ctxdebug report")
    from ctxdebug.lake.drift import drift
    from ctxdebug.lake.figures import figures
    from ctxdebug.lake.gate import exceeded, thresholds
    from ctxdebug.rules import catalogue

    limits = thresholds(request.max_rates, catalogue(options.own_rules))
    if request.fail_on_worse and request.baseline is None:
        raise UsageError("--fail-on-worse compares with --baseline, which was not given")
    path = Path(request.findings)
    found = figures(path, since=_day(request.since))
    changed = None if request.baseline is None else drift(found, path, Path(request.baseline))
    surveyed = None
    if request.survey:
        from ctxdebug.commands.survey_traffic import survey_traffic

        scans = [path] if request.baseline is None else [Path(request.baseline), path]
        surveyed = survey_traffic(scans, request.survey, request.cases, options)
    failed = exceeded(found, limits, changed, worse=request.fail_on_worse)
    if request.html is not None:
        from ctxdebug.lake.page import page

        write_whole(request.html, for_output(page(found, changed, failed, surveyed)))
    if not request.quiet:
        from ctxdebug.lake.screen import screen

        write(screen(found, changed, failed, terminal_width(), surveyed))
    if request.freeze_sample:
        from ctxdebug.commands.freeze_sample import freeze_sample

        freeze_sample(path, request.freeze_sample, request.cases, options, config.redact.named())
    return int(bool(failed))


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"--since {text!r}: give a day, as 2026-11-30") from None

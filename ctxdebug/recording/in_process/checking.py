"""The verdict on a recording, for a test: what `ctxdebug check` says of the file, as an assertion."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ctxdebug.engine.report import Report
    from ctxdebug.engine.run import RunOptions
    from ctxdebug.recording.in_process.active import Recording


def checked(recording: Recording, fail_on: str, options: RunOptions) -> Report:
    """Return the report on a recording; raises `AssertionError` where it does not pass."""
    from ctxdebug.engine.run import run
    from ctxdebug.gate.agreements import severity_of
    from ctxdebug.reports.lines import finding_line, problem_line
    from ctxdebug.text.plural import plural

    least = None if fail_on == "never" else severity_of(fail_on, "check(fail_on=…)")
    if not recording.calls:
        raise AssertionError("no call of a language model was recorded, so that there is nothing to check")
    report = run([str(path) for path in recording.paths], options, keep=True)
    report.fail_on = least
    lines = [*map(finding_line, report.failing), *map(problem_line, report.unreadable)]
    if lines:
        head = f"{plural(len(report.failing), 'finding')} of severity {fail_on} or worse in {recording.path}"
        raise AssertionError("\n".join([head, *lines]))
    return report

"""GitHub annotations: workflow commands of ours, and none of anybody else's."""

from __future__ import annotations

import re

from ctxdebug.engine.report import Report
from ctxdebug.model import Finding, Place, Problem, Severity
from ctxdebug.reports import report_format
from ctxdebug.reports.addresses import repository_path
from ctxdebug.reports.summary import summary
from ctxdebug.text.patterns import lazy
from ctxdebug.text.printable import clean_line

SHOWN = 10
"""GitHub shows no more annotations of a level for a step."""
_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}
_OPENING = lazy(r"^([ \t]*)::", re.MULTILINE)


@report_format("github", "annotations in a GitHub Actions log")
def render(report: Report) -> str:
    """Return a command for each problem and finding, the most severe first, and the summary."""
    findings = sorted(report.findings, key=lambda finding: -finding.severity)
    lines = [_problem(problem) for problem in report.problems if problem.fatal]
    lines += [_finding(finding) for finding in findings]
    lines += [_problem(problem) for problem in report.problems if not problem.fatal]
    counts = [sum(line.startswith(f"::{command} ") for line in lines) for command in _COMMANDS.values()]
    if any(count > SHOWN for count in counts):
        lines.append(f"GitHub shows {SHOWN} annotations of a level for a step; all {len(lines)} are in this log")
    lines.append(defused(summary(report)))
    return "\n".join(lines) + "\n"


def _finding(finding: Finding) -> str:
    command = _COMMANDS[finding.severity]
    words = f"{finding.message}\nwhat to do: {finding.fix.replace(chr(10), ' ')}"
    return _command(command, finding.path, finding.place, f"{finding.code} {finding.name}", words)


def _problem(problem: Problem) -> str:
    kind = ("error", "not read") if problem.fatal else ("warning", "note")
    where = f" at {problem.pointer}" if problem.pointer else ""
    return _command(kind[0], problem.path, None, f"ctxdebug: {kind[1]}", f"{problem.message}{where}")


def _command(command: str, path: str, place: Place | None, title: str, words: str) -> str:
    properties = [f"file={_property(repository_path(path))}"]
    if place is not None:
        properties += [f"line={place.line}", f"endLine={place.end_line}"]
        if place.line == place.end_line:
            properties += [f"col={place.column}", f"endColumn={place.end_column}"]
    properties.append(f"title={_property(title)}")
    return f"::{command} {','.join(properties)}::{_data(words)}"


def _data(text: str) -> str:
    lines = "\n".join(clean_line(line) for line in text.split("\n"))
    return lines.replace("##[", "##\\[").replace("%", "%25").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(clean_line(text)).replace(":", "%3A").replace(",", "%2C")


def defused(text: str) -> str:
    """Text in which a workflow runner sees no command: it reads `::…` at the start of a line, `##[…]` anywhere."""
    return _OPENING.sub(r"\1| ::", text).replace("##[", "##\\[")

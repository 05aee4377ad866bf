"""Markdown for a pull-request comment or an issue: verdict, table, quoted words, the command to reproduce.

Captured text stands only inside code, where no link, mention, reference or markup means anything.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from ctxdebug.engine.report import Report
from ctxdebug.model import Exhibit, Finding
from ctxdebug.reports import report_format
from ctxdebug.reports.addresses import shown_path
from ctxdebug.reports.summary import summary
from ctxdebug.text.patterns import lazy
from ctxdebug.text.plural import plural
from ctxdebug.text.printable import around, clean, clean_line

MOST_CHARACTERS = 60_000
"""A comment on GitHub holds 65,536."""
_MOST_ROWS = 50
_MOST_QUOTED = 400
_RUNS = lazy("`+")


@report_format("markdown", "a comment for a pull request or an issue")
def render(report: Report) -> str:
    """Return the worst first; what does not fit is counted."""
    findings = sorted(report.findings, key=lambda finding: (not report.fails(finding), -finding.severity, finding.code))
    lines = [f"### ctxdebug: {_verdict(report)}", "", summary(report), ""]
    lines += _table(findings)
    for problem in report.unreadable[:_MOST_ROWS]:
        lines.append(
            f"- not read: {code(f'{shown_path(problem.path)} {problem.pointer}'.strip())}: {code(problem.message)}"
        )
    if report.unreadable:
        lines.append("")
    length = sum(len(line) + 1 for line in lines)
    for number, finding in enumerate(findings):
        section = list(_section(finding))
        length += sum(len(line) + 1 for line in section)
        if length > MOST_CHARACTERS:
            lines += [f"{plural(len(findings) - number, 'finding')} more, left out for length.", ""]
            break
        lines += section
    return "\n".join([*lines, *_reproduce(findings, report)]) + "\n"


def _verdict(report: Report) -> str:
    if report.unreadable:
        return f"could not look: {plural(len(report.unreadable), 'problem')}"
    if report.fail_on is None:
        return "gate off"
    failing = len(report.failing)
    if failing:
        return f"fails, {plural(failing, 'finding')} at or above the gate"
    return "passes" if report.findings else "passes, no findings from the rules that looked"


def _table(findings: list[Finding]) -> Iterator[str]:
    if not findings:
        return
    yield from ("| severity | rule | where | what |", "|---|---|---|---|")
    for finding in findings[:_MOST_ROWS]:
        place = finding.place
        where = shown_path(finding.path) + (f":{place.line}:{place.column}" if place else "")
        yield (
            f"| {finding.severity.word} | {finding.code} {finding.name} | {code(where, cell=True)} "
            f"| {code(finding.message, cell=True)} |"
        )
    if len(findings) > _MOST_ROWS:
        yield f"| | | | {len(findings) - _MOST_ROWS} more |"
    yield ""


def _section(finding: Finding) -> Iterator[str]:
    sure = "" if finding.confidence.word == "high" else f", {finding.confidence.word} confidence"
    yield f"#### {finding.code} {finding.name} ({finding.severity.word}{sure})"
    yield from ("", code(finding.message), "")
    for exhibit in finding.evidence[:4]:
        yield from _quote(exhibit)
    yield from ("What to do:", "", *fence(finding.fix), "")


def _quote(exhibit: Exhibit) -> Iterator[str]:
    where = f":{exhibit.place.line}:{exhibit.place.column}" if exhibit.place else f" {exhibit.pointer}"
    yield f"{code(shown_path(exhibit.path) + where)} {code(exhibit.note)}"
    if exhibit.text.strip():
        short = len(exhibit.text) <= _MOST_QUOTED
        yield from ("", *fence(exhibit.text if short else around(exhibit.text, 0, len(exhibit.text), _MOST_QUOTED)))
    yield ""


def _reproduce(findings: list[Finding], report: Report) -> Iterator[str]:
    if not (findings or report.unreadable):
        return
    first = findings[0] if findings else None
    path = shlex.quote(shown_path(first.path if first else report.unreadable[0].path))
    commands = [f"ctxdebug inspect {path}", *([f"ctxdebug explain {first.code}"] if first else [])]
    yield from ("Reproduce:", "", *fence("\n".join(commands), "sh"))


def code(text: str, *, cell: bool = False) -> str:
    """Return a code span that shows `text` and nothing else; for a table cell, bars are escaped."""
    shown = clean_line(text) or " "
    if cell:
        shown = shown.replace("|", "\\|")
    ticks = "`" * (1 + max((len(run) for run in _RUNS.findall(shown)), default=0))
    pad = " " if shown.startswith("`") or shown.endswith("`") else ""
    return f"{ticks}{pad}{shown}{pad}{ticks}"


def fence(text: str, language: str = "text") -> list[str]:
    """Return a fenced block whose fence is longer than any run of backticks in the text."""
    shown = clean(text)
    ticks = "`" * max(3, 1 + max((len(run) for run in _RUNS.findall(shown)), default=0))
    return [f"{ticks}{language}", *shown.split("\n"), ticks]

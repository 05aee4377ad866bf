"""Text for hooks, CI logs and folders: one line a finding."""

from __future__ import annotations

from ctxdebug.engine.report import Report
from ctxdebug.model import Finding, Problem
from ctxdebug.reports import report_format
from ctxdebug.reports.summary import summary
from ctxdebug.text.printable import clean_line


@report_format("text", "one line a finding: path:line:col: CODE name: message")
def render(report: Report) -> str:
    """Findings, problems and the summary."""
    lines = [finding_line(finding) for finding in report.findings]
    lines += [problem_line(problem) for problem in report.problems]
    if lines:
        lines.append("")
    return "\n".join([*lines, summary(report)]) + "\n"


report_format("concise", "the same, also in a terminal")(render)


def finding_line(finding: Finding) -> str:
    """One finding on one line, safe for a terminal."""
    place = finding.place
    where = f":{place.line}:{place.column}" if place else f" at {pointer}" if (pointer := _pointer(finding)) else ""
    return clean_line(
        f"{finding.path}{where}: {finding.code} {finding.severity.word} {finding.name}: {finding.message}"
    )


def _pointer(finding: Finding) -> str:
    return finding.evidence[0].pointer if finding.evidence else ""


def problem_line(problem: Problem) -> str:
    """One problem on one line, safe for a terminal."""
    kind = "our fault" if problem.ours else "not read" if problem.fatal else "note"
    where = f" at {problem.pointer}" if problem.pointer else ""
    return clean_line(f"{problem.path}{where}: {kind}: {problem.message}")


def not_checked_lines(report: Report) -> list[str]:
    """One line a rule that could not look, with its reasons."""
    return [
        clean_line(f"not checked: {code}: {reason} ({number} of {report.exchanges} exchanges)")
        for code, reasons in sorted(report.not_checked.items())
        for reason, number in reasons.items()
    ]

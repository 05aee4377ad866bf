"""JUnit XML for test dashboards: a suite per file, a failing test per finding that reaches the gate."""

from __future__ import annotations

from collections.abc import Iterator

from ctxdebug.engine.report import Report
from ctxdebug.model import Exhibit, Finding, Problem
from ctxdebug.reports import report_format
from ctxdebug.reports.addresses import shown_path
from ctxdebug.reports.summary import summary
from ctxdebug.text.patterns import lazy
from ctxdebug.text.printable import clean, clean_line

_ILLEGAL = lazy("[\ufffe\uffff]")


@report_format(
    "junit", "JUnit XML: a suite per file, a failure per finding that reaches the gate, an error per unread file"
)
def render(report: Report) -> str:
    """Findings below the gate are passed tests that say so; files without a finding are passed tests."""
    findings: dict[str, list[Finding]] = {path: [] for path in report.paths}
    problems: dict[str, list[Problem]] = {}
    for finding in report.findings:
        findings.setdefault(finding.path, []).append(finding)
    for problem in report.problems:
        problems.setdefault(problem.path, []).append(problem)
        findings.setdefault(problem.path, [])
    suites = [_Suite(report, path, findings[path], problems.get(path, [])) for path in findings]
    totals = (
        f'tests="{sum(suite.tests for suite in suites)}" failures="{sum(suite.failures for suite in suites)}" '
        f'errors="{sum(suite.errors for suite in suites)}"'
    )
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f'<testsuites name="ctxdebug" {totals}>']
    for suite in suites:
        lines += suite.lines()
    lines += [f"  <!-- {_comment(summary(report))} -->", "</testsuites>"]
    return "\n".join(lines) + "\n"


class _Suite:
    """One file."""

    def __init__(self, report: Report, path: str, findings: list[Finding], problems: list[Problem]) -> None:
        self._report = report
        self._name = shown_path(path)
        self._findings = findings
        self._problems = problems
        self.failures = sum(report.fails(finding) for finding in findings)
        self.errors = sum(problem.fatal for problem in problems)
        self.tests = max(1, len(findings) + len(problems))

    def lines(self) -> Iterator[str]:
        """Yield the suite's elements, one a line."""
        yield f'  <testsuite name={_attribute(self._name)} tests="{self.tests}" failures="{self.failures}" errors="{self.errors}">'
        for finding in self._findings:
            yield from self._finding(finding)
        for problem in self._problems:
            yield from self._problem(problem)
        if not self._findings and not self._problems:
            yield f'    <testcase classname={_attribute(self._name)} name="no findings"/>'
        yield "  </testsuite>"

    def _finding(self, finding: Finding) -> Iterator[str]:
        place = finding.place
        where = f" at {place.line}:{place.column}" if place else ""
        line = f' line="{place.line}"' if place else ""
        yield (
            f"    <testcase classname={_attribute(self._name)} "
            f"name={_attribute(f'{finding.code} {finding.name}{where}')} file={_attribute(self._name)}{line}>"
        )
        advice = clean_line(finding.fix.replace("\n", " "))
        details = "\n".join([clean_line(finding.message), *map(_exhibit, finding.evidence), f"what to do: {advice}"])
        kind = f"{finding.severity.word}, {finding.confidence.word} confidence"
        if self._report.fails(finding):
            yield f"      <failure type={_attribute(kind)} message={_attribute(clean_line(finding.message))}>{_text(details)}</failure>"
        else:
            yield f"      <system-out>{_text(f'{kind}, below the gate: {details}')}</system-out>"
        yield "    </testcase>"

    def _problem(self, problem: Problem) -> Iterator[str]:
        name = f"read {problem.pointer}".strip()
        yield f"    <testcase classname={_attribute(self._name)} name={_attribute(clean_line(name))}>"
        message = clean_line(problem.message)
        if problem.fatal:
            yield f'      <error type="not read" message={_attribute(message)}/>'
        else:
            yield f"      <system-out>{_text(message)}</system-out>"
        yield "    </testcase>"


def _exhibit(exhibit: Exhibit) -> str:
    where = f"{exhibit.place.line}:{exhibit.place.column}" if exhibit.place else exhibit.pointer
    return clean_line(f"{shown_path(exhibit.path)}:{where}: {exhibit.note}: {exhibit.text[:400]}")


def _legal(text: str) -> str:
    return _ILLEGAL.sub(lambda match: f"\\u{ord(match.group()):04x}", clean(text))


def _text(text: str) -> str:
    return _legal(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _attribute(text: str) -> str:
    return '"' + _text(text).replace('"', "&quot;").replace("\n", "&#10;").replace("\t", "&#9;") + '"'


def _comment(text: str) -> str:
    return _legal(text).replace("--", "- -")

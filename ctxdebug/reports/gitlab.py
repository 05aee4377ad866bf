"""GitLab code quality: a JSON list that a merge request shows beside the lines."""

from __future__ import annotations

from collections import Counter
from typing import Any

from ctxdebug.digests import blake2b
from ctxdebug.engine.report import Report
from ctxdebug.model import Finding, Problem, Severity
from ctxdebug.reports import report_format
from ctxdebug.reports.addresses import repository_path
from ctxdebug.reports.json_text import listing, safe_json
from ctxdebug.text.printable import clean_line

FILE = "gl-code-quality-report.json"
"""The name under which GitLab's examples keep it."""
_SEVERITIES = {Severity.ERROR: "critical", Severity.WARNING: "major", Severity.NOTE: "info"}


@report_format("gitlab", "GitLab code quality, as JSON")
def render(report: Report) -> str:
    """One entry a finding, and one for each file that could not be read."""
    seen: Counter[str] = Counter()
    entries = [_problem(problem, seen) for problem in report.problems if problem.fatal]
    entries += [_finding(finding, seen) for finding in report.findings]
    return safe_json(listing(entries) + "\n")


def _finding(finding: Finding, seen: Counter[str]) -> dict[str, Any]:
    line = finding.place.line if finding.place else 1
    return _entry(
        f"{finding.message}; what to do: {finding.fix}", f"{finding.code} {finding.name}", finding.fingerprint,
        _SEVERITIES[finding.severity], finding.path, line, seen,
    )  # fmt: skip


def _problem(problem: Problem, seen: Counter[str]) -> dict[str, Any]:
    words = f"not read: {problem.message}"
    return _entry(words, "not-read", f"{problem.pointer} {words}", "blocker", problem.path, 1, seen)


def _entry(
    words: str, check: str, basis: str, severity: str, path: str, line: int, seen: Counter[str]
) -> dict[str, Any]:
    place = repository_path(path)
    key = f"{place}\x1f{basis}"
    seen[key] += 1
    return {
        "description": clean_line(words.replace("\n", " ")),
        "check_name": check,
        "fingerprint": blake2b(f"{key}\x1f{seen[key]}".encode("utf-8", "surrogatepass"), digest_size=16).hexdigest(),
        "severity": severity,
        "location": {"path": clean_line(place), "lines": {"begin": line}},
    }

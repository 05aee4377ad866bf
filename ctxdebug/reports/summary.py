"""The one line that ends every report: counts, and what was not looked at."""

from __future__ import annotations

from ctxdebug.engine.report import Report
from ctxdebug.model import Severity
from ctxdebug.text.plural import plural


def summary(report: Report) -> str:
    """Files, exchanges, findings by severity, unread files, rules not checked, and what is hidden."""
    parts = [plural(report.files, "file"), plural(report.exchanges, "exchange"), _findings(report)]
    unread = len({problem.path for problem in report.unreadable})
    if unread:
        parts.append(f"{plural(unread, 'file')} with something not read")
    if report.not_checked:
        parts.append(f"{plural(len(report.not_checked), 'rule')} skipped on some exchanges (reasons: --verbose)")
    if report.passed_over:
        kinds = ", ".join(f"{len(paths)} {kind}" for kind, paths in sorted(report.passed_over.items()))
        parts.append(f"passed over: {kinds}")
    if report.baselined:
        parts.append(f"{report.baselined} in the baseline")
    if report.gone:
        parts.append(f"{len(report.gone)} baseline {'entry' if len(report.gone) == 1 else 'entries'} resolved")
    if report.ignored:
        parts.append(f"{sum(report.ignored.values())} ignored by the configuration")
    if report.suppressed:
        parts.append(f"{plural(report.suppressed, 'low-confidence finding')} hidden (show: --pedantic)")
    return " · ".join(parts)


def _findings(report: Report) -> str:
    counts = [
        plural(number, severity.word)
        for severity in sorted(Severity, reverse=True)
        if (number := sum(finding.severity is severity for finding in report.findings))
    ]
    total = plural(len(report.findings), "finding")
    return f"{total} ({', '.join(counts)})" if counts else total

"""One self-contained page: no request to anywhere, no script of anybody else, readable without any script at all."""

from __future__ import annotations

from collections.abc import Sequence

from ctxdebug.engine.report import Examined, Report
from ctxdebug.reports import report_format
from ctxdebug.reports.addresses import shown_path
from ctxdebug.reports.page.blocks import Budget
from ctxdebug.reports.page.case import case
from ctxdebug.reports.page.chips import chips
from ctxdebug.reports.page.shell import render_page
from ctxdebug.reports.summary import summary
from ctxdebug.text.plural import plural

MOST_CASES = 25
"""Exchanges that a page shows in full; the others are lines of its table."""


@report_format("html", "one self-contained page", needs_exchanges=True)
def render(report: Report) -> str:
    """Return the page of the exchanges with findings, those that fail first; of a single one in any case."""
    if len(report.examined) == 1:
        return page(report, report.examined)
    found = [examined for examined in report.examined if examined.findings]
    found.sort(key=lambda examined: -_weight(examined, report))
    return page(report, found[:MOST_CASES], listed=True)


def _weight(examined: Examined, report: Report) -> int:
    return sum(100 * report.fails(finding) + finding.severity * 10 + 1 for finding in examined.findings)


def page(report: Report, chosen: Sequence[Examined], *, listed: bool = False) -> str:
    """Return the page of some exchanges of a report; `listed`: with a table of them, and the number of the others."""
    budget = Budget()
    cases = [
        case(examined, report, f"x{number}-" if len(chosen) > 1 else "", budget)
        for number, examined in enumerate(chosen, 1)
    ]
    rest = len(report.examined) - len(chosen)
    return render_page(
        "page.html.jinja",
        report=report,
        listed=listed,
        cases=cases,
        rest=plural(rest, "exchange") if rest else "",
        summary=summary(report),
        budget=budget,
        failing=len(report.failing),
        gate_off=report.fail_on is None,
        unread=[(shown_path(one.path), one.pointer, chips(one.message)) for one in report.problems],
    )

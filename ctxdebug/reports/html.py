"""One self-contained page: no request to anywhere, no script of anybody else, readable without any script at all."""

from __future__ import annotations

import hashlib
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
_MOST_EMBEDDED = 5
"""The same for a part of a notebook, which is kept with it."""
_EMBEDDED_BYTES = 300_000
"""Of captured text in a part of a notebook."""


@report_format("html", "one self-contained page", needs_exchanges=True)
def render(report: Report) -> str:
    """Return the page of the exchanges with findings, those that fail first; of a single one in any case."""
    if len(report.examined) == 1:
        return page(report, report.examined)
    return page(report, _worst_first(report)[:MOST_CASES], listed=True)


def _worst_first(report: Report) -> list[Examined]:
    found = [examined for examined in report.examined if examined.findings]
    return sorted(found, key=lambda examined: -_weight(examined, report))


def _weight(examined: Examined, report: Report) -> int:
    return sum(100 * report.fails(finding) + finding.severity * 10 + 1 for finding in examined.findings)


def embedded(report: Report, *, listed: bool) -> str:
    """Return a part of a page for a notebook: no script, a style for itself alone, anchors that no other part has."""
    found = _worst_first(report)[:_MOST_EMBEDDED] if listed else report.examined
    texts = [finding.fingerprint + finding.path + finding.pointer for finding in report.findings]
    own = hashlib.blake2b("".join([*report.paths, *texts]).encode("utf-8", "replace"), digest_size=4).hexdigest()
    return page(report, found, listed=listed, part=f"c{own}-")


def page(report: Report, chosen: Sequence[Examined], *, listed: bool = False, part: str = "") -> str:
    """Return the page of some exchanges of a report; `listed`: with a table of them, and the number of the others.

    With `part`, which begins its anchors, it is a part of somebody else's page.
    """
    budget = Budget(_EMBEDDED_BYTES) if part else Budget()
    cases = [
        case(examined, report, f"{part}x{number}-" if len(chosen) > 1 else part, budget)
        for number, examined in enumerate(chosen, 1)
    ]
    rest = len(report.examined) - len(chosen)
    return render_page(
        "page.html.jinja",
        embedded=bool(part),
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

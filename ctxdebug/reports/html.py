"""One self-contained page: no request to anywhere, no script of anybody else, readable without any script at all."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from ctxdebug.engine.report import Examined, Report
from ctxdebug.reports import report_format
from ctxdebug.reports.addresses import shown_path
from ctxdebug.reports.page.blocks import Budget
from ctxdebug.reports.page.case import case
from ctxdebug.reports.page.chips import chips
from ctxdebug.reports.summary import plural, summary
from ctxdebug.text.printable import clean

if TYPE_CHECKING:
    from jinja2 import Template

MOST_CASES = 25
"""Exchanges that a page shows in full; the others are lines of its table."""
_TEMPLATES = Path(__file__).parent / "templates"


@report_format("html", "one self-contained page", needs_exchanges=True)
def render(report: Report) -> str:
    """The page of the exchanges with findings, those that fail first; of a single one in any case."""
    if len(report.examined) == 1:
        return page(report, report.examined)
    found = [examined for examined in report.examined if examined.findings]
    found.sort(key=lambda examined: -_weight(examined, report))
    return page(report, found[:MOST_CASES], listed=True)


def _weight(examined: Examined, report: Report) -> int:
    return sum(100 * report.fails(finding) + finding.severity * 10 + 1 for finding in examined.findings)


def page(report: Report, chosen: Sequence[Examined], *, listed: bool = False) -> str:
    """The page of some exchanges of a report; `listed`: with a table of them, and the number of the others."""
    from markupsafe import Markup

    budget = Budget()
    cases = [
        case(examined, report, f"x{number}-" if len(chosen) > 1 else "", budget)
        for number, examined in enumerate(chosen, 1)
    ]
    rest = len(report.examined) - len(chosen)
    text = _template().render(
        report=report, listed=listed, cases=cases, rest=plural(rest, "exchange") if rest else "", summary=summary(report), budget=budget,
        failing=len(report.failing), unread=[(shown_path(problem.path), problem.pointer, chips(problem.message)) for problem in report.problems],
        style=Markup(_part("page.css")), script=Markup(_part("page.js")),  # noqa: S704 - our own files
        policy=_policy(),
    )  # fmt: skip
    return text.encode("utf-8", "backslashreplace").decode() + "\n"


@lru_cache(maxsize=8)
def _part(name: str) -> str:
    return (_TEMPLATES / name).read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def _policy() -> str:
    """Nothing from anywhere, and of what is in the page only our style and our script, by their hashes."""
    style, script = (
        base64.b64encode(hashlib.sha256(_part(name).encode()).digest()).decode() for name in ("page.css", "page.js")
    )
    return f"default-src 'none'; style-src 'sha256-{style}'; script-src 'sha256-{script}'; base-uri 'none'; form-action 'none'"


def _visible(value: object) -> object:
    """Whatever text the template is given: nothing hidden stays hidden (chips are made before, and are markup)."""
    return clean(value) if type(value) is str else value


@lru_cache(maxsize=1)
def _template() -> Template:
    from jinja2 import Environment, StrictUndefined

    made = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, finalize=_visible
    )
    return made.from_string(_part("page.html.jinja"))

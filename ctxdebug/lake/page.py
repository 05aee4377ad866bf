"""The figures of a lake as one self-contained page."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath

from ctxdebug.lake.drift import Drift
from ctxdebug.lake.figures import Cause, Figures
from ctxdebug.lake.screen import percent
from ctxdebug.lake.survey import Surveyed
from ctxdebug.reports.page.chips import chips
from ctxdebug.reports.page.shell import render_page
from ctxdebug.reports.verdict_marks import SEVERITY_MARKS
from ctxdebug.rules import RULES

_CAUSES = 10
"""Causes of a rule that are listed."""


def page(found: Figures, drift: Drift | None, failed: Sequence[str], surveyed: Surveyed | None = None) -> str:
    """Return the page; captured text in it is escaped, and its hidden characters are shown."""
    causes: dict[str, list[Cause]] = {}
    for cause in found.causes:
        causes.setdefault(cause.code, []).append(cause)
    known = RULES.all()
    return render_page(
        "lake.html.jinja",
        scripts=(),
        title=PurePath(found.file).name,
        found=found,
        drift=drift,
        failed=failed,
        surveyed=surveyed,
        marks=SEVERITY_MARKS,
        percent=percent,
        chips=chips,
        causes={code: listed[:_CAUSES] for code, listed in causes.items()},
        summaries={rule.code: known[rule.code].page.title if rule.code in known else rule.name for rule in found.rules},
        dimensions=(("model", "Models"), ("day", "Days"), ("prompt_version", "Prompt versions")),
    )

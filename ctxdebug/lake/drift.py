"""One scan against another: which rates moved for certain, which causes are new or gone, and what the traffic itself did."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

from ctxdebug.engine.intervals import Interval
from ctxdebug.lake.figures import Cause, Figures, Rate, figures, opened
from ctxdebug.records import record


@record(frozen=True, slots=True)
class Shift:
    """A rule's rate before and now, and the interval of the difference (now minus before, 95 %)."""

    code: str
    name: str
    before: Rate
    now: Rate
    difference: Interval

    @property
    def worse(self) -> bool:
        """Whether the rate rose for certain."""
        return self.difference.low > 0

    @property
    def better(self) -> bool:
        """Whether the rate fell for certain."""
        return self.difference.high < 0


@record(frozen=True, slots=True)
class Drift:
    """What differs between two scans."""

    baseline: str
    shifts: tuple[Shift, ...]
    """Of every rule that found something in either."""
    new: tuple[Cause, ...]
    gone: tuple[Cause, ...]
    traffic: tuple[tuple[str, str, str], ...]
    """(what, before, now): models, prompt versions, prompt sizes."""


def drift(now: Figures, now_file: Path, baseline_file: Path) -> Drift:
    """Return what changed since the scan of `baseline_file`."""
    before = figures(baseline_file, examples=0)
    here, there = ({rule.code: rule for rule in one.rules} for one in (now, before))
    shifts = []
    for code in sorted(here.keys() | there.keys()):
        old = there[code].rate if code in there else Rate(0, before.exchanges)
        new = here[code].rate if code in here else Rate(0, now.exchanges)
        shifts.append(Shift(code, (here.get(code) or there[code]).name, old, new, difference(old, new)))
    known, seen = ({(one.code, one.text) for one in side.causes} for side in (before, now))
    return Drift(
        baseline=str(baseline_file),
        shifts=tuple(shifts),
        new=tuple(one for one in now.causes if (one.code, one.text) not in known),
        gone=tuple(one for one in before.causes if (one.code, one.text) not in seen),
        traffic=tuple(_traffic(_shape(baseline_file), _shape(now_file))),
    )


def difference(before: Rate, now: Rate) -> Interval:
    """Return the interval of the difference of two rates: Newcombe's hybrid of two Wilson intervals (1998, method 10); -1..1 without exchanges."""
    if not (before.of and now.of):
        return Interval(-1.0, 1.0)
    one, two, gap = now.interval, before.interval, now.share - before.share
    low = gap - math.hypot(now.share - one.low, two.high - before.share)
    high = gap + math.hypot(one.high - now.share, before.share - two.low)
    return Interval(low, high)


def _shape(findings: Path) -> dict[str, Any]:
    """Return what the traffic of a scan looks like."""
    with opened(findings) as tables:
        found = tables.execute(
            "select list_sort(list(distinct model)), list_sort(list(distinct prompt_version)), list_sort(list(distinct format)), "
            "quantile_disc(tokens, 0.5), quantile_disc(tokens, 0.95), count(*) from e"
        ).fetchone()
    return dict(
        zip(
            (
                "models",
                "prompt versions",
                "wire formats",
                "prompt tokens, median",
                "prompt tokens, 95 of 100",
                "exchanges",
            ),
            found,
            strict=True,
        )
    )


def _traffic(before: dict[str, Any], now: dict[str, Any]) -> list[tuple[str, str, str]]:
    rows = []
    for what, value in now.items():
        old = before[what]
        if value == old:
            continue
        if isinstance(value, list) or isinstance(old, list):
            gone = [one for one in old or () if one not in (value or ())]
            new = [one for one in value or () if one not in (old or ())]
            rows.append((what, f"gone: {_listed(gone)}", f"new: {_listed(new)}"))
        else:
            rows.append((what, "–" if old is None else f"{old:,}", "–" if value is None else f"{value:,}"))
    return rows


def _listed(values: list[str]) -> str:
    shown = ", ".join(str(value)[:60] for value in values[:8])
    return f"{shown} and {len(values) - 8} more" if len(values) > 8 else shown or "none"

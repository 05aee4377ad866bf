"""Thresholds of a report, for CI: rates that may not be exceeded, and rules that may not get worse."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from ctxdebug.errors import UsageError
from ctxdebug.lake.figures import Figures, Rate
from ctxdebug.model import Severity
from ctxdebug.records import record

if TYPE_CHECKING:
    from ctxdebug.lake.drift import Drift


@record(frozen=True, slots=True)
class Threshold:
    """The highest rate of a rule, or of exchanges with a finding of a severity or above."""

    what: str
    most: float


def thresholds(given: Iterable[str], known: Iterable[str]) -> tuple[Threshold, ...]:
    """Return what `CODE=RATE` and `SEVERITY=RATE` mean, a rate as 0.02 or 2%; raises `UsageError` on anything else."""
    from ctxdebug.text.nearest import choices

    words = [*(severity.word for severity in Severity), *known]
    found = []
    for text in given:
        what, equals, rate = text.partition("=")
        name = what.strip().upper() if what.strip().upper() in words else what.strip().lower()
        try:
            most = float(rate.strip().removesuffix("%")) / (100 if rate.strip().endswith("%") else 1)
        except ValueError:
            most = -1
        if not equals or not 0 <= most <= 1:
            raise UsageError(f"--max-rate {text!r}: give CODE=RATE or SEVERITY=RATE, as MEM403=2% or error=0.01")
        if name not in words:
            raise UsageError(f"--max-rate {text!r}: unknown rule or severity; {choices(what.strip(), words)}")
        found.append(Threshold(name, most))
    return tuple(found)


def exceeded(found: Figures, limits: Sequence[Threshold], drift: Drift | None, *, worse: bool) -> list[str]:
    """Return a sentence for each threshold that does not hold."""
    said = []
    rules = {rule.code: rule.rate for rule in found.rules}
    for limit in limits:
        rate = found.affected.get(limit.what) or rules.get(limit.what) or Rate(0, found.exchanges)
        if rate.share > limit.most:
            said.append(
                f"{limit.what}: {rate.hits:,} of {rate.of:,} exchanges, {rate.share:.2%}, above {limit.most:.2%}"
            )
    if worse and drift is not None:
        said += [
            f"{shift.code}: {shift.before.share:.2%} → {shift.now.share:.2%} of exchanges, worse than the baseline"
            for shift in drift.shifts
            if shift.worse
        ]
    return said

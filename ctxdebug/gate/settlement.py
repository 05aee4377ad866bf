"""What is left of a run's findings after the agreements and the baseline, counted and told."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ctxdebug.engine.report import Examined, Report
from ctxdebug.gate.agreements import Agreements
from ctxdebug.gate.baseline import Known
from ctxdebug.records import replace


class Settlement:
    """Applied to every exchange as it is examined, and to the report at the end."""

    def __init__(self, agreements: Agreements, known: Known | None = None) -> None:
        self._agreements = agreements
        self._known = known

    def __call__(self, examined: Examined) -> Examined:
        """Return the exchange with the findings that count."""
        kept = self._agreements.settle(examined.findings)
        kept.sort(key=lambda finding: (-finding.severity, -finding.confidence, finding.code))
        if self._known is not None:
            kept = self._known.new(kept)
        return replace(examined, findings=tuple(kept))

    def close(self, report: Report, asked: Sequence[str]) -> None:
        """Put the counts into the report; what is unused is told only by a run over a folder, which saw all of it."""
        report.ignored = self._agreements.ignored
        if any(Path(path).is_dir() for path in asked):
            report.problems.extend(self._agreements.unused(report))
        if self._known is not None:
            report.baselined = self._known.hidden
            report.gone = self._known.gone(report)

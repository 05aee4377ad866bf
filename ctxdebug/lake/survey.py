"""What a sample of the traffic says of the frozen cases, for the screen and the page."""

from __future__ import annotations

from ctxdebug.model import Finding
from ctxdebug.records import record
from ctxdebug.text.plural import plural


@record(frozen=True, slots=True)
class Surveyed:
    """What the rules about a whole suite (INS, DEM) find."""

    cases: int
    sampled: int
    exchanges: int
    """Of which the sample was drawn."""
    findings: tuple[Finding, ...]
    unread: tuple[str, ...]
    """Cases and exchanges that could not be read, and why."""

    @property
    def basis(self) -> str:
        """What was held against what."""
        return f"{plural(self.cases, 'case')} · {self.sampled:,} of {plural(self.exchanges, 'exchange')}"

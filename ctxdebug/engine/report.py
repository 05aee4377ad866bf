"""What a run hands over: exchanges with what was found in them, and the report of them all."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from ctxdebug.analysis import Analysis
from ctxdebug.engine.steps import Answer
from ctxdebug.locate import Locator
from ctxdebug.model import (
    Confidence,
    Finding,
    Problem,
    Severity,
    Snapshot,
)
from ctxdebug.records import field, record

if TYPE_CHECKING:
    from ctxdebug.rules import Rule


@record(frozen=True, slots=True)
class Examined:
    """One exchange with everything that was found in it."""

    analysis: Analysis
    findings: tuple[Finding, ...]
    not_checked: tuple[tuple[str, str], ...]
    """(code, reason) of the rules that could not look here."""
    problems: tuple[Problem, ...]
    suppressed: int
    steps: tuple[Answer, ...]
    locator: Locator
    """Finds places in the file that the exchange came from."""
    repeated: int = 0
    """Findings left out because an earlier turn of the session had them: the history is resent each time."""

    @property
    def snapshot(self) -> Snapshot:
        """The exchange itself."""
        return self.analysis.snapshot


Found: TypeAlias = tuple[
    tuple[Finding, ...], tuple[tuple[str, str], ...], tuple[Problem, ...], int, tuple[Answer, ...], int
]
"""What was found in an exchange, without the exchange: the fields of `Examined` from `findings` to `steps`, and `repeated`."""


def found_in(examined: Examined) -> Found:
    """Return what was found, as another process can take it."""
    one = examined
    return one.findings, one.not_checked, one.problems, one.suppressed, one.steps, one.repeated


@record(slots=True)
class Report:
    """Everything that a run found, could not do, and left out."""

    checked: tuple[str, ...]
    own_rules: tuple[Rule, ...] = ()
    """The project's own rules that were there beside the catalogue."""
    examined: list[Examined] = field(default_factory=list)
    """Kept only when the reader of the report needs them."""
    findings: list[Finding] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    not_checked: dict[str, dict[str, int]] = field(default_factory=dict)
    """Code → reason → number of exchanges."""
    suppressed: int = 0
    repeated: int = 0
    """Findings that a later turn of a session only repeats, because it resends the history."""
    baselined: int = 0
    gone: list[str] = field(default_factory=list)
    """Baseline entries that no longer match anything."""
    ignored: dict[str, int] = field(default_factory=dict)
    """Reason of an ignore in the configuration → findings it hid."""
    files: int = 0
    exchanges: int = 0
    paths: list[str] = field(default_factory=list)
    """Every file that was opened, in order."""
    passed_over: dict[str, list[str]] = field(default_factory=dict)
    """Kind of file → the paths of that kind that a folder walk did not read."""
    fail_on: Severity | None = Severity.ERROR
    """The least severity that fails; None when nothing does."""
    least: Confidence = Confidence.LOW
    """The least confidence that fails."""
    advisory: frozenset[str] = frozenset()
    """Rules whose findings are shown and fail nothing: those of an LLM judge that `case judge-check` did not believe."""

    @property
    def failing(self) -> list[Finding]:
        """The findings that reach the gate."""
        return [finding for finding in self.findings if self.fails(finding)]

    def fails(self, finding: Finding) -> bool:
        """Whether a finding reaches the gate."""
        reached = self.fail_on is not None and finding.severity >= self.fail_on and finding.confidence >= self.least
        return reached and finding.code not in self.advisory

    def only(self, chosen: Examined) -> Report:
        """Return the report of one of its exchanges."""
        return Report(
            checked=self.checked,
            own_rules=self.own_rules,
            examined=[chosen],
            findings=list(chosen.findings),
            problems=self.problems,
            not_checked={code: {reason: 1} for code, reason in chosen.not_checked},
            suppressed=chosen.suppressed,
            files=self.files,
            exchanges=1,
        )

    @property
    def unreadable(self) -> list[Problem]:
        """The problems that stopped us looking."""
        return [problem for problem in self.problems if problem.fatal]

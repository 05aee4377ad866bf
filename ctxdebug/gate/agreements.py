"""The configuration's ignores and severity overrides, applied to findings; those that no longer do anything are told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase

from ctxdebug.engine.report import Report
from ctxdebug.engine.selection import Selection
from ctxdebug.errors import UsageError
from ctxdebug.gate.policy import Ignore, Override
from ctxdebug.model import Finding, Problem, Severity
from ctxdebug.records import replace
from ctxdebug.reports.addresses import repository_path
from ctxdebug.rules import Rule, catalogue


def severity_of(word: str, where: str) -> Severity:
    """Return the severity that a word means; raises `UsageError` on any other word."""
    for severity in Severity:
        if severity.word == word:
            return severity
    raise UsageError(f"{where}: severity must be note, warning or error, not {word!r}")


class Agreements:
    """Ignores and overrides of one run. The first ignore that fits takes a finding."""

    def __init__(
        self,
        ignores: Sequence[Ignore],
        overrides: Sequence[Override],
        file: str = "the configuration",
        own_rules: Sequence[Rule] = (),
    ) -> None:
        self._file = file
        self._rules = catalogue(own_rules)
        self._ignores = [_Taken(ignore, self._codes(ignore.codes, f"{file}: ignores")) for ignore in ignores]
        self._severities: dict[str, Severity] = {}
        self._overrides = [(override, self._codes((override.code,), f"{file}: severities")) for override in overrides]
        for override, codes in self._overrides:
            _needs_reason(override.reason, f"{file}: severities: {override.code}")
            self._severities.update(dict.fromkeys(codes, severity_of(override.severity, f"{file}: severities")))
        for ignore in ignores:
            _needs_reason(ignore.reason, f"{file}: ignores: {', '.join(ignore.codes) or ignore.path}")
        self._changed: set[str] = set()

    def settle(self, findings: Iterable[Finding]) -> list[Finding]:
        """Return the findings that count, each with the weight that it has here."""
        kept = []
        for finding in findings:
            severity = self._severities.get(finding.code, finding.severity)
            if severity is not finding.severity:
                self._changed.add(finding.code)
                finding = replace(finding, severity=severity)
            if not self._ignored(finding):
                kept.append(finding)
        return kept

    def _codes(self, selectors: Sequence[str], where: str) -> frozenset[str]:
        try:
            return (
                frozenset(rule.code for rule in Selection(tuple(selectors)).of(self._rules))
                if selectors
                else frozenset()
            )
        except UsageError as error:
            raise UsageError(f"{where}: {error}") from None

    def _ignored(self, finding: Finding) -> bool:
        for taken in self._ignores:
            if taken.fits(finding):
                taken.count += 1
                return True
        return False

    @property
    def ignored(self) -> dict[str, int]:
        """Reason → findings that it hid."""
        counts: dict[str, int] = {}
        for taken in self._ignores:
            if taken.count:
                counts[taken.ignore.reason] = counts.get(taken.ignore.reason, 0) + taken.count
        return counts

    def unused(self, report: Report) -> list[Problem]:
        """Return the agreements that a run over whole folders had no use for, as far as that run could tell."""
        return [
            Problem(
                self._file,
                f"the ignore of {taken.what} hides nothing any more ({taken.ignore.reason}); take it out",
                fatal=False,
            )
            for taken in self._ignores
            if not taken.count and taken.could_have(report)
        ] + [
            Problem(
                self._file,
                f"the severity of {override.code} is {override.severity} anyway ({override.reason}); take it out",
                fatal=False,
            )
            for override, codes in self._overrides
            if not codes & self._changed and all(self._rules[code].severity.word == override.severity for code in codes)
        ]


class _Taken:
    """An ignore and how many findings it took."""

    def __init__(self, ignore: Ignore, codes: frozenset[str]) -> None:
        self.ignore = ignore
        self.count = 0
        self._codes = codes
        self.what = f"{', '.join(ignore.codes) or 'every rule'} in {ignore.path}"

    def fits(self, finding: Finding) -> bool:
        """Whether this ignore hides a finding."""
        return (not self._codes or finding.code in self._codes) and _matches(finding.path, self.ignore.path)

    def could_have(self, report: Report) -> bool:
        """Whether the run looked where this ignore looks: its rules ran, and a file fits."""
        ran = set(report.checked)
        looked = self._codes <= ran if self._codes else bool(ran)
        return looked and any(_matches(path, self.ignore.path) for path in report.paths)


def _matches(path: str, pattern: str) -> bool:
    return fnmatchcase(repository_path(path), pattern) or fnmatchcase(path, pattern)


def _needs_reason(reason: str, where: str) -> None:
    if not reason.strip():
        raise UsageError(f"{where}: give the reason")

"""Results: frozen, told as the JSON report, as a part of a notebook, and in a line."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from functools import cached_property
from typing import Any, final

from ctxdebug.engine import report as engine
from ctxdebug.engine.likely_cause import likely_cause
from ctxdebug.engine.run import RunOptions
from ctxdebug.engine.steps import Answer
from ctxdebug.model import Finding, Problem, Severity, Snapshot
from ctxdebug.records import field, record, replace
from ctxdebug.redaction.shown import Mask, captured_values, quoted_values
from ctxdebug.reports.addresses import shown_path
from ctxdebug.text.plural import plural
from ctxdebug.text.printable import excerpt

_LONGEST = 200
"""Characters of a problem in a line."""


@record(frozen=True, eq=False, repr=False)
class _Told:
    """A report of the engine, as its readers see it."""

    _report: engine.Report
    _options: RunOptions = field(default_factory=RunOptions)
    _known: Mask | None = field(default=None, kw_only=True)
    """What was learned of exchanges that were not kept."""

    def to_dict(self) -> dict[str, Any]:
        """Return what the JSON report says, in the shape of `ctxdebug/reports/report.schema.json`; secrets are masked."""
        found: dict[str, Any] = json.loads(self._json)
        return found

    @cached_property
    def _json(self) -> str:
        from ctxdebug.reports.json_document import render

        return self._mask.hide(render(self._report))

    @property
    def _mask(self) -> Mask:
        if self._known is not None:
            return self._known
        mask = Mask()
        for examined in self._report.examined:
            mask.learn(captured_values(examined.snapshot))
            mask.learn(quoted_values(examined.snapshot, examined.findings))
        return mask

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was found, the worst of an exchange first."""
        return tuple(self._report.findings)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What stopped us looking, and notes on what was read all the same (`fatal` tells which)."""
        return tuple(self._report.problems)

    @property
    def exit_code(self) -> int:
        """What `ctxdebug check` would exit with: 2 where something was not read, else 1 where a finding reaches the gate, else 0."""
        return 2 if self._report.unreadable else int(bool(self._report.failing))

    def _html(self, *, listed: bool) -> str:
        from ctxdebug.reports.html import embedded

        return self._mask.hide(embedded(self._report, listed=listed))

    def _counts(self) -> str:
        counts = Counter(finding.severity for finding in self._report.findings)
        told = [plural(counts[one], one.word) for one in sorted(Severity, reverse=True) if counts[one]]
        return ", ".join(told) or "no findings"

    def _unread(self) -> str:
        fatal = self._report.unreadable
        more = f" and {plural(len(fatal) - 1, 'more problem')}" if len(fatal) > 1 else ""
        return excerpt(self._mask.hide(fatal[0].message), _LONGEST) + more if fatal else ""

    def __eq__(self, other: object) -> bool:
        return self._json == other._json if type(other) is type(self) and isinstance(other, _Told) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._json)

    def __getstate__(self) -> dict[str, Any]:
        """Return what travels to another process: the report, and its JSON, for which the file is needed; no project's code."""
        assert self._json
        return {**vars(self), "_options": replace(self._options, own_rules=())}

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state)


@final
@record(frozen=True, eq=False, repr=False)
class Case(_Told):
    """One exchange, examined; without a `snapshot` where nothing could be read, and `problems` say why."""

    number: int = 0
    """Which exchange of the capture it is, from 1; 0 where there is none."""

    @property
    def snapshot(self) -> Snapshot | None:
        """The exchange, normalised: everything the model saw, and what it answered, as captured."""
        return self._report.examined[0].snapshot if self._report.examined else None

    @property
    def verdicts(self) -> tuple[Answer, ...]:
        """Every question of the five debugging steps with its verdict; none of them is ok that was not examined."""
        return self._report.examined[0].steps if self._report.examined else ()

    @property
    def not_checked(self) -> tuple[tuple[str, str], ...]:
        """(code, reason) of the rules that could not look."""
        return self._report.examined[0].not_checked if self._report.examined else ()

    @property
    def likely_cause(self) -> Finding | None:
        """The finding that best explains the answer; None where none does."""
        return likely_cause(self._report.findings)

    def _repr_html_(self) -> str:
        return self._html(listed=False)

    def __repr__(self) -> str:
        if self.snapshot is None:
            return f"<ctxdebug.Case: not examined: {self._unread()}>"
        cause, unread = self.likely_cause, self._unread()
        told = f"; likely cause {cause.code} {cause.name}" if cause is not None else ""
        return f"<ctxdebug.Case {shown_path(self.snapshot.path)}: {self._counts()}{told}{f'; not read: {unread}' if unread else ''}>"


@final
@record(frozen=True, eq=False, repr=False)
class Report(_Told):
    """Many exchanges, examined."""

    @property
    def cases(self) -> tuple[Case, ...]:
        """Every exchange by itself, in order; none where `check` was told to keep none."""
        return tuple(
            Case(replace(self._report.only(examined), problems=list(examined.problems)), self._options, number)
            for number, examined in enumerate(self._report.examined, 1)
        )

    @property
    def failing(self) -> tuple[Finding, ...]:
        """The findings that reach the gate (`fail_on`)."""
        return tuple(self._report.failing)

    @property
    def not_checked(self) -> Mapping[str, Mapping[str, int]]:
        """Code of a rule → the reason why it could not look → number of exchanges."""
        return {code: dict(reasons) for code, reasons in self._report.not_checked.items()}

    @property
    def files(self) -> int:
        """Files, or captures in memory, that were opened."""
        return self._report.files

    @property
    def exchanges(self) -> int:
        """Exchanges that were examined."""
        return self._report.exchanges

    def _repr_html_(self) -> str:
        return self._html(listed=True)

    def __repr__(self) -> str:
        unread = self._unread()
        told = f"; not read: {unread}" if unread else ""
        return f"<ctxdebug.Report {plural(self.exchanges, 'exchange')}: {self._counts()}{told}>"

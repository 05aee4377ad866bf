"""One file of a run: its exchanges examined one by one, its problems told, or the file passed over as of another kind."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Protocol, TypeAlias, TypeVar

from ctxdebug.decoding.source import Source
from ctxdebug.engine.report import Examined, Report
from ctxdebug.errors import CtxdebugError
from ctxdebug.loading.load import LoadOptions, load
from ctxdebug.loading.other_kinds import other_kind
from ctxdebug.loading.walk import Met
from ctxdebug.model import Problem, Snapshot, pointer_text
from ctxdebug.records import replace

T = TypeVar("T")
Examine: TypeAlias = "Callable[[Snapshot, Source], Examined | Problem]"
"""Examines one exchange of a file; a problem where it could not be."""


class RunAgreements(Protocol):
    """What a project has agreed to live with: applied to every exchange, and to the report of them all."""

    def __call__(self, examined: Examined) -> Examined:
        """Return the exchange with the findings that count, each with the severity that it has here."""

    def close(self, report: Report, asked: Sequence[str]) -> None:
        """Add to a finished report what the agreements hid, and problems for those that no longer do anything."""


class Telling:
    """Puts results into the report, and tells whoever watches."""

    def __init__(self, report: Report, watch: Callable[[Examined | Problem], None] | None, *, keep: bool) -> None:
        self.report = report
        self._keep = keep
        self._watch = watch

    def problem(self, problem: Problem) -> None:
        """Take a problem of a path or a file."""
        self.report.problems.append(problem)
        self.late(len(self.report.problems) - 1)

    def examined(self, examined: Examined) -> None:
        """Take an exchange."""
        _add(self.report, examined, keep=self._keep)
        if self._watch is not None:
            self._watch(examined)

    def late(self, first: int) -> None:
        """Tell the problems of the report from number `first` on."""
        for problem in self.report.problems[first:]:
            if self._watch is not None:
                self._watch(problem)


def examine_file(
    met: Met,
    examine: Examine,
    options: LoadOptions,
    tell: Telling,
    agreements: RunAgreements | None,
) -> None:
    """Examine one file; where it was met in a folder and is of another kind, count it as passed over."""
    examine_source(Source(met.path, options.max_bytes), examine, options, tell, agreements, expected=met.expected)


def examine_source(
    source: Source,
    examine: Examine,
    options: LoadOptions,
    tell: Telling,
    agreements: RunAgreements | None,
    *,
    expected: bool = True,
) -> None:
    """Examine the bytes of one capture, wherever they are; `expected` as for a file that was met."""
    report = tell.report
    waiting: list[Problem] | None = None if expected else []
    for loaded in load(source, reading_of(options, expected=expected)):
        if isinstance(loaded, Problem):
            if waiting is None:
                tell.problem(loaded)
            else:
                waiting.append(loaded)
            continue
        for problem in waiting or ():
            tell.problem(problem)
        waiting = None
        examined = within(loaded, partial(examine, loaded, source))
        if isinstance(examined, Problem):
            tell.problem(examined)
            continue
        tell.examined(examined if agreements is None else agreements(examined))
    if waiting and all(problem.unknown for problem in waiting if problem.fatal):
        kind = next((problem.kind for problem in waiting if problem.kind), None) or other_kind(source)
        if kind is not None:
            report.passed_over.setdefault(kind, []).append(source.path)
            return
    for problem in waiting or ():
        tell.problem(problem)
    report.files += 1
    report.paths.append(source.path)


def reading_of(options: LoadOptions, *, expected: bool) -> LoadOptions:
    """Return how a file is read: in one that nobody named, a row that only looks like a call is none."""
    return options if expected else replace(options, guess=False)


def within(snapshot: Snapshot, act: Callable[[], T]) -> T | Problem:
    """Return what `act` returns for an exchange; a fault of ours is a problem, and does not end a run over many."""
    try:
        return act()
    except (CtxdebugError, OSError):
        raise
    except Exception as error:  # noqa: BLE001 - said as a problem
        return _not_examined(snapshot, error)


def _not_examined(snapshot: Snapshot, error: Exception) -> Problem:
    what = f"could not be examined ({type(error).__name__}: {str(error)[:200]}); please report it"
    return Problem(snapshot.path, what, pointer_text(snapshot.pointer), ours=True)


def _add(report: Report, examined: Examined, *, keep: bool) -> None:
    report.exchanges += 1
    report.findings.extend(examined.findings)
    report.repeated += examined.repeated
    report.problems.extend(examined.problems)
    report.suppressed += examined.suppressed
    for code, reason in examined.not_checked:
        reasons = report.not_checked.setdefault(code, {})
        reasons[reason] = reasons.get(reason, 0) + 1
    if keep:
        report.examined.append(examined)

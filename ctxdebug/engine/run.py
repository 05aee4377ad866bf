"""Snapshots × rules → a report. A rule that breaks is a problem with its name; the run goes on."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence

from ctxdebug.analysis import Analysis, AnalysisOptions
from ctxdebug.decoding.source import Source
from ctxdebug.engine.causes import causes_first
from ctxdebug.engine.hops import Hops
from ctxdebug.engine.one_file import RunAgreements, Telling, examine_file, examine_source
from ctxdebug.engine.report import Examined, Found, Report
from ctxdebug.engine.retrievals import Retrievals
from ctxdebug.engine.selection import Selection
from ctxdebug.engine.sessions import Sessions
from ctxdebug.engine.stamp import Stamper, confidence_of, guarded
from ctxdebug.engine.steps import Looked, answers
from ctxdebug.engine.workers import shared_out
from ctxdebug.errors import UsageError
from ctxdebug.loading.load import LoadOptions
from ctxdebug.loading.walk import PassedOver, walk
from ctxdebug.locate import Locator
from ctxdebug.model import (
    Confidence,
    Finding,
    Need,
    NotChecked,
    Problem,
    Snapshot,
    pointer_text,
)
from ctxdebug.records import field, record, replace
from ctxdebug.rules import Rule, catalogue, exchange_rules

_KEPT_SESSIONS = 256
_KEPT_TURNS = 4
_KEPT_CHARACTERS = 16_000_000
"""Of all turns that are kept together: memory must grow with the largest exchange, not with the file."""


@record(frozen=True, slots=True)
class RunOptions:
    """How to look: what to load, which rules, how much confidence a finding needs."""

    load: LoadOptions = field(default_factory=LoadOptions)
    analysis: AnalysisOptions = field(default_factory=AnalysisOptions)
    selection: Selection = field(default_factory=Selection)
    own_rules: tuple[Rule, ...] = ()
    """The project's own rules, beside the catalogue."""
    pedantic: bool = False
    """Show findings of low confidence too."""
    steps: bool = True
    """Answer the questions of the five steps; a session's screen shows none."""
    repeats: bool = False
    """Also tell what an earlier turn of the same session had already, as for a look at one exchange."""


class Engine:
    """Examines exchanges in order, remembering the turns of the sessions that are under way."""

    def __init__(self, options: RunOptions) -> None:
        self.options = options
        self._every = exchange_rules(options.own_rules)
        self.rules = options.selection.of(catalogue(options.own_rules), self._every)
        self._sessions: OrderedDict[str, tuple[Analysis, ...]] = OrderedDict()
        self._sizes: dict[str, tuple[int, ...]] = {}
        self._size = 0
        self._told: dict[str, set[str]] = {}
        self._joiner = Sessions()
        self._retrievals = Retrievals()
        self._hops = Hops()
        self._stamper = Stamper(options.load.max_bytes)

    def examine(self, snapshot: Snapshot, source: Source) -> Examined:
        """Run every chosen rule on one exchange."""
        return self.examine_placed(self.placed(snapshot), source)

    def placed(self, snapshot: Snapshot) -> Analysis:
        """Return an exchange among those before it: its session, its earlier turns, what was retrieved for it."""
        snapshot = self._joiner.joined(snapshot)
        analysis = Analysis(
            snapshot,
            self.options.analysis,
            self._earlier(snapshot),
            self._retrievals.beside(snapshot),
            self._hops.before(snapshot),
        )
        self._remember(analysis)
        return analysis

    def examine_placed(self, analysis: Analysis, source: Source) -> Examined:
        """Run every chosen rule on an exchange that has its place."""
        snapshot, locator = analysis.snapshot, self._stamper.locator(source)
        told = self._told.setdefault(snapshot.session, set()) if snapshot.session and not self.options.repeats else None
        return self._examined(analysis, locator, told)

    def examined_elsewhere(self, analysis: Analysis, source: Source, found: Found) -> Examined:
        """Return an exchange that has its place with what another engine of the same options found in it."""
        return Examined(analysis, *found[:5], self._stamper.locator(source), found[5])

    def reread(self) -> None:
        """Let go of the text of files: one that is being written has grown since."""
        self._stamper = Stamper(self.options.load.max_bytes)

    def again(self, examined: Examined) -> Examined:
        """Look at one exchange again with the options of this engine, its session as it was."""
        before = examined.analysis
        analysis = Analysis(examined.snapshot, self.options.analysis, before.earlier, received=before.received)
        return self._examined(analysis, examined.locator, None)

    def _examined(self, analysis: Analysis, locator: Locator, told: set[str] | None) -> Examined:
        seen = self._looked(analysis)
        seen.found = causes_first(seen.found)
        new = [finding for finding in seen.found if told is None or finding.fingerprint not in told]
        if told is not None:
            told.update(finding.fingerprint for finding in new)
        steps = answers(analysis, self.rules, self._every.values(), seen.looked) if self.options.steps else ()
        return Examined(
            analysis,
            tuple(sorted(new, key=lambda finding: (-finding.severity, -finding.confidence, finding.code))),
            tuple(seen.skipped),
            tuple(seen.problems),
            sum(seen.hidden.values()),
            steps,
            locator,
            len(seen.found) - len(new),
        )

    def _looked(self, analysis: Analysis) -> _Seen:
        """Everything that the chosen rules say of one exchange."""
        snapshot, met, seen = analysis.snapshot, _met(analysis), _Seen()
        at = pointer_text(snapshot.pointer)
        for rule in self.rules:
            if not rule.needs <= met:
                unmet = rule.needs - met
                seen.unmet[rule.code] = unmet
                seen.skipped.append((rule.code, f"needs {' and '.join(sorted(need.value for need in unmet))}"))
                continue
            before = len(seen.problems)
            for result in guarded(rule, analysis, seen.problems, snapshot.path, at):
                if isinstance(result, NotChecked):
                    seen.skipped.append((rule.code, result.reason))
                elif confidence_of(rule, result) is Confidence.LOW and not self.options.pedantic:
                    seen.hidden[rule.code] = seen.hidden.get(rule.code, 0) + 1
                else:
                    seen.found.append(self._stamper.finding(rule, result, snapshot, analysis))
            if len(seen.problems) > before:
                seen.broken.append(rule.code)
        return seen

    def _earlier(self, snapshot: Snapshot) -> tuple[Analysis, ...]:
        return self._sessions.get(snapshot.session, ()) if snapshot.session else ()

    def _remember(self, analysis: Analysis) -> None:
        session = analysis.snapshot.session
        if not session:
            return
        self._sessions[session] = (*self._sessions.pop(session, ()), analysis)[-_KEPT_TURNS:]
        analysis.earlier = tuple(_without_history(turn) for turn in analysis.earlier)
        before = self._sizes.get(session, ())
        self._sizes[session] = (*before, sum(len(segment.text) for segment in analysis.segments))[-_KEPT_TURNS:]
        self._size += sum(self._sizes[session]) - sum(before)
        while len(self._sessions) > _KEPT_SESSIONS or (self._size > _KEPT_CHARACTERS and len(self._sessions) > 1):
            forgotten, _ = self._sessions.popitem(last=False)
            self._size -= sum(self._sizes.pop(forgotten))
            self._told.pop(forgotten, None)


@record(slots=True)
class _Seen:
    """What the rules said of one exchange, as they said it."""

    found: list[Finding] = field(default_factory=list)
    hidden: dict[str, int] = field(default_factory=dict)
    skipped: list[tuple[str, str]] = field(default_factory=list)
    unmet: dict[str, frozenset[Need]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)

    @property
    def looked(self) -> Looked:
        """The same, as the steps count it."""
        return Looked(self.found, self.hidden, dict(self.skipped), self.unmet, self.broken)


def _without_history(turn: Analysis) -> Analysis:
    """Return an earlier turn lets go of its own earlier turns, and of facts that nobody asks of the past."""
    turn.earlier = ()
    facts = vars(turn)
    for name in ("sourced", "directives", "overrides"):
        facts.pop(name, None)
    history = facts.get("history")
    if history is not None:  # or every turn would hold all those before it
        facts["history"] = replace(history, before=Analysis(history.before.snapshot, turn.options))
    return turn


def _met(analysis: Analysis) -> frozenset[Need]:
    """Return what rules may need and an exchange has."""
    snapshot = analysis.snapshot
    there = {
        Need.RESPONSE: snapshot.has_response,
        Need.REQUEST: snapshot.has_request,
        Need.SESSION: bool(analysis.earlier),
        Need.JUDGE: analysis.options.judge is not None,
    }
    return frozenset(need for need, given in there.items() if given)


def run(
    paths: Sequence[str],
    options: RunOptions,
    *,
    keep: bool = False,
    watch: Callable[[Examined | Problem], None] | None = None,
    exclude: Sequence[str] = (),
    agreements: RunAgreements | None = None,
    opened: Callable[[str], None] | None = None,
    chosen: Callable[[str], bool] | None = None,
    jobs: int | None = 1,
    whole: bool = False,
) -> Report:
    """Examine every capture that `paths` mean; `watch` sees results as they come, `opened` each file before it is read.

    `exclude` are shell-like patterns of paths that are left out of folders; `chosen` may leave out more files. With
    `keep`, the report keeps the examined exchanges; with `whole`, `watch` may ask them for any fact. `jobs` processes
    examine, None: as many as pay; the report is the same. Raises `UsageError` where nothing was examined and nothing
    says why.
    """
    engine = Engine(options)
    report = Report(checked=tuple(rule.code for rule in engine.rules), own_rules=options.own_rules)
    tell = Telling(report, watch, keep=keep)
    seen: set[str] = set()
    left = 0
    with shared_out(engine, walk(paths, exclude), jobs, chosen, whole=keep or whole) as (met_all, examine):
        for met in met_all:
            if isinstance(met, Problem):
                tell.problem(met)
            elif isinstance(met, PassedOver):
                report.passed_over.setdefault(met.kind, []).append(met.path)
            elif chosen is not None and not chosen(met.path):
                left += 1
            elif met.path not in seen:
                seen.add(met.path)
                if opened is not None:
                    opened(met.path)
                examine_file(met, examine, options.load, tell, agreements)
    if options.analysis.memo is not None:
        options.analysis.memo.flush()
    if not (report.exchanges or report.unreadable or left):
        raise UsageError(nothing_examined(paths, report))
    if agreements is not None:
        told = len(report.problems)
        agreements.close(report, () if left else paths)
        tell.late(told)
    return report


def run_source(
    source: Source,
    options: RunOptions,
    *,
    keep: bool = True,
    agreements: RunAgreements | None = None,
    watch: Callable[[Examined | Problem], None] | None = None,
) -> Report:
    """Examine one capture that is open already, or in memory; the rest is as for `run`."""
    engine = Engine(options)
    report = Report(checked=tuple(rule.code for rule in engine.rules), own_rules=options.own_rules)
    examine_source(source, engine.examine, options.load, Telling(report, watch, keep=keep), agreements)
    if agreements is not None:
        agreements.close(report, ())
    return report


def nothing_examined(paths: Sequence[str], report: Report) -> str:
    """Return the sentence that says that a run saw no exchange, and what it passed over."""
    over = sum(len(paths) for paths in report.passed_over.values())
    kinds = ", ".join(f"{len(paths)} {kind}" for kind, paths in report.passed_over.items())
    return (
        f"no captures under {', '.join(paths)}: nothing was examined{f'; passed over {over}: {kinds}' if over else ''}"
    )

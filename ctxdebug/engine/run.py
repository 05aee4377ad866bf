"""Snapshots × rules → a report. A rule that breaks is a problem with its name; the run goes on."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from ctxdebug.analysis import Analysis, AnalysisOptions
from ctxdebug.analysis.freedom.prompt_clauses import documents
from ctxdebug.decoding.source import Source
from ctxdebug.engine.one_file import RunAgreements, Telling, examine_file
from ctxdebug.engine.report import Examined, Report
from ctxdebug.engine.selection import Selection
from ctxdebug.engine.sessions import Sessions
from ctxdebug.engine.steps import answers
from ctxdebug.errors import EndpointError, UsageError
from ctxdebug.loading.load import LoadOptions
from ctxdebug.loading.walk import PassedOver, walk
from ctxdebug.locate import Locator
from ctxdebug.model import (
    Confidence,
    Evidence,
    Exhibit,
    Finding,
    Hit,
    Kind,
    Need,
    NotChecked,
    Problem,
    Snapshot,
    pointer_text,
)
from ctxdebug.rules import RULES, Rule

_KEPT_SESSIONS = 256
_KEPT_TURNS = 4
_KEPT_CHARACTERS = 16_000_000
"""Of all turns that are kept together: memory must grow with the largest exchange, not with the file."""


@dataclass(frozen=True, slots=True)
class RunOptions:
    """How to look: what to load, which rules, how much confidence a finding needs."""

    load: LoadOptions = field(default_factory=LoadOptions)
    analysis: AnalysisOptions = field(default_factory=AnalysisOptions)
    selection: Selection = field(default_factory=Selection)
    pedantic: bool = False
    """Show findings of low confidence too."""
    repeats: bool = False
    """Also tell what an earlier turn of the same session had already, as for a look at one exchange."""


class Engine:
    """Examines exchanges in order, remembering the turns of the sessions that are under way."""

    def __init__(self, options: RunOptions) -> None:
        self.options = options
        self.rules = options.selection.of(RULES.all())
        self._sessions: OrderedDict[str, tuple[Analysis, ...]] = OrderedDict()
        self._sizes: dict[str, tuple[int, ...]] = {}
        self._size = 0
        self._codes = [rule.code for rule in self.rules]
        self._told: dict[str, set[str]] = {}
        self._joiner = Sessions()
        self._locators: dict[str, Locator] = {}

    def examine(self, snapshot: Snapshot, source: Source) -> Examined:
        """Run every chosen rule on one exchange."""
        snapshot = self._joiner.joined(snapshot)
        analysis = Analysis(snapshot, self.options.analysis, self._earlier(snapshot))
        self._remember(analysis)
        locator = self._locators.setdefault(source.path, Locator(source))
        findings: list[Finding] = []
        skipped: list[tuple[str, str]] = []
        problems: list[Problem] = []
        suppressed = repeated = 0
        told = self._told.setdefault(snapshot.session, set()) if snapshot.session and not self.options.repeats else None
        met = _met(analysis)
        for rule in self.rules:
            if not rule.needs <= met:
                missing = sorted(need.value for need in rule.needs - met)
                skipped.append((rule.code, f"needs {' and '.join(missing)}"))
                continue
            for result in self._run(rule, analysis, problems):
                if isinstance(result, NotChecked):
                    skipped.append((rule.code, result.reason))
                elif self._confidence(rule, result) is Confidence.LOW and not self.options.pedantic:
                    suppressed += 1
                elif told is not None and _fingerprint(rule.code, result) in told:
                    repeated += 1
                else:
                    findings.append(self._stamp(rule, result, snapshot))
                    if told is not None:
                        told.add(findings[-1].fingerprint)
        findings.sort(key=lambda finding: (-finding.severity, -finding.confidence, finding.code))
        steps = answers(findings, self._codes, dict(skipped), absent=_absent(analysis, self._codes))
        return Examined(
            analysis, tuple(findings), tuple(skipped), tuple(problems), suppressed, steps, locator, repeated
        )

    @staticmethod
    def _confidence(rule: Rule, hit: Hit) -> Confidence:
        return rule.confidence if hit.confidence is None else hit.confidence

    @staticmethod
    def _run(rule: Rule, analysis: Analysis, problems: list[Problem]) -> Iterator[Hit | NotChecked]:
        try:
            yield from rule.check(analysis)
        except EndpointError:
            raise
        except Exception as error:  # noqa: BLE001 - one broken rule must not hide what the others see
            snapshot = analysis.snapshot
            problems.append(
                Problem(
                    snapshot.path,
                    f"rule {rule.code} broke ({type(error).__name__}: {error}); the others ran; please report it",
                    pointer_text(snapshot.pointer),
                    ours=True,
                )
            )

    def _stamp(self, rule: Rule, hit: Hit, snapshot: Snapshot) -> Finding:
        exhibits = tuple(self._exhibit(evidence, snapshot) for evidence in hit.evidence)
        return Finding(
            code=rule.code,
            name=rule.name,
            family=rule.family,
            step=rule.step,
            severity=rule.severity if hit.severity is None else hit.severity,
            confidence=self._confidence(rule, hit),
            message=hit.message,
            evidence=exhibits,
            fix=hit.advice or rule.page.fix,
            tags=rule.tags,
            fingerprint=_fingerprint(rule.code, hit),
            path=snapshot.path,
            pointer=pointer_text(snapshot.pointer),
            facts=hit.facts,
        )

    def _exhibit(self, evidence: Evidence, snapshot: Snapshot) -> Exhibit:
        stands_in = evidence.snapshot or snapshot
        if stands_in.path not in self._locators:
            self._locators[stands_in.path] = Locator(Source(stands_in.path, self.options.load.max_bytes))
        locator = self._locators[stands_in.path]
        pointer = evidence.pointer
        if evidence.segment is not None:
            pointer = evidence.segment.pieces[0].pointer if evidence.segment.pieces else stands_in.pointer
        return Exhibit(
            path=stands_in.path,
            pointer=pointer_text(pointer or stands_in.pointer),
            place=locator.evidence(evidence),
            segment=evidence.segment.id if evidence.segment else None,
            start=evidence.start,
            end=evidence.end,
            text=evidence.quote,
            note=evidence.note,
        )

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


def _absent(analysis: Analysis, ran: Sequence[str]) -> set[str]:
    """What an exchange has nothing of, so that questions about it make no sense."""
    snapshot = analysis.snapshot
    parts = (*analysis.segments, *snapshot.answer_segments())
    has = {
        "documents": analysis.sourced.informed,
        "corpus": bool(documents(analysis)),
        "answer": bool(snapshot.answer) or snapshot.error is not None,
        "untrusted": any(
            segment.kind in {Kind.DOCUMENT, Kind.TOOL_RESULT} or segment.quoted for segment in analysis.segments
        ),
        "calls": any(segment.call is not None for segment in parts),
        "instructions": "LRC206" not in ran or bool(analysis.constraints.entries),
    }
    return {name for name, there in has.items() if not there}


def _without_history(turn: Analysis) -> Analysis:
    """An earlier turn lets go of its own earlier turns, and of facts that nobody asks of the past."""
    turn.earlier = ()
    for name in ("sourced", "directives", "overrides"):
        vars(turn).pop(name, None)
    return turn


def _met(analysis: Analysis) -> frozenset[Need]:
    """What rules may need and an exchange has."""
    snapshot = analysis.snapshot
    there = {
        Need.RESPONSE: snapshot.has_response,
        Need.REQUEST: snapshot.has_request,
        Need.SESSION: bool(analysis.earlier),
        Need.JUDGE: analysis.options.judge is not None,
    }
    return frozenset(need for need, given in there.items() if given)


def _fingerprint(code: str, hit: Hit) -> str:
    """Stable under moves: the rule and the words it stands on, or the message where there are none."""
    words = [" ".join(evidence.quote.split()) for evidence in hit.evidence if evidence.segment is not None]
    basis = "\x1f".join([code, *sorted(set(words))] if words else [code, hit.message])
    return hashlib.blake2b(basis.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


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
) -> Report:
    """Examine every capture that `paths` mean; `watch` sees results as they come, `opened` each file before it is read.

    `exclude` are shell-like patterns of paths that are left out of folders; `chosen` may leave out more files. With
    `keep`, the report keeps the examined exchanges. Raises `UsageError` where nothing was examined and nothing says why.
    """
    engine = Engine(options)
    report = Report(checked=tuple(rule.code for rule in engine.rules))
    tell = Telling(report, watch, keep=keep)
    seen: set[str] = set()
    left = 0
    for met in walk(paths, exclude):
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
            examine_file(met, engine.examine, options.load, tell, agreements)
    if options.analysis.memo is not None:
        options.analysis.memo.flush()
    if not (report.exchanges or report.unreadable or left):
        raise UsageError(nothing_examined(paths, report))
    if agreements is not None:
        told = len(report.problems)
        agreements.close(report, () if left else paths)
        tell.late(told)
    return report


def nothing_examined(paths: Sequence[str], report: Report) -> str:
    """Return the sentence that says that a run saw no exchange, and what it passed over."""
    over = sum(len(paths) for paths in report.passed_over.values())
    kinds = ", ".join(f"{len(paths)} {kind}" for kind, paths in report.passed_over.items())
    return (
        f"no captures under {', '.join(paths)}: nothing was examined{f'; passed over {over}: {kinds}' if over else ''}"
    )

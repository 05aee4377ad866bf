"""What could be repaired: the repairs that findings offer, alone and together, each examined offline."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from ctxdebug.analysis import Analysis
from ctxdebug.engine.run import Engine
from ctxdebug.errors import UsageError
from ctxdebug.model import Need, RepairKind, Severity
from ctxdebug.proof.fixing.edits import repaired_request
from ctxdebug.records import record, replace
from ctxdebug.rules import catalogue
from ctxdebug.segmentation.repaired import repaired

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ctxdebug.engine.report import Examined
    from ctxdebug.engine.run import RunOptions
    from ctxdebug.model import Finding, Repair, Snapshot
    from ctxdebug.proof.request import Request

_MOVED = 0.1
"""A character that only moves, against one that is new or gone."""


@record(frozen=True, slots=True)
class Proposal:
    """One or more repairs, as an edit of the request, and what the detectors say of it."""

    repairs: tuple[Repair, ...]
    findings: tuple[Finding, ...]
    """Those that offer the repairs."""
    size: int
    """Characters that change; what moves counts a tenth."""
    before: Snapshot
    after: Snapshot
    request: Request | None
    """The request to send; None where it cannot be written."""
    unwritable: str = ""
    """Why it cannot be written."""
    stays: tuple[str, ...] = ()
    """Codes of findings that are still made under the captured answer, which only a new answer can settle."""
    new: tuple[str, ...] = ()
    """Findings of the repaired request that the captured one does not give: code and message."""

    @property
    def title(self) -> str:
        """What to do, in the imperative."""
        return "; ".join(repair.title for repair in self.repairs)

    @property
    def codes(self) -> tuple[str, ...]:
        """The rules whose findings offer the repairs, each once."""
        return tuple(dict.fromkeys(finding.code for finding in self.findings))

    @property
    def meaning(self) -> str:
        """What the repair means for the application: the fix of the finding."""
        return " ".join(self.findings[0].fix.split())


class Repairs:
    """The repairs that the findings of one examined exchange offer."""

    def __init__(self, examined: Examined, request: Request, run: RunOptions) -> None:
        self._examined = examined
        self._request = request
        self._run = run
        self._rules = catalogue(run.own_rules)
        self._engine = Engine(replace(run, steps=False, pedantic=True))
        self._before = self._told(examined.snapshot)
        self._quiet = self._told(_unanswered(examined.snapshot))
        self.unfit: list[tuple[Repair, str]] = []
        """Repairs that do not settle the finding that offers them, or change nothing, with the reason."""

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The findings of the exchange."""
        return self._examined.findings

    def single(self) -> list[Proposal]:
        """Return each repair alone, smallest first; one that several findings offer is one."""
        offered: dict[Repair, list[Finding]] = {}
        for finding in self._examined.findings:
            for repair in finding.repairs:
                offered.setdefault(repair, []).append(finding)
        found = []
        for repair, findings in offered.items():
            proposal = self.proposal((repair,), tuple(findings))
            if reason := self._unfit(proposal):
                self.unfit.append((repair, reason))
            else:
                found.append(proposal)
        return sorted(found, key=lambda proposal: (proposal.size, proposal.codes))

    def pairs(self, singles: Sequence[Proposal]) -> Iterator[Proposal]:
        """Yield two repairs together that can be made at once, smallest first."""
        held = [
            (one, other)
            for number, one in enumerate(singles)
            for other in singles[number + 1 :]
            if _separate(one, other)
        ]
        for one, other in sorted(held, key=lambda pair: pair[0].size + pair[1].size):
            yield self.proposal((*one.repairs, *other.repairs), (*one.findings, *other.findings))

    def all_of(self, singles: Sequence[Proposal]) -> Proposal | None:
        """Return the smallest repair of each finding, all at once; None where fewer than two can be made so."""
        chosen: list[Proposal] = []
        for one in singles:
            known = {code for other in chosen for code in other.codes}
            if not known.intersection(one.codes) and all(_separate(one, other) for other in chosen):
                chosen.append(one)
        if len(chosen) < 2:
            return None
        repairs = tuple(repair for one in chosen for repair in one.repairs)
        return self.proposal(repairs, tuple(finding for one in chosen for finding in one.findings))

    def proposal(self, repairs: tuple[Repair, ...], findings: tuple[Finding, ...]) -> Proposal:
        """Return repairs as an edit of the request, examined as it would be sent."""
        was = self._examined.snapshot
        after, request, unwritable = repaired(was, *repairs), None, ""
        try:
            request = repaired_request(self._request, was, repairs)
        except UsageError as error:
            unwritable = str(error)
        if request is not None:
            after = request.snapshot(self._run)
        answered = _answered(after, was)
        told = self._told(answered)
        stays = [one for one in findings if told[one.code, one.message] >= self._before[one.code, one.message]]
        new = self._told(_unanswered(after)) - self._quiet
        return Proposal(
            repairs, findings, size_of(repairs, was), was, after, request, unwritable,
            tuple(dict.fromkeys(one.code for one in stays)),
            tuple(f"{code} {message}" for code, message in sorted(new) if self._is_loud(code)),
        )  # fmt: skip

    def _unfit(self, proposal: Proposal) -> str:
        if proposal.request is not None and proposal.request.body == self._request.body:
            return "the request as it is sent has no such setting"
        needs = [self._rules[code].needs for code in proposal.stays]
        return "" if all(Need.RESPONSE in need for need in needs) else "the finding stays"

    def _told(self, snapshot: Snapshot) -> Counter[tuple[str, str]]:
        before = self._examined.analysis
        analysis = Analysis(snapshot, self._run.analysis, before.earlier, received=before.received)
        again = self._engine.again(replace(self._examined, analysis=analysis))
        return Counter((finding.code, finding.message) for finding in again.findings)

    def _is_loud(self, code: str) -> bool:
        """Whether a finding that comes with a repair counts against it: a warning or an error that the request did not give before."""
        rule = self._rules[code]
        return rule.severity > Severity.NOTE and not any(known == code for known, _ in self._quiet)


def _answered(after: Snapshot, was: Snapshot) -> Snapshot:
    """Return a request under the answer that was given to it as it was."""
    return replace(after, answer=was.answer, response=was.response, has_response=was.has_response, finish=was.finish)


def _unanswered(snapshot: Snapshot) -> Snapshot:
    return replace(snapshot, answer=(), response=None, has_response=False, finish=None, usage=None, error=None)


def _separate(one: Proposal, other: Proposal) -> bool:
    """Whether two repairs edit different things, so that both can be made at once."""
    mine, theirs = ({*(s for r in p.repairs for s in r.segments)} for p in (one, other))
    settings = {r.setting for r in one.repairs if r.setting} & {r.setting for r in other.repairs if r.setting}
    both_add = all(r.kind is RepairKind.ADD_INSTRUCTION for p in (one, other) for r in p.repairs)
    same_text = {r.text for r in one.repairs} & {r.text for r in other.repairs} if both_add else set()
    return not settings and not same_text and (both_add or not mine & theirs)


def size_of(repairs: Sequence[Repair], snapshot: Snapshot) -> int:
    """Return how much repairs change, in characters; the least change comes first."""
    lengths = {segment.id: len(segment.text) for segment in snapshot.segments()}
    return round(sum(_size(repair, lengths) for repair in repairs))


def _size(repair: Repair, lengths: dict[str, int]) -> float:
    whole = sum(lengths.get(name, 0) for name in repair.segments)
    held = whole if repair.span is None else repair.span[1] - repair.span[0]
    if repair.kind in (RepairKind.MOVE_BLOCK, RepairKind.MERGE_MESSAGES):
        return held * _MOVED
    if repair.kind in (RepairKind.ADD_INSTRUCTION, RepairKind.CHANGE_SETTING):
        return len(repair.text)
    if repair.kind is RepairKind.DELIMIT_TEXT:
        return 2 * len(repair.text) + 7
    restored = sum(len(message.text) for message in repair.restored)
    return max(held, len(repair.text)) + restored

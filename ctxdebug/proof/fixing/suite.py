"""The cases of a suite that pass: a repair must not break them.

A repair is an edit of one request. On another it is the edit that the same rule offers there; an instruction that is
added, and a setting that is changed, are the same everywhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ctxdebug.cases.exchanges import case_snapshot, examine
from ctxdebug.cases.proof import with_answer
from ctxdebug.errors import UsageError
from ctxdebug.model import RepairKind, Role
from ctxdebug.proof.expectation import failure_of
from ctxdebug.proof.fixing.edits import repaired_request
from ctxdebug.proof.fixing.passing import broken
from ctxdebug.proof.request import request_of_case
from ctxdebug.proof.trial import Experiment, RefusedError
from ctxdebug.records import replace

if TYPE_CHECKING:
    from collections.abc import Callable

    from ctxdebug.cases.store import StoredCase
    from ctxdebug.engine.run import RunOptions
    from ctxdebug.model import Repair, Snapshot
    from ctxdebug.proof.fixing.proposals import Proposal
    from ctxdebug.proof.request import Request
    from ctxdebug.proof.sequential import Counts

_RUNS = 5
"""Answers to a case of the suite, before and after; more where one of them fails after."""
_SAME_EVERYWHERE = frozenset({RepairKind.ADD_INSTRUCTION, RepairKind.CHANGE_SETTING})


class SuiteCase:
    """One case, asked through the record and the budget of the experiment that it belongs to."""

    def __init__(
        self, stored: StoredCase, main: Experiment, run: RunOptions, sendable: Callable[[Request], Request]
    ) -> None:
        self.name = stored.case.id
        self._run = run
        self._stored = stored
        self._request = request_of_case(stored)
        self._snapshot = self._request.snapshot(run)
        failure = broken(failure_of(self._snapshot, stored.case.expect))
        self._experiment = main.beside(sendable(self._request), failure)

    def passes(self) -> bool:
        """Whether it passes as it is, so that it can break."""
        return self._before(_RUNS).fails == 0

    def compared(
        self, proposal: Proposal, sendable: Callable[[Request], Request], runs: int
    ) -> tuple[str, Counts, Counts] | None:
        """Return the name and the failures before and after; None where the repair changes nothing here, or cannot be sent."""
        request = self._repaired(proposal)
        if request is None or request.body == self._request.body:
            return None
        sent = sendable(request)
        try:
            after = self._experiment.counts(sent, _RUNS)
            if after.fails:
                return self.name, self._before(runs), self._experiment.counts(sent, runs)
        except RefusedError:
            return None
        return self.name, self._before(_RUNS), after

    def _before(self, runs: int) -> Counts:
        return self._experiment.counts(self._experiment.original, runs)

    def _repaired(self, proposal: Proposal) -> Request | None:
        repairs = [found for repair in proposal.repairs if (found := self._same(repair, proposal.codes)) is not None]
        try:
            return repaired_request(self._request, self._snapshot, repairs) if repairs else None
        except UsageError:
            return None

    def _same(self, repair: Repair, codes: tuple[str, ...]) -> Repair | None:
        """Return what a repair of another request is in this one."""
        if repair.kind in _SAME_EVERYWHERE:
            if repair.kind is RepairKind.CHANGE_SETTING:
                return repair
            system = _last_instruction(self._snapshot)
            return None if system is None else replace(repair, segments=(system,))
        for finding in examine(self._seen(), self._run, codes).findings:
            for offered in finding.repairs:
                if (offered.title, offered.kind) == (repair.title, repair.kind):
                    return offered
        return None

    def _seen(self) -> Snapshot:
        """Return the exchange as the case recorded it: rules look at its answer too."""
        recorded = case_snapshot(self._stored, self._run)
        if self._stored.case.recorded.response is None:
            recorded = with_answer(recorded, *self._stored.answer(self._stored.case.recorded))
        return recorded


def _last_instruction(snapshot: Snapshot) -> str | None:
    found = [segment.id for segment in snapshot.segments() if segment.role in (Role.SYSTEM, Role.DEVELOPER)]
    return found[-1] if found else None

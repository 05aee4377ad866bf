"""Whether an edited request may be sent: checked offline, so that no call is wasted on one that a provider refuses.

The rules on roles and on pairs of calls and results look at it as at any capture; what they find in it and not in the
original is a flaw of the edit.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from ctxdebug.cases.exchanges import examine
from ctxdebug.model import Kind, Role, Severity
from ctxdebug.proof.request_shapes import request_flaw
from ctxdebug.questions import Question
from ctxdebug.rules import catalogue

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ctxdebug.engine.run import RunOptions
    from ctxdebug.model import Snapshot
    from ctxdebug.proof.request import Request


class Validity:
    """Tells flaws of edits of one request."""

    def __init__(self, original: Request, run: RunOptions) -> None:
        self._run = run
        self._codes = tuple(
            code
            for code, rule in catalogue(run.own_rules).items()
            if rule.question is Question.ROLES_IN_ORDER and rule.severity > Severity.NOTE
        )
        before = original.snapshot(run)
        self._had = self._found(before)
        self._not_understood = len(before.not_understood)
        self._ends_with = _last_role(before)
        self._undeclared = _undeclared(before)
        self._accepted: frozenset[str] = frozenset()
        self._accepted = frozenset(self._flaws(original, before))

    def flaw(self, edited: Request, snapshot: Snapshot | None = None) -> str | None:
        """Return why an edited request may not be sent, or None; `snapshot` is its own, where it was read already.

        What is wrong with the original too is no reason: it was sent as it is.
        """
        flaws = self._flaws(edited, snapshot)
        return next((flaw for flaw in flaws if flaw not in self._accepted), None)

    def _flaws(self, edited: Request, snapshot: Snapshot | None) -> Iterator[str]:
        flaw = request_flaw(edited.body, edited.sender.format)
        if flaw is not None:
            yield f"it is no {edited.sender.format} request: {flaw}"
        snapshot = snapshot or edited.snapshot(self._run)
        if not any(segment.role is Role.USER and segment.text.strip() for segment in snapshot.segments()):
            yield "it contains no words of the user"
        if _last_role(snapshot) is Role.ASSISTANT and self._ends_with is not Role.ASSISTANT:
            yield "its last message is the assistant's"
        if len(snapshot.not_understood) > self._not_understood:
            yield "a part of it cannot be read any more"
        if undeclared := _undeclared(snapshot) - self._undeclared:
            yield f"it no longer declares {min(undeclared)}, which a call in it names"
        for code, message in self._found(snapshot) - self._had:
            yield f"{message} ({code})"

    def _found(self, snapshot: Snapshot) -> Counter[tuple[str, str]]:
        if not _has_turns(snapshot):
            return Counter()
        findings = examine(snapshot, self._run, self._codes).findings
        return Counter((finding.code, finding.message) for finding in findings if finding.severity > Severity.NOTE)


def _has_turns(snapshot: Snapshot) -> bool:
    """Whether there is anything that roles or pairs could be wrong about: more than instructions and one user message."""
    return len(snapshot.messages) > 2 or any(segment.kind is Kind.TOOL_CALL for segment in snapshot.segments())


def _undeclared(snapshot: Snapshot) -> set[str]:
    """Return the tools that calls name and the request does not declare."""
    called = {segment.call.name for segment in snapshot.segments() if segment.call is not None}
    return called - {tool.name for tool in snapshot.tools}


def _last_role(snapshot: Snapshot) -> Role | None:
    """Return who speaks last in a request; a last message of the assistant is read as an answer, which a request has not."""
    if snapshot.answer:
        return Role.ASSISTANT
    return snapshot.messages[-1].role if snapshot.messages else None

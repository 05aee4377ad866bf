"""Step 2, the instruction hierarchy: what was examined for each of its questions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ctxdebug.analysis.constraints.compliance_outcome import Outcome
from ctxdebug.analysis.constraints.entry import Examination
from ctxdebug.analysis.constraints.personas import is_bare
from ctxdebug.analysis.directives.wording import carried
from ctxdebug.analysis.message_shape import role_verdict
from ctxdebug.engine.coverage.context import FAILED, NO_ANSWER, answered
from ctxdebug.model import Authority, Kind, Role, Segment
from ctxdebug.questions import Coverage, Question, counted, nothing, unexamined
from ctxdebug.text.languages import languages

if TYPE_CHECKING:
    from ctxdebug.analysis import Analysis
    from ctxdebug.analysis.constraints.entry import Entry

_NONE_RECOGNISED = "no instruction was recognised in the prompt"


def roles(analysis: Analysis) -> Coverage:
    """Return the order of roles, calls and results, and what the provider's own rules say of it."""
    snapshot = analysis.snapshot
    if not snapshot.has_request or not snapshot.messages:
        return unexamined("the request is not in the capture")
    whole = Coverage(1, 1)
    return (
        whole if role_verdict(snapshot).serving is not None else whole.but("the provider and its rules are not known")
    )


def injected(analysis: Analysis) -> Coverage:
    """Every untrusted segment, read for instructions in the languages whose phrases are carried."""
    parts = analysis.segment_readings
    return counted(part.reason for part in parts) if parts else nothing("there is no untrusted content")


def followed(analysis: Analysis) -> Coverage:
    """Return the answer, held against every untrusted segment that was read."""
    found = injected(analysis)
    if found.total == 0:
        return found
    if analysis.snapshot.error is not None:
        return unexamined(FAILED)
    if not analysis.snapshot.answer and not any(s.role is Role.ASSISTANT for s in analysis.segments):
        return unexamined(NO_ANSWER)
    return found if answered(analysis.snapshot) else found.but(NO_ANSWER)


def override(analysis: Analysis) -> Coverage:
    """Return what the user typed, read for attempts to lift the rules."""
    said = [one for one in analysis.segments if one.role is Role.USER and one.kind is Kind.TEXT and one.text.strip()]
    if not any(one.authority > Authority.USER for one in analysis.segments):
        return nothing("there are no rules above the user")
    return counted(_unread(one) for one in said) if said else nothing("the user says nothing")


def _unread(segment: Segment) -> str | None:
    """Why a text could not be read for instructions; None where it was."""
    found = languages(segment.text)
    return f"its language is not read ({found[0]})" if found and carried().isdisjoint(found) else None


def _entries(analysis: Analysis) -> tuple[Entry, ...]:
    return analysis.constraints.binding


def _instructed(analysis: Analysis) -> bool:
    return any(one.authority >= Authority.USER and one.text.strip() for one in analysis.segments)


def consistent(analysis: Analysis) -> Coverage:
    """Every instruction that binds, compared with the others."""
    entries = _entries(analysis)
    if not entries:
        return unexamined(_NONE_RECOGNISED) if _instructed(analysis) else nothing("there are no instructions")
    if len(entries) == 1:
        return nothing("there is only one instruction")
    if not analysis.constraints.compared:
        return unexamined("there are too many instructions to compare", len(entries))
    return counted(_incomparable(entry) for entry in entries)


def _incomparable(entry: Entry) -> str | None:
    if entry.constraint.type == "untyped":
        return "its kind is not known, so it is not compared"
    return "it applies only under a condition" if entry.constraint.condition is not None else None


def placed(analysis: Analysis) -> Coverage:
    """Every recognised instruction, by its place, its authority and its survival."""
    entries = _entries(analysis)
    if not entries:
        return unexamined(_NONE_RECOGNISED) if _instructed(analysis) else nothing("there are no instructions")
    return Coverage(len(entries), len(entries))


def kept(analysis: Analysis) -> Coverage:
    """Every instruction that binds, with what came of holding the answer against it."""
    snapshot, register = analysis.snapshot, analysis.constraints
    entries = [entry for entry in _entries(analysis) if not _moot(entry)]
    if not entries and not register.unread and not _instructed(analysis):
        return nothing("there are no instructions")
    if snapshot.error is not None:
        return unexamined(FAILED)
    if not answered(snapshot):
        return unexamined(NO_ANSWER)
    if not entries and not register.unread:
        return unexamined(_NONE_RECOGNISED)
    judged = (None if entry.examination is not Examination.NOT_CHECKABLE else entry.why for entry in entries)
    return counted((*judged, *(one.why for one in register.unread)))


def _moot(entry: Entry) -> bool:
    """Whether the answer has nothing to keep: it only calls tools so far, or the sentence says what the model is and no more."""
    if entry.constraint.type == "persona" and is_bare(entry.constraint.text):
        return True
    return entry.verdict is not None and entry.verdict.outcome is Outcome.NOT_APPLICABLE


MEASURES = {
    Question.ROLES_IN_ORDER: roles,
    Question.NO_INJECTED_INSTRUCTIONS: injected,
    Question.INJECTION_NOT_FOLLOWED: followed,
    Question.NO_USER_OVERRIDE: override,
    Question.INSTRUCTIONS_CONSISTENT: consistent,
    Question.INSTRUCTIONS_PLACED: placed,
    Question.INSTRUCTIONS_KEPT: kept,
}

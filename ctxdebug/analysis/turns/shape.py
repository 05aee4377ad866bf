"""The shape of a follow-up: whether the model's own answers are in it, and whether it speaks of one that is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ctxdebug.analysis.turns.differences import normalised
from ctxdebug.model import Kind, Role, Segment
from ctxdebug.records import record
from ctxdebug.text.abstention import clarification, declines
from ctxdebug.text.phrases import Occurrence, phrases

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ctxdebug.analysis import Analysis

_LONGEST = 200
"""Characters of a message that may mean little without what was said before; a longer one says what it is about."""

_POINTERS = ("item", "said", "again")
"""Kinds of words that point back by themselves; `open` ones (`there`) may mean something in the same message."""


@record(frozen=True, slots=True)
class Unanchored:
    """A message of the user that points back: characters `start` to `end`, and the answer that it means, where it is known."""

    message: Segment
    start: int
    end: int
    answer: Segment | None


def answers_missing(analysis: Analysis) -> Segment | None:
    """Return the last turn's answer, where this request repeats that turn's messages of the user and none of the model."""
    if not analysis.earlier or _assistant(analysis):
        return None
    before = analysis.earlier[-1].snapshot
    old = [normalised(one.text) for one in before.segments() if one.role is Role.USER and one.text.strip()]
    new = [normalised(one.text) for one in analysis.segments if one.role is Role.USER and one.text.strip()]
    if not old or len(new) <= len(old) or new[: len(old)] != old:
        return None
    return _said(before.answer_segments())


def unanchored(analysis: Analysis) -> Unanchored | None:
    """Return the user's message that points back at an answer, where no answer of the model is in the request."""
    asked = analysis.question
    if asked is None or _assistant(analysis):
        return None
    if sum(one.role is Role.USER and one.kind is Kind.TEXT for one in analysis.segments) > 1:
        return None
    before = analysis.earlier[-1].snapshot if analysis.earlier else None
    found = _pointer_back(asked.text, analysis.answer, _POINTERS if before is not None else ("said",))
    if found is None:
        return None
    return Unanchored(asked, found.start, found.end, None if before is None else _said(before.answer_segments()))


def points_back(text: str, answer: str) -> bool:
    """Whether a short message speaks of something that was said before, and means little without it, as its answer may show."""
    return _pointer_back(text, answer, _POINTERS) is not None


def _pointer_back(text: str, answer: str, labels: tuple[str, ...]) -> Occurrence | None:
    """Return the words that point back; `there` and `it` do where the answer asks what is meant, or does not know."""
    if len(text.strip()) > _LONGEST:
        return None
    found = phrases("points_back").first(text, labels)
    if found is None and (clarification(answer) is not None or declines(answer) is not None):
        found = phrases("points_back").first(text, ("open",))
    return found


def _assistant(analysis: Analysis) -> bool:
    return any(message.role in {Role.ASSISTANT, Role.TOOL} for message in analysis.snapshot.messages)


def _said(segments: Iterable[Segment]) -> Segment | None:
    return next((one for one in segments if one.kind is Kind.TEXT and one.text.strip()), None)

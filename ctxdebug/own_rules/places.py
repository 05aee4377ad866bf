"""Where a rule looks: the answer, the question, or the messages of a role, each as the text that its segments make."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import groupby
from typing import TYPE_CHECKING

from ctxdebug.model import Evidence, Kind, Provenance, Role, Segment, UnseenKind, quote
from ctxdebug.records import record

if TYPE_CHECKING:
    from ctxdebug.analysis import Analysis
    from ctxdebug.own_rules.wanted import Wanted


@record(frozen=True, slots=True)
class Stretch:
    """The segments of one message that a place takes in, in order."""

    segments: tuple[Segment, ...]

    def find(self, wanted: Wanted, note: str) -> Evidence | None:
        """Return the first match of a wanted text as evidence, in the segment in which it begins."""
        span = wanted.find("".join(segment.text for segment in self.segments))
        if span is None:
            return None
        start, end = span
        for segment in self.segments:
            if start < len(segment.text) or segment is self.segments[-1]:
                return quote(segment, start, min(end, len(segment.text)), note)
            start, end = start - len(segment.text), end - len(segment.text)
        return None


@record(frozen=True, slots=True)
class Place:
    """A part of an exchange. `demanded`: a request without it breaks what is required there, as one without instructions does."""

    words: str
    """How a message names it."""
    takes: Callable[[Segment], bool]
    answer: bool = False
    demanded: bool = False


def _spoken(*roles: Role) -> Callable[[Segment], bool]:
    return lambda segment: segment.role in roles and segment.kind is Kind.TEXT


def _document(segment: Segment) -> bool:
    return segment.kind is Kind.DOCUMENT and segment.provenance is not Provenance.AUTHORED


PLACES: Mapping[str, Place] = {
    "answer": Place("the answer", lambda segment: segment.kind is Kind.TEXT, answer=True),
    "question": Place("the question", lambda _: True),
    "system": Place("the system message", lambda segment: segment.role in {Role.SYSTEM, Role.DEVELOPER}, demanded=True),
    "user": Place("the user's messages", _spoken(Role.USER)),
    "assistant": Place("the model's earlier answers", _spoken(Role.ASSISTANT)),
    "tool": Place("the tool results", lambda segment: segment.role is Role.TOOL or segment.kind is Kind.TOOL_RESULT),
    "documents": Place("the documents", _document),
    "prompt": Place("the prompt", lambda _: True, demanded=True),
}

_OF_THE_PROMPT = frozenset(UnseenKind) - {UnseenKind.REASONING}
_OF_THE_ANSWER = frozenset({UnseenKind.REMOVED, UnseenKind.IDS, UnseenKind.NOT_LOGGED})


def stretches(place: str, analysis: Analysis) -> Iterator[Stretch]:
    """Yield the text of a place, message by message."""
    if place == "question":
        if analysis.question is not None:
            yield Stretch((analysis.question,))
        return
    taken = PLACES[place]
    messages = analysis.snapshot.answer if taken.answer else analysis.snapshot.messages
    for message in messages:
        for takes, run in groupby(message.segments, taken.takes):
            if takes:
                yield Stretch(tuple(run))


def hidden(place: str, analysis: Analysis) -> str:
    """Return why the capture may not show all of a place; empty where it does."""
    kinds = _OF_THE_ANSWER if PLACES[place].answer else _OF_THE_PROMPT
    return next((f"not in the capture: {one.what}" for one in analysis.snapshot.unseen if one.kind in kinds), "")

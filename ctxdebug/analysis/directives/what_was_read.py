"""What the model had read when it came to a call: who asked for what, what tools returned, and who named a value first."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from ctxdebug.analysis.directives.asking import Wish, wish
from ctxdebug.analysis.directives.obedience import mentioned, normal
from ctxdebug.analysis.directives.side_effects import deeds_of_call
from ctxdebug.analysis.directives.tracing import PlacedSegment
from ctxdebug.model import Authority, Kind, Provenance, Role, Segment, ToolCall
from ctxdebug.records import record
from ctxdebug.text.patterns import lazy

_GRAVE = frozenset({"pay", "grant", "delete", "send", "publish"})
"""Side effects that a request for other deeds does not bring with it."""
_PART = lazy(r"[^\W\d_]+")
_OUTWARD = frozenset({"send", "publish"})
"""Of these, who asks for one may mean the other: `Post the notes in #news`."""


@record(frozen=True, slots=True)
class TracedValue:
    """A value in a call with side effects: where it stands there, and the untrusted segment that named it first."""

    segment: Segment
    start: int
    end: int
    value: str
    source: Segment
    source_start: int
    source_end: int
    why: str | None
    """Why it is a finding; None where it is only shown."""


def place_of(text: str, value: str) -> tuple[int, int]:
    """Return the characters of a value in a text; the whole text where it stands in another form."""
    at = text.lower().find(value.lower())
    return (at, at + len(value)) if at >= 0 else (0, len(text))


class WhatWasRead:
    """The segments of earlier messages, each looked at once."""

    def __init__(self) -> None:
        self.waiting: deque[PlacedSegment] = deque()
        self.segments: list[Segment] = []
        self.requests: list[Segment] = []
        self.prompts: list[Segment] = []
        self.results: list[Segment] = []

    def reach(self, placed: PlacedSegment) -> None:
        """Take in what was said in earlier messages."""
        while self.waiting and self.waiting[0].message < placed.message:
            self._take(self.waiting.popleft().segment)

    @property
    def wanted(self) -> Wish:
        """What the users asked for so far."""
        return wish((one.id, one.text) for one in self.requests)

    def is_unasked(self, call: ToolCall) -> bool:
        """Whether the users asked for an answer only, or, of a grave deed, for other ones."""
        if not self.requests:
            return False
        asked, kinds = self.wanted, deeds_of_call(call)
        if asked.looking:
            return True
        alike = kinds | _OUTWARD if kinds & _OUTWARD else kinds
        return not kinds.isdisjoint(_GRAVE) and not any(map(asked.may_want, alike))

    def is_own_address(self, value: str) -> bool:
        """Whether an address is made of a name that users or developers say: `emma.johnson@…`, where the user is Emma Johnson."""
        parts = [part for part in _PART.findall(value.partition("@")[0].lower()) if len(part) > 1]
        said = "\n".join(one.text for one in self.said_with_authority()).lower()
        return "@" in value and len(parts) > 1 and all(part in said for part in parts)

    def names(self, tool: str) -> bool:
        """Whether the system or the developer names a tool."""
        return any(tool in segment.text for segment in self.prompts)

    def first_named(self, wanted: str) -> Segment | None:
        """Return the untrusted segment that named a value first; None where somebody with authority or the model did, or nobody."""
        first: Segment | None = None
        for segment in self.segments:
            if mentioned(wanted, normal(segment.text)):
                if segment.authority > Authority.NONE:
                    return None
                first = first or segment
        if first is None or first.provenance is Provenance.MODEL_OUTPUT or first.role is Role.ASSISTANT:
            return None
        return first

    def said_with_authority(self) -> Iterable[Segment]:
        """What users, developers and the system said."""
        return (*self.requests, *self.prompts)

    def _take(self, segment: Segment) -> None:
        self.segments.append(segment)
        if segment.authority is Authority.USER and segment.kind is Kind.TEXT and segment.text.strip():
            self.requests.append(segment)
        elif segment.authority > Authority.USER:
            self.prompts.append(segment)
        elif segment.provenance is Provenance.TOOL_RESULT:
            self.results.append(segment)

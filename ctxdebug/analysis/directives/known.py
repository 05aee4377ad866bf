"""What the model had read when it came to a call, and where a value in it comes from."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from ctxdebug.analysis.directives.beyond import Requests
from ctxdebug.analysis.directives.obedience import mentioned, normal
from ctxdebug.analysis.directives.tracing import PlacedSegment
from ctxdebug.model import Authority, Kind, Provenance, Role, Segment
from ctxdebug.records import record


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


class ReadBefore:
    """The segments of the messages before a call, each looked at once."""

    def __init__(self) -> None:
        self._waiting: deque[PlacedSegment] = deque()
        self.segments: list[Segment] = []
        self.requests = Requests()
        """What people asked for."""
        self.prompts: list[Segment] = []
        self.results: list[Segment] = []
        self._sifted: dict[object, tuple[list[Segment], int]] = {}

    def sifted(self, wanted: Callable[[Segment], bool]) -> list[Segment]:
        """Return the results of tools that are wanted; each is looked at once, however often this is asked."""
        found, seen = self._sifted.get(wanted, ([], 0))
        found += filter(wanted, self.results[seen:])
        self._sifted[wanted] = found, len(self.results)
        return found

    def add(self, placed: PlacedSegment) -> None:
        """Keep a segment until a later message is reached."""
        self._waiting.append(placed)

    def reach(self, placed: PlacedSegment) -> None:
        """Take in what was said in earlier messages."""
        while self._waiting and self._waiting[0].message < placed.message:
            self._take(self._waiting.popleft().segment)

    def names(self, tool: str) -> bool:
        """Whether the system or the developer names a tool."""
        return any(tool in segment.text for segment in self.prompts)

    def said(self, value: str) -> bool:
        """Whether somebody with authority said a value, in these very letters."""
        return any(value in one.text for one in self.segments if one.authority > Authority.NONE)

    def first(self, wanted: str) -> Segment | None:
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

    def _take(self, segment: Segment) -> None:
        self.segments.append(segment)
        if segment.authority is Authority.USER and segment.kind is Kind.TEXT and segment.text.strip():
            self.requests.add(segment.text)
        elif segment.authority > Authority.USER:
            self.prompts.append(segment)
        elif segment.provenance is Provenance.TOOL_RESULT:
            self.results.append(segment)


def place_of(text: str, value: str) -> tuple[int, int]:
    """Return the characters of a value in a text; the whole text where it stands in another form."""
    at = text.lower().find(value.lower())
    return (at, at + len(value)) if at >= 0 else (0, len(text))

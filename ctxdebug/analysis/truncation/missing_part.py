"""Which part of the prompt the missing tokens match: the gap between sent and counted, compared with every block and run of blocks.

The prompt is counted again without each likely candidate; what is then left must be what the provider counted. That is an
inference, and two parts of one size cannot be told apart: both are then named.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from enum import IntEnum
from typing import TYPE_CHECKING

from ctxdebug.analysis.budget.prompt import counted
from ctxdebug.model import Kind, Message, Role, Segment
from ctxdebug.models.serving import self_hosted
from ctxdebug.records import record, replace

if TYPE_CHECKING:
    from ctxdebug.analysis import Analysis
    from ctxdebug.model import Snapshot
    from ctxdebug.tokens.count import Count

_LEADING = frozenset({Role.SYSTEM, Role.DEVELOPER})
_CONFIRMED = 24
"""Candidates that are counted again in full; the nearest by the sum of their segments."""
_FRAME = 4
"""Tokens that frame a message, for the first, rough comparison."""
_SLACK = 16
"""Tokens that a message may differ by in it: a call and its result are framed with more."""
_EXACT = (4, 0.01)
_ESTIMATE = (8, 0.15)
"""How far the provider's count may lie from what a part leaves behind: tokens, and a share of what is left."""
_OWN_SYSTEM = 40
"""Tokens that a server's chat template puts in the place of a system message that does not arrive (SmolLM2: 24, Qwen: 20)."""
_NAMED = 2
"""Explanations that are shown."""


class PartKind(IntEnum):
    """What kind of part is missing; the order is how often servers and proxies lose it."""

    SYSTEM = 0
    TOOLS = 1
    OLDER = 2
    REASONING = 3
    MEDIA = 4
    DOCUMENT = 5
    NEWEST = 6
    MESSAGE = 7


_ALWAYS = frozenset({PartKind.SYSTEM, PartKind.TOOLS, PartKind.MEDIA})
"""Parts that are always counted again: what a provider adds for tools is more than their text."""


@record(frozen=True, slots=True)
class MissingPart:
    """A part of the prompt whose absence explains the provider's count."""

    kind: PartKind
    what: str
    """As in `the missing 29 tokens match …`."""
    segments: tuple[Segment, ...]
    tokens: int
    """How many tokens the part has, as sent."""
    off: int
    """The provider's count, less what this part leaves behind."""


@record(frozen=True, slots=True)
class _Candidate:
    """A run of messages (`start` to `end`, exclusive), or single segments, or the tools, with a rough size in tokens."""

    kind: PartKind
    what: str
    rough: int
    start: int = 0
    end: int = 0
    single: tuple[Segment, ...] = ()
    tools: bool = False

    def segments(self, messages: Sequence[Message]) -> tuple[Segment, ...]:
        """Return the segments of the run, or the single ones."""
        return self.single or tuple(part for message in messages[self.start : self.end] for part in message.segments)


def missing_parts(analysis: Analysis, recorded: int) -> tuple[MissingPart, ...]:
    """Return the parts that the missing tokens match, the likeliest first; empty when none does."""
    total, messages = analysis.prompt.total, analysis.snapshot.messages
    base, share = _tolerance(total)
    near = []
    for number, candidate in enumerate(_candidates(analysis)):
        off = abs(total.value - candidate.rough - recorded)
        slack = base + share * recorded + _SLACK * (1 + candidate.end - candidate.start)
        if candidate.kind in _ALWAYS or off <= 2 * slack:
            near.append((candidate.kind not in _ALWAYS, off, number, candidate))
    own_template = analysis.host is None or self_hosted(analysis.host)
    near.sort(key=lambda entry: entry[:3])
    found = []
    for *_, candidate in near[:_CONFIRMED]:
        left = counted(_without(analysis.snapshot, candidate), analysis.model, analysis.options).total.value
        off = recorded - left
        own = _OWN_SYSTEM if candidate.kind is PartKind.SYSTEM and not total.exact and own_template else 0
        if -base - share * left <= off <= base + share * left + own and left < total.value:
            found.append(
                MissingPart(candidate.kind, candidate.what, candidate.segments(messages), total.value - left, off)
            )
    order = sorted(
        found, key=lambda part: (_rank(part, base + share * recorded), part.kind, _splits_turn(messages, part))
    )
    return tuple(order[:_NAMED])


def _tolerance(total: Count) -> tuple[float, float]:
    if total.exact:
        return _EXACT
    base, share = _ESTIMATE
    return base, min(share, (total.value - total.low) / max(1, total.value))


def _rank(part: MissingPart, tolerance: float) -> int:
    """How well a part fits, in thirds of the tolerance; within one third, the kind that is lost more often comes first."""
    return int(3 * abs(part.off) / max(1.0, tolerance))


def _splits_turn(messages: Sequence[Message], part: MissingPart) -> bool:
    """Whether the oldest messages that are left would begin with an answer: trimmers seldom cut there."""
    gone = {segment.id.partition(".")[0] for segment in part.segments}
    left = next((one for one in messages if one.role not in _LEADING and f"m{one.index}" not in gone), None)
    return part.kind is PartKind.OLDER and left is not None and left.role is not Role.USER


def _candidates(analysis: Analysis) -> Iterator[_Candidate]:
    """Every block and run of blocks that a server or proxy may have left out."""
    messages = analysis.snapshot.messages
    sizes = [_FRAME + _size(analysis, message.segments) for message in messages]
    head = next((at for at, message in enumerate(messages) if message.role not in _LEADING), len(messages))
    system, tools = sum(sizes[:head]), analysis.prompt.tools.value
    if head and head < len(messages):
        yield _Candidate(PartKind.SYSTEM, _system(head), system, 0, head)
    if tools:
        yield _Candidate(PartKind.TOOLS, "the tool declarations", tools, tools=True)
        if head:
            both = f"{_system(head)} and the tool declarations"
            yield _Candidate(PartKind.TOOLS, both, system + tools, 0, head, tools=True)
    yield from _runs(messages, sizes, head)
    yield from _single(analysis, messages, sizes, head)


def _system(number: int) -> str:
    return "the system message" if number == 1 else f"the {number} system messages"


def _runs(messages: Sequence[Message], sizes: Sequence[int], head: int) -> Iterator[_Candidate]:
    """Yield the first and the last n messages; the first also together with the system message."""
    before = sum(sizes[:head])
    size = 0
    for at in range(head, len(messages) - 1):
        size += sizes[at]
        oldest = _first(at + 1 - head)
        yield _Candidate(PartKind.OLDER, oldest, size, head, at + 1)
        if head:
            yield _Candidate(PartKind.OLDER, f"{_system(head)} and {oldest}", before + size, 0, at + 1)
    size = 0
    for at in range(len(messages) - 1, head, -1):
        size += sizes[at]
        number = len(messages) - at
        what = "the last message" if number == 1 else f"the last {number} messages"
        yield _Candidate(PartKind.NEWEST, what, size, at, len(messages))


def _first(number: int) -> str:
    return "the oldest message" if number == 1 else f"the oldest {number} messages"


def _single(analysis: Analysis, messages: Sequence[Message], sizes: Sequence[int], head: int) -> Iterator[_Candidate]:
    """One message of the middle, one document or tool result, all earlier reasoning, all images."""
    for at in range(head + 1, len(messages) - 1):
        message = messages[at]
        yield _Candidate(PartKind.MESSAGE, f"message {message.index} ({message.captured_role})", sizes[at], at, at + 1)
    every = [segment for message in messages for segment in message.segments]
    for segment in every:
        if segment.kind in {Kind.DOCUMENT, Kind.TOOL_RESULT}:
            yield _Candidate(PartKind.DOCUMENT, _document(segment), _size(analysis, (segment,)), single=(segment,))
    for kind, part, what in (
        (Kind.THINKING, PartKind.REASONING, "the earlier reasoning"),
        (Kind.MEDIA, PartKind.MEDIA, "the images"),
    ):
        held = tuple(segment for segment in every if segment.kind is kind)
        if held:
            yield _Candidate(part, what, _size(analysis, held), single=held)


def _document(segment: Segment) -> str:
    if segment.kind is Kind.DOCUMENT:
        name = segment.document.id or segment.document.title if segment.document else None
        return f"the document {name}" if name else f"the document in message {segment.id.partition('.')[0][1:]}"
    return (
        f"a result of {segment.tool}"
        if segment.tool
        else f"the tool result in message {segment.id.partition('.')[0][1:]}"
    )


def _size(analysis: Analysis, segments: Iterable[Segment]) -> int:
    return sum(analysis.prompt.segments[segment.id].value for segment in segments)


def _without(snapshot: Snapshot, candidate: _Candidate) -> Snapshot:
    """Return the request, had the candidate never been in it; a message that is left empty is gone too."""
    gone = {segment.id for segment in candidate.segments(snapshot.messages)}
    messages = []
    for message in snapshot.messages:
        kept = tuple(segment for segment in message.segments if segment.id not in gone)
        if kept or not message.segments:
            messages.append(message if len(kept) == len(message.segments) else replace(message, segments=kept))
    return replace(snapshot, messages=tuple(messages), tools=() if candidate.tools else snapshot.tools)

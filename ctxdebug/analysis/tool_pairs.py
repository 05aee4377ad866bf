"""Which tool calls have no result, and which results no call."""

from __future__ import annotations

from collections.abc import Iterator

from ctxdebug.model import Kind, Segment, Snapshot


def unpaired(snapshot: Snapshot) -> Iterator[tuple[Segment, str]]:
    """Segments and their fault: `no result`, `no call` or `twice`. A call in the last message may still be open."""
    calls: dict[str, tuple[int, Segment]] = {}
    answered: set[str] = set()
    seen: set[tuple[str, int]] = set()
    for message in snapshot.messages:
        for segment in message.segments:
            if segment.kind is Kind.TOOL_CALL and segment.call is not None and segment.call.id:
                calls[segment.call.id] = (message.index, segment)
            elif segment.call_id is not None:
                yield from _result(segment, message.index, calls, answered, seen)
    last = len(snapshot.messages) - 1
    for call_id, (index, segment) in calls.items():
        assert segment.call is not None
        if call_id not in answered and index != last and not segment.call.server_side:
            yield segment, "no result"


def _result(
    segment: Segment, index: int, calls: dict[str, tuple[int, Segment]], answered: set[str], seen: set[tuple[str, int]]
) -> Iterator[tuple[Segment, str]]:
    call_id = segment.call_id
    assert call_id is not None
    if (call_id, index) in seen:
        return
    seen.add((call_id, index))
    if call_id not in calls:
        yield segment, "no call"
    elif call_id in answered:
        yield segment, "twice"
    answered.add(call_id)

"""Which tool calls have no result, and which results no call.

Calls and results are paired in order, because agents reuse ids: a call opens its id again, whoever had it before.
Formats whose results carry no id answer the oldest call that is still open.
"""

from __future__ import annotations

from collections.abc import Iterator

from ctxdebug.model import Authority, Kind, Message, Role, Segment, Snapshot

_KEPT_ELSEWHERE = frozenset({"previous_response_id", "conversation", "conversation_id", "context"})
"""Request keys that name turns which the server holds."""


def kept_on_server(snapshot: Snapshot) -> str | None:
    """Why earlier turns may stand on the server and not in the capture; None when nothing says so."""
    if snapshot.previous is not None:
        return "earlier turns are on the server (previous_response_id)"
    for unseen in snapshot.unseen:
        if unseen.pointer and unseen.pointer[-1] in _KEPT_ELSEWHERE:
            return f"part of the conversation is on the server ({unseen.what})"
    if _only_results(snapshot) and snapshot.has_response and snapshot.error is None:
        return "the capture contains only the newest tool results of a request that was answered"
    return None


def _only_results(snapshot: Snapshot) -> bool:
    """Whether a request consists of tool results, as logs show it that keep the difference to the turn before."""
    spoken = [segment for segment in snapshot.segments() if segment.authority < Authority.DEVELOPER]
    return bool(spoken) and all(segment.kind is Kind.TOOL_RESULT or segment.call_id for segment in spoken)


def unpaired(snapshot: Snapshot) -> Iterator[tuple[Segment, str]]:
    """Segments and their fault: `no result`, `no call` or `twice`. A call in the last message may still be open."""
    pairs = _Pairs()
    for message in snapshot.messages:
        yield from pairs.read(message)
    last = _last_speaking(snapshot)
    for index, segment in pairs.open.values():
        assert segment.call is not None
        if index < last and not segment.call.server_side:
            yield segment, "no result"
    yield from pairs.buried


def _last_speaking(snapshot: Snapshot) -> int:
    """Return the last message that says anything; a call in it, or in the assistant's turn that it ends, is still open.

    A log may end between the results of parallel calls, so there the results at its end do not close the turn.
    """
    index = len(snapshot.messages) - 1
    if snapshot.request is None and not snapshot.answer:
        while index > 0 and _is_results(snapshot.messages[index]):
            index -= 1
    while (
        index > 0
        and snapshot.messages[index].role is Role.ASSISTANT
        and snapshot.messages[index - 1].role is Role.ASSISTANT
    ):
        index -= 1
    return index


def _is_results(message: Message) -> bool:
    return bool(message.segments) and all(segment.kind is Kind.TOOL_RESULT for segment in message.segments)


class _Pairs:
    """The calls that wait for a result, by id, in the order in which they were made."""

    def __init__(self) -> None:
        self.open: dict[str, tuple[int, Segment]] = {}
        self.buried: list[tuple[Segment, str]] = []
        """Calls whose id was taken by a later call before they were answered."""
        self._answered: dict[str, int] = {}

    def read(self, message: Message) -> Iterator[tuple[Segment, str]]:
        """Open the message's calls, and close those that it answers; yield the results that fit none."""
        for segment in message.segments:
            if segment.kind is Kind.TOOL_CALL and segment.call is not None and segment.call.id:
                waiting = self.open.get(segment.call.id)
                if waiting is not None and waiting[0] != message.index and not segment.call.server_side:
                    self.buried.append((waiting[1], "no result"))
                self.open[segment.call.id] = (message.index, segment)
                self._answered.pop(segment.call.id, None)
            elif segment.call_id is not None:
                yield from self._answer(segment, segment.call_id, message.index)
            elif segment.kind is Kind.TOOL_RESULT and self.open:
                self._close_oldest()

    def _answer(self, segment: Segment, call_id: str, index: int) -> Iterator[tuple[Segment, str]]:
        if self.open.pop(call_id, None) is not None:
            self._answered[call_id] = index
        elif call_id not in self._answered:
            self._answered[call_id] = index
            yield segment, "no call"
        elif self._answered[call_id] != index:
            self._answered[call_id] = index
            yield segment, "twice"

    def _close_oldest(self) -> None:
        oldest = next(iter(self.open))
        self._answered[oldest] = self.open.pop(oldest)[0]

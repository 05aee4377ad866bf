"""A request's messages as a role check sees them: who speaks, in which place, with which calls and results."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ctxdebug.model import Kind, Message, Role, Segment
from ctxdebug.models.providers import provider_facts
from ctxdebug.models.serving import serving
from ctxdebug.records import record, replace

if TYPE_CHECKING:
    from ctxdebug.model import Pointer, Snapshot

LISTS = frozenset({"messages", "contents", "input"})
"""The keys under which wire formats keep their message list."""


@record(frozen=True, slots=True)
class Turn:
    """One message. `index` is its place in the captured list; None for system text that stands outside it."""

    message: Message
    index: int | None
    role: Role
    captured: str
    calls: tuple[Segment, ...]
    """The client-side calls that it makes."""
    results: tuple[Segment, ...]
    """The first segment of each result that it gives."""
    serves: bool
    """Whether it holds a call that the server itself runs."""
    prefix: bool = False
    """Whether the request marks it as the beginning of the answer (Mistral, DeepSeek)."""

    @property
    def spoken(self) -> bool:
        """Whether it says something besides calls and results."""
        return any(segment.kind not in {Kind.TOOL_CALL, Kind.TOOL_RESULT} for segment in self.message.segments)


@record(frozen=True, slots=True)
class RoleTurns:
    """The turns of a request, and its raw item list where the wire format has one (Responses)."""

    turns: tuple[Turn, ...]
    items: tuple[Any, ...]
    at: Pointer
    remembers: bool
    """Whether the server holds earlier turns that the request does not show."""
    merges: bool = False
    """Whether the provider reads messages of one role in a row as one."""

    @property
    def listed(self) -> tuple[Turn, ...]:
        """The turns that stand in the message list."""
        return tuple(turn for turn in self.turns if turn.index is not None)

    @property
    def read(self) -> tuple[Turn, ...]:
        """The listed turns as the provider reads them: of one role in a row, merged where it merges them."""
        if not self.merges:
            return self.listed
        merged: list[Turn] = []
        for turn in self.listed:
            before = merged[-1] if merged else None
            if before and before.role is turn.role and turn.role is not Role.SYSTEM:
                merged[-1] = replace(
                    before, calls=before.calls + turn.calls, results=before.results + turn.results, serves=turn.serves
                )
            else:
                merged.append(turn)
        return tuple(merged)


_latest: list[tuple[Snapshot, RoleTurns]] = []
"""The last reading: every rule of an exchange asks for it, one after the other."""


def read_turns(snapshot: Snapshot) -> RoleTurns:
    """Read the turns; in a transcript, leading system text counts as outside the list where the provider keeps it there."""
    if not _latest or _latest[0][0] is not snapshot:
        _latest[:] = [(snapshot, _read(snapshot))]
    return _latest[0][1]


def _read(snapshot: Snapshot) -> RoleTurns:
    served = serving(snapshot.provider, snapshot.url, snapshot.format, snapshot.model)
    facts = provider_facts(served.host) if served else None
    turns = [_turn(message) for message in snapshot.messages]
    if snapshot.format == "transcript":
        turns = _as_sent(turns, outside=bool(facts and facts.top_level_system))
    request = snapshot.request if isinstance(snapshot.request, dict) else {}
    turns = [_marked(turn, request.get("messages")) for turn in turns]
    items = request.get("input")
    held = any(request.get(key) for key in ("previous_response_id", "conversation", "prompt")) or bool(
        snapshot.previous
    )
    return RoleTurns(
        tuple(turns),
        tuple(items) if isinstance(items, list) else (),
        (*snapshot.request_at, "input"),
        remembers=held,
        merges=bool(facts and facts.alternation == "merged"),
    )


def _turn(message: Message) -> Turn:
    calls = [segment for segment in message.segments if segment.kind is Kind.TOOL_CALL and segment.call]
    results: dict[str | None, Segment] = {}
    if message.role is not Role.ASSISTANT:
        for segment in message.segments:
            if segment.call_id is not None or segment.kind is Kind.TOOL_RESULT:
                results.setdefault(segment.call_id, segment)
    return Turn(
        message,
        _index(message.pointer),
        message.role,
        message.captured_role,
        tuple(segment for segment in calls if segment.call and not segment.call.server_side),
        tuple(results.values()),
        serves=any(segment.call and segment.call.server_side for segment in calls),
    )


def _marked(turn: Turn, messages: Any) -> Turn:
    raw = (
        messages[turn.index]
        if isinstance(messages, list) and turn.index is not None and turn.index < len(messages)
        else None
    )
    return replace(turn, prefix=True) if isinstance(raw, dict) and raw.get("prefix") is True else turn


def _index(pointer: Pointer) -> int | None:
    """Return the place in the list that a message's pointer ends with; None outside every list."""
    last = pointer[-1] if pointer else None
    if not isinstance(last, int):
        return None
    before = pointer[-2] if len(pointer) > 1 else None
    return None if isinstance(before, str) and before not in LISTS else last


def _as_sent(turns: list[Turn], *, outside: bool) -> list[Turn]:
    """Number a transcript's messages as the provider would get them, leading system text `outside` the list or in it."""
    numbered: list[Turn] = []
    index = 0
    for turn in turns:
        top = outside and index == 0 and turn.role is Role.SYSTEM
        numbered.append(replace(turn, index=None if top else index))
        index += 0 if top else 1
    return numbered


def part_index(segment: Segment) -> int:
    """Return the place of a segment's block in its message's content; 0 where the content is a plain string."""
    pointer = segment.pieces[0].pointer if segment.pieces else ()
    for position, step in enumerate(pointer):
        following = pointer[position + 1] if position + 1 < len(pointer) else None
        if step in {"content", "parts"} and isinstance(following, int):
            return following
    return 0

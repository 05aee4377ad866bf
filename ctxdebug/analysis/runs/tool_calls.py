"""The tool calls of a run, each with its result: what was asked for again, and what came of it."""

from __future__ import annotations

import json
from collections import defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ctxdebug.analysis.runs.thresholds import REREAD, REREAD_CHARACTERS
from ctxdebug.analysis.turns.differences import folded
from ctxdebug.model import Evidence, Kind, Message, Role, Segment, ToolCall, whole
from ctxdebug.records import record, replace

if TYPE_CHECKING:
    from ctxdebug.analysis import Analysis

_LONGEST_NAME = 60
"""Characters of an argument by which a call is named to people."""


@record(frozen=True, slots=True)
class ToolUse:
    """A call that the model made and what was returned: `message` is where the call is; without a result, `result` is empty."""

    call: ToolCall
    segment: Segment
    message: int
    result: tuple[Segment, ...]
    key: str
    """The tool and what it was asked for, the same however the arguments are written."""
    context: int | None = None
    """Which of the session's earlier turns it stands in; None for the turn that is looked at."""

    @property
    def text(self) -> str:
        """Everything that was returned."""
        return "".join(segment.text for segment in self.result)

    @property
    def outcome(self) -> int:
        """A hash of what was returned, the same however its white space runs."""
        return hash(tuple(folded(segment.text) for segment in self.result))

    @property
    def failed(self) -> bool:
        """Whether the harness marks the result as an error."""
        return any(segment.is_error for segment in self.result)

    @property
    def title(self) -> str:
        """The call as people name it: the tool, and the file, address or command it was given."""
        return title(self.call)


@cache
def _words() -> Mapping[str, Any]:
    words: Mapping[str, Any] = json.loads(Path(__file__).with_name("tool_calls.json").read_text("utf-8"))
    return words


def title(call: ToolCall) -> str:
    """Return a call as `read(auth.py)`."""
    arguments = call.parsed if isinstance(call.parsed, dict) else {}
    value = next((arguments[name] for name in _words()["target"] if isinstance(arguments.get(name), str)), None)
    if value is None:
        value = next(
            (held for held in arguments.values() if isinstance(held, str)),
            "" if isinstance(call.parsed, dict) else call.arguments,
        )
    words = " ".join(value.split())
    if "/" in words and " " not in words and "://" not in words:
        words = words.rstrip("/").rpartition("/")[2] or words
    return f"{call.name}({words[: _LONGEST_NAME - 1] + '…' if len(words) > _LONGEST_NAME else words})"


def key_of(call: ToolCall) -> str:
    """Return what a call asks for: tool and arguments, without what is said for people."""
    if not isinstance(call.parsed, dict):
        return f"{call.name} {' '.join(call.arguments.split())}"
    held = {name: value for name, value in call.parsed.items() if name not in _words()["cosmetic"]}
    return f"{call.name} {json.dumps(held, sort_keys=True, ensure_ascii=False)}"


def tool_uses(messages: Iterable[Message]) -> tuple[ToolUse, ...]:
    """Return the calls of the model in order, each with its result: by its id, else the next results in turn."""
    rows = list(messages)
    waiting: deque[int] = deque()
    by_id: dict[str, int] = {}
    calls: list[tuple[ToolCall, Segment, int]] = []
    results: dict[int, list[Segment]] = defaultdict(list)
    seen: dict[str, int] = {}
    for message in rows:
        for segment in message.segments:
            if segment.kind is Kind.TOOL_CALL and segment.call is not None:
                if segment.call.id:
                    by_id[segment.call.id] = len(calls)
                waiting.append(len(calls))
                calls.append((segment.call, segment, message.index))
            elif segment.kind is Kind.TOOL_RESULT or (segment.kind is Kind.DOCUMENT and segment.role is Role.TOOL):
                at = _answered(segment, by_id, waiting, seen)
                if at is not None:
                    results[at].append(segment)
    return tuple(
        ToolUse(call, segment, message, tuple(results[number]), key_of(call))
        for number, (call, segment, message) in enumerate(calls)
    )


def _answered(segment: Segment, by_id: dict[str, int], waiting: deque[int], seen: dict[str, int]) -> int | None:
    """Return the number of the call that a result answers."""
    if segment.call_id is not None:
        return by_id.get(segment.call_id)
    message = segment.id.partition(".")[0]
    if message not in seen:
        if not waiting:
            return None
        seen[message] = waiting.popleft()
    return seen[message]


def uses_of_run(analysis: Analysis) -> tuple[ToolUse, ...]:
    """Return the calls of a context, after those of earlier contexts of the session that are not in it any more."""
    own = tool_uses(analysis.snapshot.messages)
    known = {use.call.id for use in own if use.call.id}
    if not analysis.earlier or not known:
        return own
    before: dict[str, ToolUse] = {}
    for number, earlier in enumerate(analysis.earlier):
        for use in earlier.tool_uses:
            if use.call.id and use.call.id not in known and use.context is None:
                before.setdefault(use.call.id, replace(use, context=number))
    return (*before.values(), *own)


def shown(analysis: Analysis, use: ToolUse, note: str) -> Evidence:
    """Return a call's result as evidence, wherever in the session it stands."""
    evidence = whole(use.result[0] if use.result else use.segment, note)
    return evidence if use.context is None else replace(evidence, snapshot=analysis.earlier[use.context].snapshot)


@record(frozen=True, slots=True)
class Repeated:
    """Calls that ask for the same and were returned the same text, in order."""

    uses: tuple[ToolUse, ...]

    @property
    def times(self) -> int:
        """How often."""
        return len(self.uses)

    def overlaps(self, other: Repeated) -> bool:
        """Whether two groups are at the same stretch of the run."""
        return self.uses[0].message <= other.uses[-1].message and other.uses[0].message <= self.uses[-1].message


def rereads(uses: Sequence[ToolUse], least_characters: int) -> list[Repeated]:
    """Return the calls that brought the same long text more than once, the most frequent first."""
    groups: dict[tuple[str, int], list[ToolUse]] = defaultdict(list)
    for use in uses:
        if use.result and not use.failed and sum(len(part.text) for part in use.result) >= least_characters:
            groups[use.key, use.outcome].append(use)
    found = [Repeated(tuple(group)) for group in groups.values() if len(group) > 1]
    return sorted(found, key=lambda group: -group.times)


def reread_segments(analysis: Analysis) -> frozenset[str]:
    """Return the ids of the segments that calls brought again so often that MEM207 reports them."""
    groups = rereads(analysis.tool_uses, REREAD_CHARACTERS)
    return frozenset(
        part.id
        for group in groups
        if group.times >= REREAD
        for use in group.uses
        if use.context is None
        for part in use.result
    )


def loops(messages: Sequence[Message], uses: Sequence[ToolUse], least: int) -> list[Repeated]:
    """Return the calls that were made at least `least` times with the same result while nothing new was learnt.

    New is a message of the user, and a call or a result that was not there before; then counting begins again.
    """
    spoken = [message.index for message in messages if message.role is Role.USER and not _only_results(message)]
    found: dict[tuple[str, int], list[ToolUse]] = {}
    seen: set[tuple[str, int]] = set()
    under_way: dict[tuple[str, int], list[ToolUse]] = {}
    user = iter([*spoken, float("inf")])
    next_user = next(user)
    for use in uses:
        if not use.result:
            continue
        while next_user < use.message:
            seen, under_way, next_user = set(), {}, next(user)
        what = (use.key, use.outcome)
        if what not in seen:
            seen.add(what)
            under_way = {}
        group = under_way.setdefault(what, [])
        group.append(use)
        if len(group) >= least and len(group) >= len(found.get(what, ())):
            found[what] = group
    kept: list[Repeated] = []
    for repeated in sorted((Repeated(tuple(held)) for held in found.values()), key=lambda one: -one.times):
        if not any(repeated.overlaps(other) for other in kept):
            kept.append(repeated)  # of a circle of several calls, the one that came most often stands for all
    return kept


def _only_results(message: Message) -> bool:
    return all(segment.kind in {Kind.TOOL_RESULT, Kind.DOCUMENT, Kind.OPAQUE} for segment in message.segments)

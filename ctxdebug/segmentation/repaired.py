"""Put repairs into an assembled request, so that it can be examined or sent again."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ctxdebug.model import Authority, Kind, Provenance, RepairKind, Role, Trust
from ctxdebug.records import record, replace
from ctxdebug.text.patterns import lazy

if TYPE_CHECKING:
    from ctxdebug.model import Message, Repair, Segment, Snapshot

_OPENING_TAG = lazy(r"<([A-Za-z][\w.-]{0,40})(?:\s[^<>]{0,400})?>\s{0,4}\Z")
_AUTHOR = {Role.SYSTEM: Provenance.AUTHORED, Role.DEVELOPER: Provenance.AUTHORED, Role.USER: Provenance.USER_INPUT}
_CLOSING_TAG = lazy(r"\s{0,4}</([A-Za-z][\w.-]{0,40})>\n{0,2}")


@record(slots=True)
class _Turn:
    """A message whose segments change."""

    message: Message
    segments: list[Segment]


def repaired(snapshot: Snapshot, *repairs: Repair) -> Snapshot:
    """Return the request with repairs put into it, in their order, and not answered yet.

    Segments are numbered anew, and remember no place of the captured file. A repair that names a segment which an
    earlier one removed does nothing.
    """
    turns = [_Turn(message, list(message.segments)) for message in snapshot.messages]
    settings, tools = snapshot.settings, snapshot.tools
    for repair in repairs:
        if repair.kind is RepairKind.CHANGE_SETTING:
            settings = replace(settings, **{repair.setting: json.loads(repair.text)})
        elif repair.kind is RepairKind.REMOVE_TOOL:
            tools = tuple(tool for tool in tools if tool.pointer != repair.tool)
        else:
            _EDITS[repair.kind](turns, repair)
    return replace(
        snapshot, messages=_numbered(turns), settings=settings, tools=tools, request=None,
        answer=(), response=None, has_response=False, answered_by=None, usage=None, finish=None, error=None, status=None, id=None,
    )  # fmt: skip


def _numbered(turns: list[_Turn]) -> tuple[Message, ...]:
    """Return the messages that are left, with new numbers."""
    left = [turn for turn in turns if turn.segments]
    return tuple(
        replace(
            turn.message,
            index=index,
            segments=tuple(
                replace(segment, id=f"m{index}.s{number}", pieces=()) for number, segment in enumerate(turn.segments)
            ),
        )
        for index, turn in enumerate(left)
    )


def _add(turns: list[_Turn], repair: Repair) -> None:
    for turn in turns:
        for index, segment in enumerate(turn.segments):
            if segment.id in repair.segments:
                blank = "" if segment.text.endswith((" ", "\n")) else " "
                turn.segments[index] = replace(segment, text=f"{segment.text}{blank}{repair.text}")


def _replace(turns: list[_Turn], repair: Repair) -> None:
    for turn in turns:
        for index, segment in enumerate(turn.segments):
            if segment.id in repair.segments:
                start, end = repair.span or (0, len(segment.text))
                turn.segments[index] = replace(segment, text=segment.text[:start] + repair.text + segment.text[end:])


def _delimit(turns: list[_Turn], repair: Repair) -> None:
    """Set text off by tags, as segmentation would cut it: the tags are the author's, and what is in them has no authority."""
    for turn in turns:
        for index, segment in reversed(list(enumerate(turn.segments))):
            if segment.id in repair.segments:
                start, end = repair.span or (0, len(segment.text))
                tags = replace(
                    segment, kind=Kind.TEXT, document=None, provenance=_AUTHOR.get(segment.role, segment.provenance)
                )
                turn.segments[index : index + 1] = [
                    replace(tags, text=f"{segment.text[:start]}\n<{repair.text}>\n"),
                    replace(segment, text=segment.text[start:end], authority=Authority.NONE, trust=Trust.UNTRUSTED, quoted=True),
                    replace(tags, text=f"\n</{repair.text}>\n{segment.text[end:]}"),
                ]  # fmt: skip


def _remove(turns: list[_Turn], repair: Repair) -> None:
    for turn in turns:
        for index, segment in reversed(list(enumerate(turn.segments))):
            if segment.id in repair.segments:
                _undress(turn.segments, index)
                del turn.segments[index]


def _undress(segments: list[Segment], index: int) -> None:
    """Take the tags of a block away with it, where it is alone between them."""
    if not 0 < index < len(segments) - 1:
        return
    opening = _OPENING_TAG.search(segments[index - 1].text[-500:])
    closing = _CLOSING_TAG.match(segments[index + 1].text)
    if opening and closing and opening[1] == closing[1]:
        before, after = segments[index - 1], segments[index + 1]
        segments[index - 1] = replace(before, text=before.text[: len(before.text) - len(opening[0])])
        segments[index + 1] = replace(after, text=after.text[closing.end() :])


def _move(turns: list[_Turn], repair: Repair) -> None:
    """Move segments, with their message where all of it goes; or a stretch of one segment."""
    if repair.span is not None:
        _move_text(turns, repair)
        return
    whole = [turn for turn in turns if all(segment.id in repair.segments for segment in turn.segments)]
    if whole:
        turns[:] = [turn for turn in turns if turn not in whole]
        at, _ = _place(turns, repair.before)
        turns[at:at] = whole
        return
    by_id = {segment.id: segment for turn in turns for segment in turn.segments if segment.id in repair.segments}
    moved = [by_id[name] for name in repair.segments if name in by_id]
    for turn in turns:
        turn.segments = [segment for segment in turn.segments if segment.id not in by_id]
    at, inside = _place(turns, repair.before)
    turn = turns[min(at, len(turns) - 1)]
    position = inside if repair.before else len(turn.segments)
    turn.segments[position:position] = moved


def _move_text(turns: list[_Turn], repair: Repair) -> None:
    start, end = repair.span or (0, 0)
    cut = [segment.text[start:end] for turn in turns for segment in turn.segments if segment.id in repair.segments]
    _replace(turns, replace(repair, text=""))
    if cut and turns and turns[-1].segments:
        last = turns[-1].segments[-1]
        turns[-1].segments[-1] = replace(last, text=f"{last.text}\n{cut[0].strip()}")


def _place(turns: list[_Turn], before: str) -> tuple[int, int]:
    """Return the message and the position in it that a segment has; the end of the request without one."""
    for at, turn in enumerate(turns):
        for inside, segment in enumerate(turn.segments):
            if segment.id == before:
                return at, inside
    return len(turns), 0


def _merge(turns: list[_Turn], repair: Repair) -> None:
    """Put the segments of several messages into the first of them; a message that says the same again is left out."""
    merged = [turn for turn in turns if any(segment.id in repair.segments for segment in turn.segments)]
    seen = [turn.message.text.split() for turn in merged[:1]]
    for turn in merged[1:]:
        if turn.message.text.split() not in seen:
            seen.append(turn.message.text.split())
            first, *others = turn.segments
            merged[0].segments += [replace(first, text=f"\n\n{first.text}"), *others]
        turn.segments = []


def _restore(turns: list[_Turn], repair: Repair) -> None:
    at, _ = _place(turns, repair.before)
    turns[at:at] = [_Turn(message, list(message.segments)) for message in repair.restored]


_EDITS: dict[RepairKind, Any] = {
    RepairKind.ADD_INSTRUCTION: _add,
    RepairKind.REPLACE_TEXT: _replace,
    RepairKind.DELIMIT_TEXT: _delimit,
    RepairKind.REMOVE_BLOCK: _remove,
    RepairKind.PAIR_CALLS: _remove,
    RepairKind.MOVE_BLOCK: _move,
    RepairKind.MERGE_MESSAGES: _merge,
    RepairKind.RESTORE_CONTENT: _restore,
}

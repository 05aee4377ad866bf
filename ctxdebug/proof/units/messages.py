"""Messages as units; one that makes calls goes with the results of its calls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ctxdebug.model import Decoding, Kind, Role
from ctxdebug.proof.units.unit import Cut, Unit, UnitKind
from ctxdebug.text.printable import excerpt

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ctxdebug.model import Message, Pointer, Segment, Snapshot
    from ctxdebug.proof.units.unit import Path

BASE = 3
"""Steps of a pointer that lead to the body."""
_SHOWN = 90


def message_units(snapshot: Snapshot) -> Iterator[Unit]:
    """Yield the messages of a request but the last of the user, which asks."""
    asked = next((message for message in reversed(snapshot.messages) if _asks(message)), None)
    results = _results(snapshot)
    for message in snapshot.messages:
        calls = [segment.call for segment in message.segments if segment.call is not None]
        if calls:
            answered = [path for call in calls for path in results.get(call.id or "", ())]
            names = ", ".join(dict.fromkeys(call.name for call in calls))
            paths = dict.fromkeys([*_paths(message, message.segments), *answered])
            yield Unit(f"m{message.index}", UnitKind.CALLS, f"calls of {names}", tuple(map(Cut, paths)))
            continue
        own = [segment for segment in message.segments if not _is_result(segment)]
        if message is asked or not own:
            continue
        label = f"{message.role.value}: {excerpt(''.join(segment.text for segment in own), _SHOWN)}"
        yield Unit(f"m{message.index}", UnitKind.MESSAGE, label, tuple(map(Cut, _paths(message, own))))


def steps(pointer: Pointer) -> Path:
    """Return a pointer's path in the body, up to where another format begins inside."""
    path: list[str | int] = []
    for step in pointer[BASE:]:
        if isinstance(step, Decoding):
            break
        path.append(step)
    return tuple(path)


def _asks(message: Message) -> bool:
    return message.role is Role.USER and any(
        segment.text.strip() and not _is_result(segment) for segment in message.segments
    )


def _is_result(segment: Segment) -> bool:
    return segment.kind is Kind.TOOL_RESULT or (segment.call_id is not None and segment.call is None)


def _results(snapshot: Snapshot) -> dict[str, list[Path]]:
    """Return where the results of each call are: messages of their own, or blocks of one."""
    found: dict[str, list[Path]] = {}
    for message in snapshot.messages:
        answering = [segment for segment in message.segments if _is_result(segment)]
        for segment in answering:
            alone = len({other.call_id for other in answering}) == 1 and len(answering) == len(message.segments)
            paths = [steps(message.pointer)] if alone else _paths(message, [segment])
            found.setdefault(segment.call_id or "", []).extend(paths)
    return found


def _paths(message: Message, segments: Iterable[Segment]) -> list[Path]:
    """Return what to delete for segments of a message: the message, where they are all of it, else their blocks."""
    chosen = list(segments)
    own = steps(message.pointer)
    if len(chosen) == len(message.segments):
        return [own]
    found = []
    for segment in chosen:
        if segment.pieces:
            path = steps(segment.pieces[0].pointer)
            found.append(
                path[: len(own) + 2] if len(path) > len(own) + 1 and isinstance(path[len(own) + 1], int) else path
            )
    return found

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
    asked = asking_message(snapshot)
    results = _results(snapshot)
    places = _Places(snapshot)
    for message in snapshot.messages:
        calls = [segment.call for segment in message.segments if segment.call is not None]
        own = [segment for segment in message.segments if not _is_result(segment)]
        if calls:
            answered = [segment for call in calls for segment in results.get(call.id or "", ())]
            names = ", ".join(dict.fromkeys(call.name for call in calls))
            cuts = places.cuts([*own, *answered], message)
            yield Unit(f"m{message.index}", UnitKind.CALLS, f"calls of {names}", cuts)
        elif message is not asked and own:
            label = f"{message.role.value}: {excerpt(''.join(segment.text for segment in own), _SHOWN)}"
            yield Unit(f"m{message.index}", UnitKind.MESSAGE, label, places.cuts(own, message))


def asking_message(snapshot: Snapshot) -> Message | None:
    """Return the last message with words of the user."""
    return next((message for message in reversed(snapshot.messages) if _asks(message)), None)


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


def _results(snapshot: Snapshot) -> dict[str, list[Segment]]:
    """Return the results of each call."""
    found: dict[str, list[Segment]] = {}
    for segment in snapshot.segments():
        if _is_result(segment):
            found.setdefault(segment.call_id or "", []).append(segment)
    return found


class _Places:
    """Where the segments of a request are in its body, and which value holds nothing but some of them."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._paths = {
            segment.id: steps(segment.pieces[0].pointer) for segment in snapshot.segments() if segment.pieces
        }
        self._within: dict[Path, int] = {}
        for path in self._paths.values():
            for length in range(1, len(path) + 1):
                self._within[path[:length]] = self._within.get(path[:length], 0) + 1

    def cuts(self, segments: Iterable[Segment], message: Message) -> tuple[Cut, ...]:
        """Return what to take out for segments: the largest items of lists that hold nothing else, or their own values."""
        chosen = [self._paths[segment.id] for segment in segments if segment.id in self._paths]
        inside: dict[Path, int] = {}
        for path in chosen:
            for length in range(1, len(path) + 1):
                inside[path[:length]] = inside.get(path[:length], 0) + 1
        found = dict.fromkeys(self._whole(path, inside) for path in chosen) or {steps(message.pointer): None}
        return tuple(map(Cut, found))

    def _whole(self, path: Path, inside: dict[Path, int]) -> Path:
        for length in range(2, len(path) + 1):
            held = path[:length]
            if isinstance(held[-1], int) and inside[held] == self._within[held]:
                return held
        return path

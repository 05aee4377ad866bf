"""Segments whose text is in the prompt already, white space aside, and system texts that are sent again with a tail."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ctxdebug.analysis.turns.differences import folded, normalised
from ctxdebug.model import Kind, Role, Segment

_SHORTEST = 400
"""Characters. Shorter repetitions are how people talk."""
_MOST_INSTRUCTIONS = 16
"""System texts that are compared with each other."""
_NOT_SENT = frozenset({Kind.MEDIA, Kind.OPAQUE, Kind.TOOL_CALL, Kind.THINKING})
"""What cannot be compared, and what the model chose to say again."""


def repeats(segments: Iterable[Segment]) -> list[tuple[Segment, list[Segment]]]:
    """Return the first of each group of equal segments, with its copies, in order."""
    groups: dict[int, list[Segment]] = {}
    instructions: list[Segment] = []
    for segment in segments:
        if len(segment.text) >= _SHORTEST and segment.kind not in _NOT_SENT:
            groups.setdefault(folded(segment.text), []).append(segment)
            if segment.role in {Role.SYSTEM, Role.DEVELOPER} and segment.kind is Kind.TEXT:
                instructions.append(segment)
    found = [(group[0], group[1:]) for group in groups.values() if len(group) > 1]
    return found + [(first, [again]) for first, again in _with_a_tail(instructions[:_MOST_INSTRUCTIONS])]


def _with_a_tail(instructions: list[Segment]) -> Iterator[tuple[Segment, Segment]]:
    """System texts that are sent twice, where the second begins with all of the first and goes on."""
    texts = [normalised(segment.text) for segment in instructions]
    for at, (again, text) in enumerate(zip(instructions, texts, strict=True)):
        before = next((n for n in range(at) if text != texts[n] and text.startswith(texts[n])), None)
        if before is not None:
            yield instructions[before], again

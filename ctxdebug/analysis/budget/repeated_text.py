"""Segments whose words stand in the prompt already, white space aside."""

from __future__ import annotations

from collections.abc import Iterable

from ctxdebug.analysis.turns.differences import folded
from ctxdebug.model import Kind, Segment

_SHORTEST = 400
"""Characters. Shorter repetitions are how people talk."""
_NOT_SENT = frozenset({Kind.MEDIA, Kind.OPAQUE, Kind.TOOL_CALL, Kind.THINKING})
"""What cannot be compared, and what the model chose to say again."""


def repeats(segments: Iterable[Segment]) -> list[tuple[Segment, list[Segment]]]:
    """The first of each group of equal segments, with its copies, in order."""
    groups: dict[int, list[Segment]] = {}
    for segment in segments:
        if len(segment.text) >= _SHORTEST and segment.kind not in _NOT_SENT:
            groups.setdefault(folded(segment.text), []).append(segment)
    return [(group[0], group[1:]) for group in groups.values() if len(group) > 1]

"""Segments whose words stand in the prompt already, white space aside."""

from __future__ import annotations

from collections.abc import Iterable

from ctxdebug.model import Kind, Segment

_SHORTEST = 400
"""Characters. Shorter repetitions are how people talk."""


def repeats(segments: Iterable[Segment]) -> list[tuple[Segment, list[Segment]]]:
    """The first of each group of equal segments, with its copies, in order."""
    groups: dict[str, list[Segment]] = {}
    for segment in segments:
        if len(segment.text) >= _SHORTEST and segment.kind not in {Kind.MEDIA, Kind.OPAQUE}:
            groups.setdefault(" ".join(segment.text.split()), []).append(segment)
    return [(group[0], group[1:]) for group in groups.values() if len(group) > 1]

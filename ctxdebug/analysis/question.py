"""What was asked: the user's last own words."""

from __future__ import annotations

from collections.abc import Sequence

from ctxdebug.model import Authority, Kind, Segment


def question(segments: Sequence[Segment]) -> Segment | None:
    """Return the last segment in which a user speaks, with more than a closing tag in it."""
    spoken = [
        segment
        for segment in segments
        if segment.authority is Authority.USER and segment.kind is Kind.TEXT and any(map(str.isalnum, segment.text))
    ]
    asked = [segment for segment in spoken if len(segment.text.strip()) > 12 and not _only_tags(segment.text)]
    return asked[-1] if asked else (spoken[-1] if spoken else None)


def _only_tags(text: str) -> bool:
    bare = text.strip()
    return bare.startswith("<") and bare.endswith(">") and bare.count("<") == bare.count(">") and len(bare) < 80

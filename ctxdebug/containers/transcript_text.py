"""A text file in transcript notation; `=== next turn ===` parts the exchanges of one conversation."""

from __future__ import annotations

from collections.abc import Iterator

from ctxdebug.containers import Found, Likeness, container
from ctxdebug.decoding.source import Source
from ctxdebug.decoding.transcript_lines import exchanges as split
from ctxdebug.decoding.transcript_lines import looks_like_transcript
from ctxdebug.exchange import Exchange


def _sniff(source: Source) -> Likeness:
    return Likeness.CERTAIN if source.shape == "text" and looks_like_transcript(source.opening) else Likeness.NO


@container("transcript", "text whose first line begins with `system:`, `user:`, `% setting:` and the like", _sniff)
def exchanges(source: Source) -> Iterator[Found]:
    """Yield the exchanges of the file's one conversation."""
    parts = split(source.text)
    for first, after in parts:
        session = "transcript" if len(parts) > 1 else None
        yield Exchange(
            source.root, request=source.text, request_at=source.root, session=session, labels={"turns": (first, after)}
        )

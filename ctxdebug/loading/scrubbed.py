"""Text that somebody took out before the capture was stored, and put a mark in its place."""

from __future__ import annotations

from ctxdebug.exchange import Draft
from ctxdebug.model import Kind, Unseen, UnseenKind
from ctxdebug.text.patterns import lazy

_LONGEST = 60
_MARK = lazy(
    r"\s{0,3}(?:<[A-Z][A-Z0-9]{2,20}(?:[_ -][A-Z0-9]{1,20}){0,4}>|\[?\*{0,3}(?:REDACTED|SCRUBBED|FILTERED|REMOVED|OMITTED|MASKED)\*{0,3}\]?"
    r"|\[(?:redacted|scrubbed|filtered|content removed|omitted)\]|redacted-by-[a-z]{3,20})\s{0,3}"
)
_TEXTS = frozenset({Kind.TEXT, Kind.TOOL_RESULT, Kind.DOCUMENT})


def note_scrubbed(draft: Draft) -> None:
    """Say of every text that is nothing but such a mark that the model saw something else."""
    for message in draft.messages:
        for part in message.parts:
            if part.text and len(part.text) <= _LONGEST and part.kind in _TEXTS and _MARK.fullmatch(part.text):
                where = part.pieces[0].pointer if part.pieces else message.pointer
                draft.unseen.append(
                    Unseen("text that was taken out before the capture was stored", where, UnseenKind.REMOVED)
                )

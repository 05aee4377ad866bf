"""Text that somebody took out before the capture was stored, and put a mark in its place."""

from __future__ import annotations

import re

from ctxdebug.exchange import Draft
from ctxdebug.model import Kind, Unseen, UnseenKind
from ctxdebug.records import replace
from ctxdebug.text.patterns import lazy

_LONGEST = 60
_MARK = lazy(
    r"""
      \s{0,3}(?:<[A-Z][A-Z0-9]{2,20}(?:[_ -][A-Z0-9]{1,20}){0,4}>|\[?\*{0,3}(?:REDACTED|SCRUBBED
        |FILTERED|REMOVED|OMITTED|MASKED)\*{0,3}\]?|\[(?:redacted|scrubbed|filtered|content[ ]removed
        |omitted)\]|redacted-by-[a-z]{3,20})\s{0,3}
    """,
    re.VERBOSE,
)
_MARKED_ARGUMENTS = lazy(
    r"\s{0,3}[<\[(*]{1,3}[^<>\[\]()*\n]{0,20}"
    r"(?:redact|trimmed|scrub|remov|omit|mask|filter)[^<>\[\]()\n]{0,40}[>\])*]{1,3}\s{0,3}",
    re.IGNORECASE,
)
_TEXTS = frozenset({Kind.TEXT, Kind.TOOL_RESULT, Kind.DOCUMENT})


def note_scrubbed(draft: Draft) -> None:
    """Say of every text that is nothing but such a mark that the model saw something else."""
    for message in (*draft.messages, *draft.answer):
        for part in message.parts:
            if part.call_id is not None and _removed(part.call_id):
                part.call_id = None
            if part.call is not None and part.call.id is not None and _removed(part.call.id):
                part.call = replace(part.call, id=None)
            if part.call is not None and part.call.error and _removed(part.call.arguments):
                part.call = replace(part.call, error=None)
                where = part.pieces[0].pointer if part.pieces else message.pointer
                if message in draft.answer:
                    continue
                draft.unseen.append(
                    Unseen("arguments that were taken out before the capture was stored", where, UnseenKind.REMOVED)
                )
    for message in draft.messages:
        for part in message.parts:
            if part.text and len(part.text) <= _LONGEST and part.kind in _TEXTS and _MARK.fullmatch(part.text):
                where = part.pieces[0].pointer if part.pieces else message.pointer
                if message in draft.answer:
                    continue
                draft.unseen.append(
                    Unseen("text that was taken out before the capture was stored", where, UnseenKind.REMOVED)
                )


def _removed(text: str) -> bool:
    """Whether arguments are nothing but a mark, or what is left of them begins and ends as one."""
    return len(text) <= _LONGEST and (_MARK.fullmatch(text) or _MARKED_ARGUMENTS.fullmatch(text)) is not None

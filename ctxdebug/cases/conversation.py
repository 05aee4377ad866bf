"""A case's conversation, role by role, for the field in which another tool shows what was asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ctxdebug.cases.exchanges import case_snapshot
from ctxdebug.engine.run import RunOptions
from ctxdebug.model import Kind

if TYPE_CHECKING:
    from ctxdebug.cases.store import StoredCase
    from ctxdebug.model import Message, Segment


def conversation(stored: StoredCase) -> list[dict[str, str]]:
    """Return the messages that were sent, each as its `role` and its `content`; calls and media are named in words."""
    return [
        {"role": message.role.value, "content": _content(message)}
        for message in case_snapshot(stored, RunOptions()).messages
    ]


def conversation_text(stored: StoredCase, most: int | None = None) -> str:
    """Return the messages as text, each under its role; of a message, at most `most` characters and how many are left."""
    return "\n\n".join(f"[{one['role']}]\n{_cut(one['content'], most)}" for one in conversation(stored))


def _content(message: Message) -> str:
    return "".join(map(_words, message.segments))


def _words(segment: Segment) -> str:
    if segment.call is not None:
        return f"\n(calls {segment.call.name} with {segment.call.arguments})"
    if segment.kind is Kind.MEDIA:
        return f"({segment.media.type if segment.media else 'media'})"
    return segment.text


def _cut(text: str, most: int | None) -> str:
    left = 0 if most is None else len(text) - most
    return text if left <= 0 else f"{text[:most]} … ({left} more characters)"

"""What a request only points to: the server fetches it, and the capture does not hold it."""

from __future__ import annotations

from ctxdebug.exchange import Draft
from ctxdebug.model import Unseen, UnseenKind


def note_references(draft: Draft) -> None:
    """Say of every image, sound and file behind a URL or an id that it is not in the capture."""
    for message in draft.messages:
        for part in message.parts:
            if part.media is not None and part.media.reference:
                where = part.pieces[0].pointer if part.pieces else message.pointer
                draft.unseen.append(Unseen(f"the {part.media.type} behind a reference", where, UnseenKind.REFERENCE))

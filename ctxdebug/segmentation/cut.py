"""A stretch of a text that is a document or a quotation of its own."""

from __future__ import annotations

from ctxdebug.model import Document
from ctxdebug.records import record


@record(frozen=True, slots=True)
class Cut:
    """Characters `start` to `end`; a quotation when `document` is None. `tag` names the tag around it."""

    start: int
    end: int
    document: Document | None = None
    tag: str | None = None


def disjoint(found: list[Cut], taken: list[Cut]) -> list[Cut]:
    """Those of `found` that overlap none of `taken`."""
    return [cut for cut in found if not any(cut.start < other.end and other.start < cut.end for other in taken)]

"""A source, and a place in one; nothing else, so that a capture without sources costs no more than this."""

from __future__ import annotations

from ctxdebug.records import record


@record(frozen=True, slots=True)
class Source:
    """A text that the model was given: its id, title and date where it shows them."""

    id: str
    text: str
    title: str = ""
    date: str = ""
    retrieved: bool = True
    """Looked up to answer from (a document, a search result); False for what other tools returned, which supports but does not compete."""


@record(frozen=True, slots=True)
class Passage:
    """Characters `start` to `end` of the captured text of source number `source`."""

    source: int
    start: int
    end: int

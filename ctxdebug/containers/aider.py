"""aider's histories: `.aider.chat.history.md`, what was shown, and `.aider.llm.history`, the requests themselves."""

from __future__ import annotations

from collections.abc import Iterator

from ctxdebug.containers import Found, Likeness, container
from ctxdebug.decoding.aider_history import looks_like_chat, looks_like_requests, sections
from ctxdebug.decoding.source import Source
from ctxdebug.exchange import Exchange
from ctxdebug.model import Decoding


def _sniff(source: Source) -> Likeness:
    known = source.shape == "text" and (looks_like_chat(source.opening) or looks_like_requests(source.opening))
    return Likeness.CERTAIN if known else Likeness.NO


@container("aider", "`# aider chat started at`, or `TO LLM` with lines that begin with SYSTEM, USER, ASSISTANT", _sniff)
def exchanges(source: Source) -> Iterator[Found]:
    """One exchange a started chat, or one a request."""
    chat = looks_like_chat(source.opening)
    for start, end in sections(source.text, chat=chat):
        at = (*source.root, Decoding.SLICE, start, end)
        yield Exchange(at, request=source.text[start:end], request_at=at, format="aider-chat" if chat else "aider-requests",
                       session="aider", labels={"offset": start})  # fmt: skip

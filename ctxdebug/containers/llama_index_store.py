"""LlamaIndex's chat stores: message lists by key, in `store`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ctxdebug.containers import Found, Likeness, container
from ctxdebug.decoding.source import Source
from ctxdebug.exchange import Exchange
from ctxdebug.model import Decoding, Pointer


def _stores(document: Any, at: Pointer) -> Iterator[tuple[str, list[Any], Pointer]]:
    """Each key's messages; a workflow's context holds a memory, which holds a store."""
    if not isinstance(document, dict):
        return
    held = document.get("store")
    if isinstance(held, dict):
        for key, messages in held.items():
            if (
                isinstance(messages, list)
                and messages
                and all(isinstance(one, dict) and "role" in one for one in messages)
            ):
                yield key, messages, (*at, "store", key)
    if isinstance(document.get("chat_store"), dict):
        yield from _stores(document["chat_store"], (*at, "chat_store"))


def _sniff(source: Source) -> Likeness:
    if source.shape != "json" or ('"store"' not in source.opening and '"chat_store"' not in source.opening):
        return Likeness.NO
    return Likeness.CERTAIN if next(_stores(source.document, ()), None) is not None else Likeness.NO


@container(
    "llama-index-store",
    "a chat store of LlamaIndex: `store` of message lists by key, alone or in a memory's `chat_store`",
    _sniff,
)
def exchanges(source: Source) -> Iterator[Found]:
    """One exchange a key."""
    for key, messages, at in _stores(source.document, (*source.root, Decoding.JSON)):
        form = "llama-index" if any("blocks" in message for message in messages) else "messages"
        yield Exchange(at, request=messages, request_at=at, session=key, format=form)

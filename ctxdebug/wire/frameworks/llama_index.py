"""LlamaIndex's messages: a role with blocks."""

from __future__ import annotations

from typing import Any

from ctxdebug.exchange import Draft, Exchange
from ctxdebug.model import Pointer
from ctxdebug.wire import LIST, wire_format
from ctxdebug.wire.logged_answer import read_logged_answer, split_answer
from ctxdebug.wire.loose_messages import read_message
from ctxdebug.wire.pairing import pair_calls
from ctxdebug.wire.shape import items, objects, request_of, sample, text_of


def _listed(exchange: Exchange) -> tuple[list[Any], Pointer]:
    if isinstance(exchange.request, list):
        return exchange.request, exchange.request_at
    for key in ("messages", "chat_history"):
        if items(request_of(exchange).get(key)):
            return request_of(exchange)[key], (*exchange.request_at, key)
    return [], exchange.request_at


def _sniff(exchange: Exchange) -> int:
    messages = sample(_listed(exchange)[0])
    blocks = [block for message in messages if "role" in message for block in sample(message.get("blocks"))]
    return 25 if any("block_type" in block for block in blocks) else 0


@wire_format(
    "llama-index",
    "messages with a role and `blocks` that have a `block_type`",
    _sniff,
    frozenset({"messages", "chat_history", LIST}),
)
def read(exchange: Exchange) -> Draft:
    """Read a dump of messages."""
    listed, at = _listed(exchange)
    draft = Draft(rebuilt=True, model=text_of(request_of(exchange).get("model")))
    for index, raw in objects(listed):
        draft.messages.append(read_message(raw, (*at, index)))
    read_logged_answer(draft, exchange)
    split_answer(draft)
    pair_calls((*draft.messages, *draft.answer))
    return draft

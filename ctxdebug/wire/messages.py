"""A plain list of messages, as frameworks and logs hold it, when no format knows it better."""

from __future__ import annotations

from typing import Any

from ctxdebug.exchange import Draft, DraftMessage, Exchange
from ctxdebug.model import Role
from ctxdebug.wire import LIST, wire_format
from ctxdebug.wire.logged_answer import read_logged_answer, split_answer
from ctxdebug.wire.loose_messages import listed_under, read_message, role_of
from ctxdebug.wire.pairing import pair_calls
from ctxdebug.wire.shape import mapping, request_of, sample, text_of, without
from ctxdebug.wire.shapes.beside import read_beside

_KEYS = ("messages", "conversation", "turns", "history", "prompt", "input", "user_input")


def _sniff(exchange: Exchange) -> int:
    listed = listed_under(exchange, _KEYS)[0]
    looked_at = sample(listed)
    known = [message for message in looked_at if role_of(_role(message)) is not Role.OTHER]
    speaks = any({"content", "parts", "text", "blocks"} & message.keys() for message in known)
    return 2 if known and speaks and 2 * len(known) >= len(looked_at) else 0


def _role(message: Any) -> str:
    return text_of(message.get("role")) or text_of(message.get("type")) or ""


@wire_format(
    "messages",
    "a list of messages with a role and a content, when no other format fits",
    _sniff,
    frozenset({"messages", "conversation", "turns", "history", "prompt", "input", "user_input", LIST}),
)
def read(exchange: Exchange) -> Draft:
    """Read a plain message list."""
    listed, at = listed_under(exchange, _KEYS)
    body = request_of(exchange)
    draft = Draft(rebuilt=True, model=text_of(body.get("model")), parameters=without(body, *_KEYS))
    read_beside(draft, body, exchange.request_at)
    for index, raw in enumerate(listed):
        if isinstance(raw, str):
            message = DraftMessage(Role.OTHER, "", (*at, index))
            message.text(raw, (*at, index))
            draft.messages.append(message)
        elif isinstance(raw, dict):
            draft.messages.append(read_message(mapping(raw), (*at, index)))
    pair_calls(draft.messages)
    read_logged_answer(draft, exchange)
    split_answer(draft)
    return draft

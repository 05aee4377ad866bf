"""OpenAI Chat Completions, and the many servers that speak it."""

from __future__ import annotations

from ctxdebug.exchange import Draft, Exchange
from ctxdebug.model import Role
from ctxdebug.wire import wire_format
from ctxdebug.wire.openai.on_your_data import read_retrieved
from ctxdebug.wire.shape import (
    request_of,
    text_of,
    without,
)
from ctxdebug.wire.shapes.annotations import read_beside_answer
from ctxdebug.wire.shapes.beside import read_beside
from ctxdebug.wire.shapes.chat_answer import read_answer
from ctxdebug.wire.shapes.chat_request import messages_of, note_gateway, read_messages, read_settings, read_tools
from ctxdebug.wire.shapes.chat_shape import chat_weight


@wire_format(
    "openai.chat",
    "`messages` with roles (system, developer, user, assistant, tool); `choices[].message` or `choices[].delta`; "
    "path /chat/completions",
    chat_weight,
)
def read(exchange: Exchange) -> Draft:
    """Read a chat completion."""
    body = request_of(exchange)
    draft = Draft(model=text_of(body.get("model")), parameters=without(body, "messages", "tools", "functions"))
    draft.has_request = bool(messages_of(exchange)[0])
    read_messages(draft, exchange)
    read_beside(draft, body, exchange.request_at)
    read_tools(draft, body, exchange.request_at)
    read_settings(draft, body, exchange.request_at)
    note_gateway(draft, body, exchange.request_at)
    read_answer(draft, exchange)
    read_retrieved(draft, exchange)
    read_beside_answer(draft, exchange)
    _split_bare_answer(draft, exchange)
    return draft


_LOG_KEYS = frozenset({"session_id", "sessionId", "session_start", "last_updated", "message_count", "created_at",
    "updated_at", "timestamp", "title", "conversation_id", "thread_id"})  # fmt: skip
"""Keys that a log keeps beside its messages, and no request has."""


def _split_bare_answer(draft: Draft, exchange: Exchange) -> None:
    """A message list on its own ends with the answer, if it ends with the assistant speaking."""
    body = request_of(exchange)
    bare = isinstance(exchange.request, list) or set(body) <= {"messages"} or bool(_LOG_KEYS & body.keys())
    if bare and not draft.has_response and len(draft.messages) > 1 and draft.messages[-1].role is Role.ASSISTANT:
        draft.answer.append(draft.messages.pop())
        draft.has_response = True
        draft.notes.append("a message list without a response: the last assistant message is taken as the answer")

"""The answer of a chat call, streamed or not."""

from __future__ import annotations

from typing import Any

from ctxdebug.exchange import Draft, Exchange, Stream
from ctxdebug.wire.chat_messages import read_message
from ctxdebug.wire.openai_answer import read_choices, read_stream
from ctxdebug.wire.openai_errors import read_error


def read_answer(draft: Draft, exchange: Exchange) -> None:
    """The response, streamed or not, and the error if it is one."""
    response: Any = exchange.response
    if response is None:
        return
    draft.has_response = True
    if isinstance(response, Stream):
        read_stream(draft, response)
    elif isinstance(response, dict):
        read_choices(draft, response, exchange.response_at, read_message)
        if not draft.answer and "role" in response and ("content" in response or "tool_calls" in response):
            draft.answer.append(read_message(response, exchange.response_at))
        draft.error = read_error(response, exchange.response_at, exchange.status)
    elif isinstance(response, (str, bytes)):
        draft.error = read_error(response, exchange.response_at, exchange.status)

"""The answer of a chat call, streamed or not."""

from __future__ import annotations

from typing import Any

from ctxdebug.exchange import Draft, DraftMessage, Exchange, Stream
from ctxdebug.model import Pointer, Role
from ctxdebug.wire.shape import objects
from ctxdebug.wire.shapes.chat_messages import read_message
from ctxdebug.wire.shapes.chat_stream import finish_of, read_choices, read_stream
from ctxdebug.wire.shapes.error_body import read_error


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
    elif isinstance(response, list):
        _read_listed(draft, response, exchange.response_at)
    elif isinstance(response, (str, bytes)):
        draft.error = read_error(response, exchange.response_at, exchange.status)
        if isinstance(response, str) and exchange.url is None and exchange.status is None:
            message = DraftMessage(Role.ASSISTANT, "assistant", exchange.response_at)
            message.text(response, exchange.response_at)
            draft.answer.append(message)


def _read_listed(draft: Draft, response: list[Any], at: Pointer) -> None:
    """Choices or messages without anything around them, as experiment trackers keep them."""
    for index, item in objects(response):
        held, where = (
            (item["message"], (*at, index, "message"))
            if isinstance(item.get("message"), dict)
            else (item, (*at, index))
        )
        if "content" in held or "tool_calls" in held:
            draft.answer.append(read_message({"role": "assistant", **held}, where))
        draft.finish = draft.finish or finish_of(item.get("finish_reason"), (*at, index, "finish_reason"))

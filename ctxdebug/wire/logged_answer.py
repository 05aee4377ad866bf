"""The answer where a log keeps it: beside the messages, or as the last of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ctxdebug.exchange import Draft, DraftMessage, Exchange
from ctxdebug.model import Finish, FinishReason, Pointer, Role
from ctxdebug.wire.loose_messages import read_message
from ctxdebug.wire.shape import items, objects, text_of
from ctxdebug.wire.shapes.chat_stream import FINISH
from ctxdebug.wire.shapes.error_body import read_error
from ctxdebug.wire.shapes.usage_dialects import logged_usage


def split_answer(draft: Draft) -> None:
    """In a log without responses, the last message is the answer if the assistant says it."""
    if not draft.answer and len(draft.messages) > 1 and draft.messages[-1].role is Role.ASSISTANT:
        draft.answer.append(draft.messages.pop())
        draft.has_response = True
        draft.notes.append("a log without a response: the last assistant message is taken as the answer")


def logged_finish(captured: Any, at: Pointer) -> Finish | None:
    """Why the answer ended, in any of the words that logs use."""
    word = text_of(captured)
    if not word:
        return None
    known = FINISH.get(word.lower().replace("-", "_")) or _MORE.get(word.lower().replace("_", "").replace("-", ""))
    return Finish(known or FinishReason.OTHER, word, at)


_MORE = {
    "tooluse": FinishReason.TOOL_CALLS,
    "toolcalls": FinishReason.TOOL_CALLS,
    "toolcall": FinishReason.TOOL_CALLS,
    "endturn": FinishReason.STOP,
    "completed": FinishReason.STOP,
    "maxtokens": FinishReason.LENGTH,
    "modellength": FinishReason.WINDOW,
    "contentfilter": FinishReason.FILTER,
    "refusal": FinishReason.FILTER,
    "stopsequence": FinishReason.STOP_SEQUENCE,
    "aborted": FinishReason.ABORTED,
    "failed": FinishReason.ERROR,
}


def read_logged_answer(draft: Draft, exchange: Exchange) -> None:
    """A response that is a message, a list of messages, choices around one, or bare text."""
    response, at = exchange.response, exchange.response_at
    if response is None:
        return
    draft.has_response = True
    if isinstance(response, str):
        message = DraftMessage(Role.ASSISTANT, "assistant", at)
        message.text(response, at)
        draft.answer.append(message)
    elif isinstance(response, list):
        for index, raw in objects(response):
            draft.answer.append(_message(raw, (*at, index)))
    elif isinstance(response, dict):
        _read_object(draft, response, at)
        draft.error = None if draft.answer else read_error(response, at, exchange.status)


def _read_object(draft: Draft, response: Mapping[str, Any], at: Pointer) -> None:
    draft.answered_by = text_of(response.get("model")) or text_of(response.get("model_name"))
    draft.usage = logged_usage(response.get("usage"), (*at, "usage"))
    choices = items(response.get("choices")) or items(response.get("generations"))
    key = "choices" if items(response.get("choices")) else "generations"
    for index, choice in objects(choices):
        where = (*at, key, index)
        if isinstance(choice.get("message"), dict):
            draft.answer.append(_message(choice["message"], (*where, "message")))
        for name in ("stop_reason", "finish_reason"):
            draft.finish = draft.finish or logged_finish(choice.get(name), (*where, name))
    if choices:
        return
    for name in ("message", "output"):
        if isinstance(response.get(name), dict):
            draft.answer.append(_message(response[name], (*at, name)))
            return
        if isinstance(response.get(name), str):
            message = DraftMessage(Role.ASSISTANT, "assistant", at)
            message.text(response[name], (*at, name))
            draft.answer.append(message)
            return
    if {"content", "tool_calls", "parts", "text", "blocks"} & response.keys():
        draft.answer.append(_message(response, at))
    for name in ("stop_reason", "finish_reason", "stopReason"):
        draft.finish = draft.finish or logged_finish(response.get(name), (*at, name))


def _message(raw: Mapping[str, Any], at: Pointer) -> DraftMessage:
    captured = next((raw[key] for key in ("role", "type", "kind") if isinstance(raw.get(key), str)), None)
    message = read_message(raw, at, captured or "assistant")
    if message.role is Role.OTHER:
        message.role = Role.ASSISTANT
    return message

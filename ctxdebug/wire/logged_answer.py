"""The answer where a log keeps it: beside the messages, or as the last of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ctxdebug.exchange import Draft, DraftMessage, Exchange
from ctxdebug.model import Finish, FinishReason, Pointer, Role, Usage
from ctxdebug.text.whole_numbers import whole_number
from ctxdebug.wire.loose_messages import read_message
from ctxdebug.wire.shape import count_of, items, mapping, objects, text_of
from ctxdebug.wire.shapes.chat_stream import FINISH
from ctxdebug.wire.shapes.error_body import read_error

_PROMPT_KEYS = ("input_tokens", "prompt_tokens", "inputTokens", "promptTokens", "input", "prompt", "request_tokens",
    "prompt_eval_count", "promptTokensCount", "promptTokenCount", "input_token_count", "tokensIn")  # fmt: skip
_OUTPUT_KEYS = ("output_tokens", "completion_tokens", "outputTokens", "completionTokens", "output", "completion",
    "response_tokens", "eval_count", "predictedTokensCount", "candidatesTokenCount", "output_token_count", "tokensOut")  # fmt: skip
_READ_KEYS = ("cache_read_input_tokens", "input_tokens_cache_read", "cached_input_tokens", "cachedInputTokens",
    "cache_read_tokens", "input_cache_read", "cached_tokens")  # fmt: skip
_REASONING_KEYS = ("reasoning_tokens", "reasoningTokens", "output_reasoning", "reasoning_output_tokens")


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


def first_count(raw: Mapping[str, Any], keys: tuple[str, ...]) -> int | None:
    """Return the first of several fields that holds a count, also where the log wrote it as text."""
    for key in keys:
        value = raw.get(key)
        if isinstance(value, str) and (number := whole_number(value)) is not None:
            return number
        if (count := count_of(value)) is not None:
            return count
    return None


def logged_usage(raw: Any, at: Pointer) -> Usage | None:
    """Usage in the common words of logs; the prompt is the whole prompt there."""
    raw = mapping(raw)
    prompt, output = first_count(raw, _PROMPT_KEYS), first_count(raw, _OUTPUT_KEYS)
    if prompt is None and output is None:
        return None
    return Usage(prompt, first_count(raw, _READ_KEYS), None, output, first_count(raw, _REASONING_KEYS), raw, at)


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

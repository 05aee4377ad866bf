"""LangChain's messages, as its dumps and LangSmith's runs hold them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ctxdebug.exchange import Draft, DraftMessage, Exchange
from ctxdebug.model import Pointer
from ctxdebug.wire import LIST, wire_format
from ctxdebug.wire.logged_answer import logged_finish, split_answer
from ctxdebug.wire.loose_messages import listed_under, read_message
from ctxdebug.wire.pairing import pair_calls
from ctxdebug.wire.shape import items, mapping, objects, request_of, response_of, sample, text_of, without
from ctxdebug.wire.shapes.chat_request import read_settings, read_tools
from ctxdebug.wire.shapes.error_body import read_error
from ctxdebug.wire.shapes.usage_dialects import logged_usage

_KEYS = ("messages", "input", "prompts", "chat_history")
_TYPES = frozenset({"human", "ai", "system", "tool", "function", "chat", "AIMessageChunk"})


def _opened(raw: Any, at: Pointer) -> tuple[Mapping[str, Any], Pointer, str] | None:
    """Return a message's fields, the pointer to them, and its type; None for anything else."""
    held = mapping(raw)
    if held.get("lc") == 1 and isinstance(held.get("kwargs"), dict):
        named = str(items(held.get("id"))[-1]) if items(held.get("id")) else ""
        captured = text_of(held["kwargs"].get("type")) or named
        return held["kwargs"], (*at, "kwargs"), captured
    captured = text_of(held.get("type")) or ""
    if captured in _TYPES and isinstance(held.get("data"), dict) and "content" in held["data"]:
        return held["data"], (*at, "data"), captured
    if captured in _TYPES and "content" in held:
        return held, at, text_of(held.get("role")) or captured
    return None


def _sniff(exchange: Exchange) -> int:
    listed, at = listed_under(exchange, _KEYS)
    generations = items(response_of(exchange).get("generations"))
    nested = bool(generations) and isinstance(generations[0], list) and bool(listed)
    return 25 if nested or any(_opened(raw, at) is not None for raw in sample(listed)) else 0


@wire_format(
    "langchain",
    "messages of type human, ai, system, tool (also under `data`), or serialised with `lc`, `id` and `kwargs`",
    _sniff,
    frozenset({"messages", "input", "prompts", "chat_history", LIST}),
)
def read(exchange: Exchange) -> Draft:
    """Read a dump of messages, or the inputs and outputs of a run."""
    listed, at = listed_under(exchange, _KEYS)
    body = request_of(exchange)
    draft = Draft(rebuilt=True, model=text_of(body.get("model")), parameters=without(body, "messages", "input"))
    for index, raw in enumerate(listed):
        message = _message(raw, (*at, index))
        if message is not None:
            draft.messages.append(message)
    read_tools(draft, body, exchange.request_at)
    read_settings(draft, body, exchange.request_at)
    _read_outputs(draft, exchange)
    if exchange.response is None:
        _read_metadata(draft, listed[-1] if listed else None, (*at, len(listed) - 1))
    split_answer(draft)
    pair_calls((*draft.messages, *draft.answer))
    return draft


def _message(raw: Any, at: Pointer) -> DraftMessage | None:
    opened = _opened(raw, at)
    if opened is None:
        return read_message(raw, at) if isinstance(raw, dict) else None
    held, where, captured = opened
    return read_message(held, where, captured)


def _read_metadata(draft: Draft, raw: Any, at: Pointer) -> None:
    """What an AI message says of the call that made it."""
    opened = _opened(raw, at)
    if opened is None:
        return
    held, where, _ = opened
    about, about_at = mapping(held.get("response_metadata")), (*where, "response_metadata")
    draft.usage = logged_usage(held.get("usage_metadata"), (*where, "usage_metadata")) or draft.usage
    draft.usage = draft.usage or logged_usage(about.get("token_usage"), (*about_at, "token_usage"))
    draft.answered_by = text_of(about.get("model_name")) or text_of(about.get("model")) or draft.answered_by
    for name in ("finish_reason", "stop_reason", "done_reason"):
        draft.finish = draft.finish or logged_finish(about.get(name), (*about_at, name))


def _read_outputs(draft: Draft, exchange: Exchange) -> None:
    response, at = response_of(exchange), exchange.response_at
    if exchange.response is None:
        return
    draft.has_response = True
    generations: Any = response.get("generations")
    where: Pointer = (*at, "generations")
    if len(items(generations)) >= 1 and isinstance(generations[0], list):
        generations, where = generations[0], (*where, 0)
    for index, generation in objects(generations):
        raw = generation.get("message")
        message = _message(raw, (*where, index, "message")) if isinstance(raw, dict) else None
        if message is not None:
            draft.answer.append(message)
            _read_metadata(draft, raw, (*where, index, "message"))
        info = mapping(generation.get("generation_info"))
        finish_at = (*where, index, "generation_info", "finish_reason")
        draft.finish = draft.finish or logged_finish(info.get("finish_reason"), finish_at)
    for key in ("output", "message"):
        if not draft.answer and isinstance(response.get(key), dict):
            message = _message(response[key], (*at, key))
            if message is not None:
                draft.answer.append(message)
                _read_metadata(draft, response[key], (*at, key))
    if not draft.answer and (message := _message(response, at)) is not None and message.parts:
        draft.answer.append(message)
        _read_metadata(draft, response, at)
    used = mapping(response.get("llm_output"))
    draft.usage = draft.usage or logged_usage(used.get("token_usage"), (*at, "llm_output", "token_usage"))
    if not draft.answer:
        draft.error = read_error(response, at, exchange.status)

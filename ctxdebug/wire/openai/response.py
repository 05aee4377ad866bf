"""Answers of the Responses API: the response object, and streams put together when it never came."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ctxdebug.exchange import Assembly, Draft, Exchange, Part, Stream
from ctxdebug.model import Finish, FinishReason, Kind, Pointer, ProviderError, Usage
from ctxdebug.wire.shape import call_from, count_of, mapping, objects, text_of
from ctxdebug.wire.shapes.annotations import read_annotations
from ctxdebug.wire.shapes.error_body import read_error
from ctxdebug.wire.shapes.responses_items import ItemReader

_FINAL = frozenset({"response.completed", "response.incomplete", "response.failed", "response.done"})
STREAM_EVENTS = _FINAL | {"response.created", "response.in_progress", "response.queued", "response.output_item.added",
    "response.output_text.delta", "response.content_part.added", "response.output_item.done"}  # fmt: skip
_STATUS = {
    "completed": FinishReason.STOP,
    "failed": FinishReason.ERROR,
    "cancelled": FinishReason.ABORTED,
}
_INCOMPLETE = {
    "max_output_tokens": FinishReason.LENGTH,
    "max_tokens": FinishReason.LENGTH,
    "max_prompt_tokens": FinishReason.WINDOW,
    "content_filter": FinishReason.FILTER,
}
_DELTAS = {
    "response.output_text.delta": Kind.TEXT,
    "response.refusal.delta": Kind.TEXT,
    "response.reasoning_summary_text.delta": Kind.THINKING,
    "response.reasoning_text.delta": Kind.THINKING,
    "response.function_call_arguments.delta": Kind.TOOL_CALL,
    "response.custom_tool_call_input.delta": Kind.TOOL_CALL,
    "response.mcp_call_arguments.delta": Kind.TOOL_CALL,
}


def usage_of(raw: Any, at: Pointer) -> Usage | None:
    """Responses usage: the input includes what was cached, the output includes reasoning."""
    raw = mapping(raw)
    prompt = count_of(raw.get("input_tokens"))
    if prompt is None:
        return None
    details = mapping(raw.get("input_tokens_details"))
    reasoning = count_of(mapping(raw.get("output_tokens_details")).get("reasoning_tokens"))
    return Usage(
        prompt,
        count_of(details.get("cached_tokens")),
        count_of(details.get("cache_write_tokens")),
        count_of(raw.get("output_tokens")),
        reasoning,
        raw,
        at,
    )


def read_response(draft: Draft, exchange: Exchange) -> None:
    """The response, streamed or not, and the error if it is one."""
    response: Any = exchange.response
    if response is None:
        return
    draft.has_response = True
    if isinstance(response, Stream):
        _read_stream(draft, response)
    elif isinstance(response, dict):
        _read_object(draft, response, exchange.response_at)
        if response.get("object") is None and "input_tokens" in response:
            draft.usage = usage_of(response, exchange.response_at)
    if draft.error is None and not isinstance(response, Stream):
        draft.error = read_error(response, exchange.response_at, exchange.status)


def _read_object(draft: Draft, response: Mapping[str, Any], at: Pointer) -> None:
    draft.id = text_of(response.get("id"))
    draft.answered_by = text_of(response.get("model"))
    draft.usage = usage_of(response.get("usage"), (*at, "usage")) or draft.usage
    conversation = response.get("conversation")
    draft.session = draft.session or text_of(mapping(conversation).get("id")) or text_of(conversation)
    reader = ItemReader()
    for index, item in objects(response.get("output")):
        reader.read(item, (*at, "output", index))
    draft.answer.extend(reader.messages)
    _read_cited(draft, reader)
    draft.finish = _finish_of(response, at, draft)
    error = mapping(response.get("error"))
    if isinstance(error.get("message"), str):
        draft.error = ProviderError(error["message"], text_of(error.get("code")), (*at, "error", "message"))


def _finish_of(response: Mapping[str, Any], at: Pointer, draft: Draft) -> Finish | None:
    status = text_of(response.get("status"))
    if status is None:
        return None
    reason = text_of(mapping(response.get("incomplete_details")).get("reason"))
    if status == "incomplete" and reason:
        return Finish(_INCOMPLETE.get(reason, FinishReason.OTHER), reason, (*at, "incomplete_details", "reason"))
    called = any(part.call and not part.call.server_side for message in draft.answer for part in message.parts)
    if status == "completed" and called:
        return Finish(FinishReason.TOOL_CALLS, status, (*at, "status"))
    return Finish(_STATUS.get(status, FinishReason.OTHER), status, (*at, "status"))


class _Item:
    __slots__ = ("at", "delta", "start", "texts")

    def __init__(self, start: Mapping[str, Any], at: Pointer) -> None:
        self.start = start
        self.at = at
        self.texts: dict[Kind, Assembly] = {}


def _read_stream(draft: Draft, stream: Stream) -> None:
    items: dict[int, _Item] = {}
    done: dict[int, tuple[Mapping[str, Any], Pointer]] = {}
    final: tuple[Mapping[str, Any], Pointer] | None = None
    for event in stream.events:
        data, at = mapping(event.data), event.pointer
        kind = str(data.get("type") or event.name or "")
        index = count_of(data.get("output_index")) or 0
        if kind in _FINAL and isinstance(data.get("response"), dict):
            final = (data["response"], (*at, "response"))
        elif kind == "response.output_item.added":
            items[index] = _Item(mapping(data.get("item")), (*at, "item"))
        elif kind == "response.output_item.done":
            done[index] = (mapping(data.get("item")), (*at, "item"))
        elif kind in _DELTAS and isinstance(data.get("delta"), str):
            item = items.setdefault(index, _Item({}, at))
            item.texts.setdefault(_DELTAS[kind], Assembly()).add(data["delta"], (*at, "delta"))
        elif kind == "error" or (kind == "" and "error" in data):
            draft.error = _error_of(data, at) or draft.error
        if "response" in data and draft.id is None:
            draft.id = text_of(mapping(data["response"]).get("id"))
            draft.answered_by = text_of(mapping(data["response"]).get("model"))
    if final is not None:
        _read_object(draft, *final)
    if not draft.answer:
        _assemble(draft, items, done)
    if final is None and draft.error is None:
        last = stream.events[-1].pointer if stream.events else ()
        draft.finish = Finish(FinishReason.ABORTED, "the stream ends before the response does", last)


def _error_of(data: Mapping[str, Any], at: Pointer) -> ProviderError | None:
    if isinstance(data.get("message"), str):
        return ProviderError(data["message"], text_of(data.get("code")), (*at, "message"))
    return read_error(data, at, None)


def _assemble(draft: Draft, items: dict[int, _Item], done: dict[int, tuple[Mapping[str, Any], Pointer]]) -> None:
    reader = ItemReader()
    for index in sorted({*items, *done}):
        if index in done:
            reader.read(*done[index])
            continue
        item = items[index]
        reader.read({"type": "message", "role": "assistant"}, item.at)
        for kind, text in item.texts.items():
            call = (
                call_from(item.start.get("name"), text.text, item.start.get("call_id"))
                if kind is Kind.TOOL_CALL
                else None
            )
            reader.messages[-1].parts.append(Part(kind, text.text, text.pieces, call=call))
    draft.answer.extend(reader.messages)
    _read_cited(draft, reader)
    draft.unseen.extend(reader.unseen)


def _read_cited(draft: Draft, reader: ItemReader) -> None:
    if reader.cited and reader.messages:
        read_annotations(draft, reader.messages[0], reader.cited)

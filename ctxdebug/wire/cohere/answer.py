"""Cohere's answers in both versions: one message, its calls, its usage, and streams of either."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ctxdebug.exchange import Assembly, Draft, DraftMessage, Part, Stream
from ctxdebug.model import Finish, FinishReason, Kind, Pointer, Role, Usage
from ctxdebug.wire.cohere.citations import read_citations
from ctxdebug.wire.pairing import pair_calls
from ctxdebug.wire.shape import call_from, count_of, mapping, objects, text_of
from ctxdebug.wire.shapes.chat_messages import read_message

V1_EVENTS = frozenset({"stream-start", "text-generation", "stream-end", "tool-calls-generation", "search-results"})
V2_EVENTS = frozenset(
    {"message-start", "content-start", "content-delta", "tool-plan-delta", "tool-call-start", "message-end"}
)
_FINISH = {
    "COMPLETE": FinishReason.STOP,
    "TOOL_CALL": FinishReason.TOOL_CALLS,
    "MAX_TOKENS": FinishReason.LENGTH,
    "STOP_SEQUENCE": FinishReason.STOP_SEQUENCE,
    "ERROR": FinishReason.ERROR,
    "ERROR_TOXIC": FinishReason.FILTER,
    "ERROR_LIMIT": FinishReason.WINDOW,
    "USER_CANCEL": FinishReason.ABORTED,
    "TIMEOUT": FinishReason.ERROR,
}


def finish_of(captured: Any, at: Pointer) -> Finish | None:
    """Why the answer ended."""
    word = text_of(captured)
    return Finish(_FINISH.get(word.upper(), FinishReason.OTHER), word, at) if word else None


def usage_of(raw: Any, at: Pointer) -> Usage | None:
    """Usage: `tokens` is what the model read, with template and cache; `billed_units` is less."""
    raw = mapping(raw)
    tokens = mapping(raw.get("tokens"))
    prompt = count_of(_whole(tokens.get("input_tokens")))
    if prompt is None:
        return None
    cached = count_of(_whole(raw.get("cached_tokens")))
    return Usage(prompt, cached, None, count_of(_whole(tokens.get("output_tokens"))), None, raw, at)


def _whole(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def read_answer(draft: Draft, response: Mapping[str, Any], at: Pointer) -> None:
    """A response that was not streamed."""
    draft.id = text_of(response.get("id")) or text_of(response.get("generation_id"))
    draft.answered_by = text_of(response.get("model"))
    raw = response.get("message")
    if isinstance(raw, dict):
        message = read_message({"role": "assistant", **raw}, (*at, "message"))
        if isinstance(raw.get("tool_plan"), str) and raw["tool_plan"]:
            message.text(raw["tool_plan"], (*at, "message", "tool_plan"), Kind.THINKING)
            message.parts.insert(0, message.parts.pop())
        draft.answer.append(message)
        cited = [(held, (*at, "message", "citations", index)) for index, held in objects(raw.get("citations"))]
        if cited:
            read_citations(draft, message, cited)
        draft.usage = usage_of(response.get("usage"), (*at, "usage"))
    elif isinstance(response.get("text"), str):
        draft.answer.append(_v1_message(response, at))
        cited = [(held, (*at, "citations", index)) for index, held in objects(response.get("citations"))]
        if cited or response.get("documents"):
            read_citations(draft, draft.answer[-1], cited, response.get("documents"), (*at, "documents"))
        draft.usage = usage_of(response.get("meta"), (*at, "meta"))
    draft.finish = finish_of(response.get("finish_reason"), (*at, "finish_reason"))


def _v1_message(response: Mapping[str, Any], at: Pointer) -> DraftMessage:
    message = DraftMessage(Role.ASSISTANT, "CHATBOT", at)
    message.text(response["text"], (*at, "text"))
    for index, call in objects(response.get("tool_calls")):
        made = call_from(call.get("name"), call.get("parameters"), None)
        message.rendered(made.arguments, (*at, "tool_calls", index), Kind.TOOL_CALL, call=made)
    pair_calls([message])
    return message


class _Turn:
    """The one message of a stream."""

    def __init__(self) -> None:
        self.cited: list[tuple[Mapping[str, Any], Pointer]] = []
        self.texts = {Kind.THINKING: Assembly(), Kind.TEXT: Assembly()}
        self.calls: dict[int, tuple[Mapping[str, Any], Assembly]] = {}

    def message(self) -> DraftMessage:
        message = DraftMessage(Role.ASSISTANT, "assistant", ())
        for kind, text in self.texts.items():
            if text:
                message.parts.append(Part(kind, text.text, text.pieces))
        for raw, arguments in self.calls.values():
            call = call_from(mapping(raw.get("function")).get("name"), arguments.text, raw.get("id"))
            message.parts.append(Part(Kind.TOOL_CALL, call.arguments, arguments.pieces, call=call))
        if message.parts and message.parts[0].pieces:
            message.pointer = message.parts[0].pieces[0].pointer
        return message


def read_stream(draft: Draft, stream: Stream) -> None:
    """Put a streamed answer together; version 1 ends with the whole response."""
    turn = _Turn()
    for event in stream.events:
        data, at = mapping(event.data), event.pointer
        kind = data.get("type") or data.get("event_type") or event.name
        if kind == "stream-end" and isinstance(data.get("response"), dict):
            read_answer(draft, {"text": "", **data["response"]}, (*at, "response"))
            draft.finish = draft.finish or finish_of(data.get("finish_reason"), (*at, "finish_reason"))
            return
        if kind == "citation-generation":
            turn.cited += [(held, (*at, "citations", index)) for index, held in objects(data.get("citations"))]
        if kind == "text-generation" and isinstance(data.get("text"), str):
            turn.texts[Kind.TEXT].add(data["text"], (*at, "text"))
        draft.id = draft.id or text_of(data.get("id"))
        if kind == "message-end":
            delta = mapping(data.get("delta"))
            draft.finish = finish_of(delta.get("finish_reason"), (*at, "delta", "finish_reason"))
            draft.usage = usage_of(delta.get("usage"), (*at, "delta", "usage"))
        else:
            _add(
                turn,
                mapping(mapping(data.get("delta")).get("message")),
                (*at, "delta", "message"),
                count_of(data.get("index")) or 0,
            )
    message = turn.message()
    if message.parts:
        draft.answer.append(message)
        if turn.cited:
            read_citations(draft, message, turn.cited)
    if draft.finish is None:
        last = stream.events[-1].pointer if stream.events else ()
        draft.finish = Finish(FinishReason.ABORTED, "the stream ends without a finish reason", last)


def _add(turn: _Turn, delta: Mapping[str, Any], at: Pointer, index: int) -> None:
    if isinstance(delta.get("tool_plan"), str):
        turn.texts[Kind.THINKING].add(delta["tool_plan"], (*at, "tool_plan"))
    content = mapping(delta.get("content"))
    for kind, key in ((Kind.TEXT, "text"), (Kind.THINKING, "thinking")):
        if isinstance(content.get(key), str):
            turn.texts[kind].add(content[key], (*at, "content", key))
    cited = mapping(delta.get("citations"))
    if cited:
        turn.cited.append((cited, (*at, "citations")))
    call = mapping(delta.get("tool_calls"))
    if call:
        _, arguments = turn.calls.setdefault(index, (call, Assembly()))
        held = mapping(call.get("function")).get("arguments")
        if isinstance(held, str):
            arguments.add(held, (*at, "tool_calls", "function", "arguments"))

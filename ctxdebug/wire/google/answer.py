"""Gemini's answers: candidates, usage, and streams in both of their forms."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ctxdebug.exchange import Assembly, Draft, DraftMessage, Event, Exchange, Part, Stream
from ctxdebug.model import Finish, FinishReason, Kind, Pointer, Role, Usage
from ctxdebug.wire.google.grounding import read_grounding
from ctxdebug.wire.google.parts import read_content, read_part
from ctxdebug.wire.shape import camel_or_snake, count_of, items, mapping, objects, stream_of, text_of
from ctxdebug.wire.shapes.error_body import read_error

_FINISH = {
    "STOP": FinishReason.STOP,
    "MAX_TOKENS": FinishReason.LENGTH,
    "SAFETY": FinishReason.FILTER,
    "RECITATION": FinishReason.FILTER,
    "LANGUAGE": FinishReason.FILTER,
    "BLOCKLIST": FinishReason.FILTER,
    "PROHIBITED_CONTENT": FinishReason.FILTER,
    "SPII": FinishReason.FILTER,
    "IMAGE_SAFETY": FinishReason.FILTER,
    "MODEL_ARMOR": FinishReason.FILTER,
    "MALFORMED_FUNCTION_CALL": FinishReason.ERROR,
    "UNEXPECTED_TOOL_CALL": FinishReason.ERROR,
}
_NUMBERS = {1: "STOP", 2: "MAX_TOKENS", 3: "SAFETY", 4: "RECITATION", 6: "BLOCKLIST", 7: "PROHIBITED_CONTENT", 8: "SPII",
    9: "MALFORMED_FUNCTION_CALL"}  # fmt: skip


def finish_of(captured: Any, at: Pointer, *, called: bool = False) -> Finish | None:
    """Why the answer ended; a number where the URL asked for numbers, and calls end with STOP."""
    word = _NUMBERS.get(captured, "OTHER") if count_of(captured) is not None else text_of(captured)
    if not word:
        return None
    reason = _FINISH.get(word.upper().rpartition(".")[2], FinishReason.OTHER)
    if called and reason is FinishReason.STOP:
        reason = FinishReason.TOOL_CALLS
    return Finish(reason, str(captured), at)


def usage_of(raw: Any, at: Pointer) -> Usage | None:
    """Usage: what tools added to the prompt, and thoughts, are counted beside the rest."""
    raw = mapping(raw)
    count = {
        name: count_of(camel_or_snake(raw, f"{name}TokenCount")[1])
        for name in ("prompt", "toolUsePrompt", "candidates", "thoughts", "cachedContent")
    }
    if count["prompt"] is None:
        return None
    output = (
        None
        if count["candidates"] is None and count["thoughts"] is None
        else (count["candidates"] or 0) + (count["thoughts"] or 0)
    )
    return Usage(
        count["prompt"] + (count["toolUsePrompt"] or 0),
        count["cachedContent"],
        None,
        output,
        count["thoughts"],
        raw,
        at,
    )


def events_of(exchange: Exchange) -> Stream | None:
    """Return the chunks of a streamed answer: events, or the items of one JSON array."""
    if isinstance(exchange.response, list):
        return Stream(tuple(Event(None, item, (*exchange.response_at, n)) for n, item in enumerate(exchange.response)))
    return stream_of(exchange)


def read_answer(draft: Draft, response: Mapping[str, Any], at: Pointer) -> None:
    """A response that was not streamed."""
    _read_about(draft, response, at)
    candidates = [((*at, "candidates", index), candidate) for index, candidate in objects(response.get("candidates"))]
    if not candidates and mapping(response.get("content")).get("parts"):
        candidates = [(at, response)]  # as the agent kit logs its answers
    for where, candidate in candidates:
        message = read_content({"role": "model", **mapping(candidate.get("content"))}, (*where, "content"))
        if not mapping(candidate.get("content")).get("parts"):
            message.parts.clear()
        draft.answer.append(message)
        called = any(part.call is not None for part in message.parts)
        key, grounding = camel_or_snake(candidate, "groundingMetadata")
        if grounding:
            read_grounding(draft, message, grounding, (*where, key))
        key, finish = camel_or_snake(candidate, "finishReason")
        draft.finish = draft.finish or finish_of(finish, (*where, key), called=called)


def _read_about(draft: Draft, response: Mapping[str, Any], at: Pointer) -> None:
    draft.id = text_of(camel_or_snake(response, "responseId")[1]) or draft.id
    draft.answered_by = text_of(camel_or_snake(response, "modelVersion")[1]) or draft.answered_by
    key, usage = camel_or_snake(response, "usageMetadata")
    draft.usage = usage_of(usage, (*at, key)) or draft.usage
    if count_of(response.get("totalTokens")) is not None:
        draft.usage = Usage(prompt=response["totalTokens"], raw=response, pointer=(*at, "totalTokens"))
    key, feedback = camel_or_snake(response, "promptFeedback")
    inner, reason = camel_or_snake(mapping(feedback), "blockReason")
    if reason is not None:
        draft.finish = Finish(FinishReason.FILTER, str(reason), (*at, key, inner))


class _Run:
    """Text of one kind, put together from chunk after chunk until another kind of part comes."""

    __slots__ = ("kind", "text")

    def __init__(self, kind: Kind) -> None:
        self.kind = kind
        self.text = Assembly()


def read_stream(draft: Draft, stream: Stream) -> None:
    """Put a streamed answer together; usage is cumulative, so the last one counts."""
    messages: dict[int, tuple[DraftMessage, list[_Run]]] = {}
    grounded: dict[int, tuple[Any, Pointer]] = {}
    for event in stream.events:
        data = mapping(event.data)
        draft.error = draft.error or read_error(data, event.pointer, None)
        _read_about(draft, data, event.pointer)
        for position, candidate in objects(data.get("candidates")):
            where = (*event.pointer, "candidates", position)
            index = count_of(candidate.get("index")) or 0
            message, runs = messages.setdefault(index, (DraftMessage(Role.ASSISTANT, "model", where), []))
            _add(message, runs, mapping(candidate.get("content")), (*where, "content"))
            key, grounding = camel_or_snake(candidate, "groundingMetadata")
            if grounding:  # each repeats those before it
                grounded[index] = grounding, (*where, key)
            key, finish = camel_or_snake(candidate, "finishReason")
            called = any(part.call is not None for part in message.parts)
            draft.finish = finish_of(finish, (*where, key), called=called) or draft.finish
    for index, (message, runs) in sorted(messages.items(), key=lambda entry: entry[0]):
        _close(message, runs)
        draft.answer.append(message)
        if index in grounded:
            read_grounding(draft, message, *grounded[index])
    if draft.finish is None and draft.error is None and (messages or not stream.complete):
        last = stream.events[-1].pointer if stream.events else ()
        draft.finish = Finish(FinishReason.ABORTED, "the stream ends without a finish reason", last)


def _add(message: DraftMessage, runs: list[_Run], content: Mapping[str, Any], at: Pointer) -> None:
    for index, part in enumerate(items(content.get("parts"))):
        where = (*at, "parts", index)
        if isinstance(mapping(part).get("text"), str):
            kind = Kind.THINKING if part.get("thought") is True else Kind.TEXT
            if not runs or runs[-1].kind is not kind:
                _close(message, runs)
                runs.append(_Run(kind))
            runs[-1].text.add(part["text"], (*where, "text"))
        elif isinstance(part, dict):
            _close(message, runs)
            read_part(message, part, where)


def _close(message: DraftMessage, runs: list[_Run]) -> None:
    if runs:
        run = runs.pop()
        if run.text:
            message.parts.append(Part(run.kind, run.text.text, run.text.pieces))

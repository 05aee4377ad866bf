"""Chat-completion answers: choices, streamed deltas, usage and the reason why they ended."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ctxdebug.exchange import Assembly, Draft, DraftMessage, Part, Stream
from ctxdebug.model import Finish, FinishReason, Kind, Pointer, Role, Usage
from ctxdebug.records import field, record, replace
from ctxdebug.wire.shape import call_from, count_of, mapping, objects, text_of
from ctxdebug.wire.shapes.error_body import read_error
from ctxdebug.wire.shapes.usage_dialects import logged_usage

FINISH = {
    "stop": FinishReason.STOP,
    "eos": FinishReason.STOP,
    "end_turn": FinishReason.STOP,
    "tool_calls": FinishReason.TOOL_CALLS,
    "function_call": FinishReason.TOOL_CALLS,
    "length": FinishReason.LENGTH,
    "max_tokens": FinishReason.LENGTH,
    "model_length": FinishReason.WINDOW,
    "content_filter": FinishReason.FILTER,
    "error": FinishReason.ERROR,
}


def finish_of(captured: Any, at: Pointer) -> Finish | None:
    """Return the reason why an answer ended; an unknown word is `OTHER`, an empty one is none."""
    if not isinstance(captured, str) or not captured:
        return None
    return Finish(FINISH.get(captured.lower(), FinishReason.OTHER), captured, at)


def usage_of(raw: Any, at: Pointer) -> Usage | None:
    """Chat-completion usage: the prompt includes what was cached; xAI alone leaves reasoning out of the output."""
    raw = mapping(raw)
    prompt = count_of(raw.get("prompt_tokens"))
    if prompt is None:
        return _other_words(raw, at)
    output = count_of(raw.get("completion_tokens"))
    reasoning = count_of(mapping(raw.get("completion_tokens_details")).get("reasoning_tokens"))
    total = count_of(raw.get("total_tokens"))
    if output is not None and reasoning and total == prompt + output + reasoning:
        output += reasoning
    details = mapping(raw.get("prompt_tokens_details")) or mapping(raw.get("prompt_token_details"))
    cached = next((found for found in (
        count_of(details.get("cached_tokens")), count_of(raw.get("num_cached_tokens")),
        count_of(raw.get("prompt_cache_hit_tokens"))) if found is not None), None)  # fmt: skip
    return Usage(prompt, cached, count_of(details.get("cache_write_tokens")), output, reasoning, raw, at)


def _other_words(raw: Mapping[str, Any], at: Pointer) -> Usage | None:
    """Return what a gateway or framework counted in words of its own; with Anthropic's, what was cached stands beside the input."""
    found = logged_usage(raw, at)
    if found is None or "cache_read_input_tokens" not in raw or found.prompt is None:
        return found
    written = count_of(raw.get("cache_creation_input_tokens"))
    return replace(found, prompt=found.prompt + (found.cache_read or 0) + (written or 0), cache_write=written)


def read_choices(
    draft: Draft,
    body: Mapping[str, Any],
    at: Pointer,
    read_message: Callable[[Mapping[str, Any], Pointer], DraftMessage],
) -> None:
    """Every choice of a response that was not streamed."""
    draft.id = text_of(body.get("id"))
    draft.answered_by = text_of(body.get("model"))
    draft.usage = usage_of(body.get("usage"), (*at, "usage"))
    for index, choice in objects(body.get("choices")):
        where = (*at, "choices", index)
        raw = choice.get("message")
        if isinstance(raw, dict):
            message = read_message({"role": "assistant", **raw}, (*where, "message"))
            draft.answer.append(message)
        elif isinstance(choice.get("text"), str):
            message = DraftMessage(Role.ASSISTANT, "assistant", where)
            message.text(choice["text"], (*where, "text"))
            draft.answer.append(message)
        if draft.finish is None:
            draft.finish = finish_of(choice.get("finish_reason"), (*where, "finish_reason"))


@record(slots=True)
class _Call:
    id: Any = None
    name: str = ""
    arguments: Assembly = field(default_factory=Assembly)
    rendered: Any = None
    at: Pointer = ()


@record(slots=True)
class _Choice:
    content: Assembly = field(default_factory=Assembly)
    thinking: Assembly = field(default_factory=Assembly)
    refusal: Assembly = field(default_factory=Assembly)
    calls: dict[Any, _Call] = field(default_factory=dict)
    at: Pointer = ()


def read_stream(draft: Draft, stream: Stream) -> None:
    """Put a streamed answer together; the last usage seen counts, they are never added up."""
    choices: dict[int, _Choice] = {}
    for event in stream.events:
        data = mapping(event.data)
        draft.error = draft.error or read_error(data, event.pointer, None)
        draft.id = draft.id or text_of(data.get("id"))
        draft.answered_by = text_of(data.get("model")) or draft.answered_by
        for holder, where in ((data, event.pointer), (mapping(data.get("x_groq")), (*event.pointer, "x_groq"))):
            draft.usage = usage_of(holder.get("usage"), (*where, "usage")) or draft.usage
        for position, raw in objects(data.get("choices")):
            where = (*event.pointer, "choices", position)
            choice = choices.setdefault(count_of(raw.get("index")) or 0, _Choice(at=where))
            _add_delta(choice, mapping(raw.get("delta")), (*where, "delta"))
            draft.finish = finish_of(raw.get("finish_reason"), (*where, "finish_reason")) or draft.finish
    for _, choice in sorted(choices.items()):
        draft.answer.append(_message(choice))
    if not stream.complete or (draft.finish is None and draft.error is None and choices):
        draft.finish = draft.finish or Finish(
            FinishReason.ABORTED, "the stream ends without a finish reason", _last(stream)
        )


def _last(stream: Stream) -> Pointer:
    return stream.events[-1].pointer if stream.events else ()


def _add_delta(choice: _Choice, delta: Mapping[str, Any], at: Pointer) -> None:
    for key in ("reasoning_content", "reasoning", "thinking"):
        if isinstance(delta.get(key), str) and delta[key]:
            choice.thinking.add(delta[key], (*at, key))
            break
    _add_content(choice, delta.get("content"), (*at, "content"))
    if isinstance(delta.get("refusal"), str):
        choice.refusal.add(delta["refusal"], (*at, "refusal"))
    for position, raw in objects(delta.get("tool_calls")):
        _add_call(choice, raw, (*at, "tool_calls", position))
    if isinstance(legacy := delta.get("function_call"), dict):
        _add_call(choice, {"function": legacy}, at, "function_call")


def _add_content(choice: _Choice, content: Any, at: Pointer) -> None:
    if isinstance(content, str):
        choice.content.add(content, at)
    for index, part in objects(content):
        if isinstance(part.get("text"), str):
            choice.content.add(part["text"], (*at, index, "text"))
        for inner_index, inner in objects(part.get("thinking")):
            if isinstance(inner.get("text"), str):
                choice.thinking.add(inner["text"], (*at, index, "thinking", inner_index, "text"))


def _add_call(choice: _Choice, raw: Mapping[str, Any], at: Pointer, key: str = "function") -> None:
    index = count_of(raw.get("index"))
    new = index is None and (raw.get("id") is not None or not choice.calls)
    slot: Any = (len(choice.calls) if new else len(choice.calls) - 1) if index is None else index
    call = choice.calls.setdefault(slot, _Call(at=at))
    call.id = call.id or raw.get("id")
    function = mapping(raw.get(key))
    call.name = call.name or str(function.get("name") or "")
    arguments = function.get("arguments")
    if isinstance(arguments, str):
        call.arguments.add(arguments, (*at, key, "arguments"))
    elif arguments is not None:
        call.rendered = arguments


def _message(choice: _Choice) -> DraftMessage:
    message = DraftMessage(Role.ASSISTANT, "assistant", choice.at)
    for kind, held in ((Kind.THINKING, choice.thinking), (Kind.TEXT, choice.content), (Kind.TEXT, choice.refusal)):
        if held:
            message.parts.append(Part(kind, held.text, held.pieces))
    for call in choice.calls.values():
        if call.rendered is not None:
            made = call_from(call.name, call.rendered, call.id)
            message.rendered(made.arguments, call.at, Kind.TOOL_CALL, call=made)
        else:
            made = call_from(call.name, call.arguments.text, call.id)
            message.parts.append(Part(Kind.TOOL_CALL, made.arguments, call.arguments.pieces, call=made))
    return message

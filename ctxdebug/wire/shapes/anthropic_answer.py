"""Answers of the Messages API: usage, stop reasons, and streams put together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from ctxdebug.exchange import Assembly, Draft, DraftMessage, Part, Stream
from ctxdebug.model import Finish, FinishReason, Kind, Pointer, Role, Unseen, UnseenKind, Usage
from ctxdebug.wire.shape import call_from, count_of, mapping, objects, text_of

_FINISH = {
    "end_turn": FinishReason.STOP,
    "tool_use": FinishReason.TOOL_CALLS,
    "max_tokens": FinishReason.LENGTH,
    "model_context_window_exceeded": FinishReason.WINDOW,
    "stop_sequence": FinishReason.STOP_SEQUENCE,
    "refusal": FinishReason.FILTER,
    "content_filtered": FinishReason.FILTER,
    "guardrail_intervened": FinishReason.FILTER,
    "pause_turn": FinishReason.PAUSE,
}
_DELTAS = {
    "text_delta": "text",
    "input_json_delta": "partial_json",
    "thinking_delta": "thinking",
    "compaction_delta": "content",
}


def finish_of(captured: Any, at: Pointer) -> Finish | None:
    """Why the answer ended; an unknown word is `OTHER`."""
    if not isinstance(captured, str) or not captured:
        return None
    return Finish(_FINISH.get(captured, FinishReason.OTHER), captured, at)


def usage_of(raw: Any, at: Pointer) -> Usage | None:
    """Usage: the prompt is input plus what was read from and written to the cache."""
    raw = mapping(raw)
    fresh = count_of(raw.get("input_tokens"))
    if fresh is None:
        return None
    read = count_of(raw.get("cache_read_input_tokens"))
    written = count_of(raw.get("cache_creation_input_tokens"))
    thinking = count_of(mapping(raw.get("output_tokens_details")).get("thinking_tokens"))
    return Usage(
        fresh + (read or 0) + (written or 0), read, written, count_of(raw.get("output_tokens")), thinking, raw, at
    )


def note_edits(draft: Draft, raw_usage: Any, management: Any, at: Pointer) -> None:
    """Say what the server did to the conversation before the model read it."""
    passes = [item.get("type") for _, item in objects(mapping(raw_usage).get("iterations"))]
    if "compaction" in passes:
        draft.unseen.append(
            Unseen(
                "what the server made of the conversation when it compacted it", (*at, "usage"), UnseenKind.CONVERSATION
            )
        )
    applied = [str(edit.get("type")) for _, edit in objects(mapping(management).get("applied_edits"))]
    if applied:
        draft.notes.append(f"the server edited the conversation before the model read it: {', '.join(applied)}")


Cited: TypeAlias = tuple[Part, Mapping[str, Any], Pointer]
"""A text of the answer, a citation that the provider put beside it, and where that is."""


class _Block:
    __slots__ = ("at", "cited", "start", "text")

    def __init__(self, start: Mapping[str, Any], at: Pointer) -> None:
        self.start = start
        self.at = at
        self.text = Assembly()
        self.cited: list[tuple[Mapping[str, Any], Pointer]] = []


def read_stream(
    draft: Draft, stream: Stream, read_block: Callable[[DraftMessage, Mapping[str, Any], Pointer], None]
) -> list[Cited]:
    """Put a streamed message together, and return its citations; the last usage counts, field by field."""
    blocks: dict[int, _Block] = {}
    usage: dict[str, Any] = {}
    usage_at: Pointer = ()
    for event in stream.events:
        data, at = mapping(event.data), event.pointer
        kind = text_of(data.get("type")) or event.name
        index = count_of(data.get("index")) or 0
        if kind == "message_start":
            started = mapping(data.get("message"))
            draft.id, draft.answered_by = text_of(started.get("id")), text_of(started.get("model"))
            usage.update(mapping(started.get("usage")))
            usage_at = (*at, "message", "usage")
        elif kind == "content_block_start":
            blocks[index] = _Block(mapping(data.get("content_block")), (*at, "content_block"))
        elif kind == "content_block_delta":
            delta = mapping(data.get("delta"))
            key = _DELTAS.get(str(delta.get("type")))
            if key and isinstance(delta.get(key), str) and index in blocks:
                blocks[index].text.add(delta[key], (*at, "delta", key))
            elif isinstance(delta.get("citation"), dict) and index in blocks:
                blocks[index].cited.append((delta["citation"], (*at, "delta", "citation")))
        elif kind == "message_delta":
            draft.finish = (
                finish_of(mapping(data.get("delta")).get("stop_reason"), (*at, "delta", "stop_reason")) or draft.finish
            )
            usage.update({name: count for name, count in mapping(data.get("usage")).items() if count is not None})
            usage_at = (*at, "usage") if "usage" in data else usage_at
        if "context_management" in data:
            note_edits(draft, None, data["context_management"], at)
    draft.usage = usage_of(usage, usage_at)
    note_edits(draft, usage, None, usage_at[:-1])
    cited: list[Cited] = []
    if blocks:
        draft.answer.append(_message(blocks, read_block, cited))
    if draft.finish is None and (blocks or not stream.complete):
        last = stream.events[-1].pointer if stream.events else ()
        draft.finish = Finish(FinishReason.ABORTED, "the stream ends without a stop reason", last)
    return cited


def _message(
    blocks: Mapping[int, _Block],
    read_block: Callable[[DraftMessage, Mapping[str, Any], Pointer], None],
    cited: list[Cited],
) -> DraftMessage:
    message = DraftMessage(Role.ASSISTANT, "assistant", next(iter(blocks.values())).at)
    for _, block in sorted(blocks.items()):
        kind = text_of(block.start.get("type"))
        if kind in {"tool_use", "server_tool_use", "mcp_tool_use"} and block.text:
            call = call_from(
                block.start.get("name"), block.text.text, block.start.get("id"), server_side=kind != "tool_use"
            )
            message.parts.append(Part(Kind.TOOL_CALL, call.arguments, block.text.pieces, call=call))
        elif block.text:
            what = Kind.THINKING if kind == "thinking" else Kind.TEXT
            part = Part(what, block.text.text, block.text.pieces)
            message.parts.append(part)
            cited.extend((part, held, at) for held, at in block.cited)
        else:
            read_block(message, block.start, block.at)
    return message

"""Converse answers: usage, stop reasons, and event streams put together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ctxdebug.exchange import Assembly, Draft, DraftMessage, Event, Part, Stream
from ctxdebug.model import Finish, FinishReason, Kind, Pointer, ProviderError, Role, Usage
from ctxdebug.wire.bedrock.blocks import read_block
from ctxdebug.wire.bedrock.citations import Cited, read_citations
from ctxdebug.wire.shape import call_from, count_of, mapping, text_of
from ctxdebug.wire.shapes.anthropic_answer import finish_of as anthropic_finish_of

STREAM_EVENTS = frozenset({"messageStart", "contentBlockStart", "contentBlockDelta", "contentBlockStop", "messageStop"})
_MALFORMED = frozenset({"malformed_model_output", "malformed_tool_use"})


def finish_of(captured: Any, at: Pointer) -> Finish | None:
    """Why the answer ended; Bedrock uses Anthropic's words and a few of its own."""
    if text_of(captured) in _MALFORMED:
        return Finish(FinishReason.ERROR, str(captured), at)
    return anthropic_finish_of(captured, at)


def usage_of(raw: Any, at: Pointer) -> Usage | None:
    """Usage: the prompt is input plus what was read from and written to the cache, under either spelling."""
    raw = mapping(raw)
    fresh = count_of(raw.get("inputTokens"))
    if fresh is None:
        return None
    read, written = (
        next(
            (
                found
                for suffix in ("Tokens", "TokenCount")
                if (found := count_of(raw.get(f"cache{what}Input{suffix}"))) is not None
            ),
            None,
        )
        for what in ("Read", "Write")
    )
    return Usage(fresh + (read or 0) + (written or 0), read, written, count_of(raw.get("outputTokens")), None, raw, at)


class _Block:
    __slots__ = ("at", "cited", "kind", "start", "text")

    def __init__(self, at: Pointer, start: Mapping[str, Any]) -> None:
        self.at = at
        self.start = start
        self.kind = Kind.TOOL_CALL if "toolUse" in start else Kind.TEXT
        self.text = Assembly()
        self.cited: list[tuple[Mapping[str, Any], Pointer]] = []


def _unfolded(stream: Stream) -> Iterator[tuple[str, Mapping[str, Any], Pointer, Event]]:
    """Name, payload and place of each event; Nova's own streams name the event by the one key of its payload."""
    for event in stream.events:
        data = mapping(event.data)
        name = next((key for key in data if key in STREAM_EVENTS or key == "metadata"), None)
        if name is not None and isinstance(data[name], dict):
            yield name, data[name], (*event.pointer, name), event
        else:
            yield event.name or "", data, event.pointer, event


def read_stream(draft: Draft, stream: Stream) -> None:
    """Put a streamed message together."""
    blocks: dict[int, _Block] = {}
    for name, data, at, event in _unfolded(stream):
        index = count_of(data.get("contentBlockIndex")) or 0
        if name == "contentBlockStart":
            blocks[index] = _Block((*at, "start"), mapping(data.get("start")))
        elif name == "contentBlockDelta":
            _add(blocks.setdefault(index, _Block(at, {})), mapping(data.get("delta")), (*at, "delta"))
        elif name == "messageStop":
            draft.finish = finish_of(data.get("stopReason"), (*at, "stopReason"))
        elif name == "metadata":
            draft.usage = usage_of(data.get("usage"), (*at, "usage")) or draft.usage
        elif "xception" in name and isinstance(data.get("message"), str):
            draft.error = ProviderError(data["message"], name, (*at, "message"))
        if "amazon-bedrock-invocationMetrics" in mapping(event.data) and draft.usage is None:
            draft.usage = metrics_of(event)
    if blocks:
        cited: list[Cited] = []
        draft.answer.append(_message(blocks, cited))
        read_citations(draft, draft.answer[-1], cited)
    if draft.finish is None and draft.error is None and (blocks or not stream.complete):
        last = stream.events[-1].pointer if stream.events else ()
        draft.finish = Finish(FinishReason.ABORTED, "the stream ends without a stop reason", last)


def metrics_of(event: Event) -> Usage | None:
    """Usage as Bedrock adds it to the last chunk of any vendor's stream."""
    raw = mapping(mapping(event.data).get("amazon-bedrock-invocationMetrics"))
    prompt = count_of(raw.get("inputTokenCount"))
    at = (*event.pointer, "amazon-bedrock-invocationMetrics")
    return None if prompt is None else Usage(prompt, output=count_of(raw.get("outputTokenCount")), raw=raw, pointer=at)


def _add(block: _Block, delta: Mapping[str, Any], at: Pointer) -> None:
    tool, thought = mapping(delta.get("toolUse")), mapping(delta.get("reasoningContent"))
    if isinstance(delta.get("text"), str):
        block.text.add(delta["text"], (*at, "text"))
    elif isinstance(tool.get("input"), str):
        block.text.add(tool["input"], (*at, "toolUse", "input"))
    elif isinstance(thought.get("text"), str):
        block.kind = Kind.THINKING
        block.text.add(thought["text"], (*at, "reasoningContent", "text"))
    elif isinstance(delta.get("citation"), dict):
        block.cited.append((delta["citation"], (*at, "citation")))


def _message(blocks: Mapping[int, _Block], cited: list[Cited]) -> DraftMessage:
    message = DraftMessage(Role.ASSISTANT, "assistant", next(iter(blocks.values())).at)
    for _, block in sorted(blocks.items()):
        called = mapping(block.start.get("toolUse"))
        if called:
            call = call_from(called.get("name"), block.text.text, text_of(called.get("toolUseId")))
            message.parts.append(Part(Kind.TOOL_CALL, call.arguments, block.text.pieces, call=call))
        elif block.text:
            part = Part(block.kind, block.text.text, block.text.pieces)
            message.parts.append(part)
            cited.extend((part, held, at) for held, at in block.cited)
        elif block.start:
            read_block(message, block.start, block.at, Kind.TEXT, {})
    return message

"""Write a snapshot as a request of another wire format, for a capture without one and for another provider's model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ctxdebug.cases.google_request import google_request
from ctxdebug.cases.ollama_request import ollama_request
from ctxdebug.cases.request_parts import WORDS, arguments_of, given, results_of, text_of
from ctxdebug.errors import UsageError
from ctxdebug.model import Kind, Role

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ctxdebug.model import Message, Snapshot, Tool

_DEFAULT_OUTPUT = 1024
"""Tokens, for an API that demands a limit where the capture had none."""


def converted(snapshot: Snapshot, format: str) -> dict[str, Any]:
    """Return the request body in another format; raises `UsageError` for what cannot be carried over."""
    if format not in _WRITERS:
        raise UsageError(f"a request cannot be written as {format}; known: {', '.join(_WRITERS)}")
    for segment in snapshot.segments():
        if segment.kind is Kind.MEDIA:
            raise UsageError(
                f"the request contains {segment.media.type if segment.media else 'media'}, which only {snapshot.format} carries"
            )
    if snapshot.unseen:
        raise UsageError(f"the request rests on {snapshot.unseen[0].what}, which the capture does not contain")
    return _WRITERS[format](snapshot)


def _chat(snapshot: Snapshot) -> dict[str, Any]:
    body: dict[str, Any] = {"model": snapshot.model} if snapshot.model else {}
    body["messages"] = [written for message in snapshot.messages for written in _chat_messages(message)]
    if snapshot.tools:
        body["tools"] = [{"type": "function", "function": _chat_tool(tool)} for tool in snapshot.tools]
    settings = snapshot.settings
    body |= given(
        max_tokens=settings.max_output,
        temperature=settings.temperature,
        top_p=settings.top_p,
        seed=settings.seed,
        stop=list(settings.stop) or None,
    )
    if settings.response_schema is not None:
        schema = {"name": "answer", "schema": settings.response_schema} | given(strict=settings.strict_schema)
        body["response_format"] = {"type": "json_schema", "json_schema": schema}
    elif settings.response_format == "json_object":
        body["response_format"] = {"type": "json_object"}
    return body


def _chat_tool(tool: Tool) -> dict[str, Any]:
    schema = tool.schema if tool.schema is not None else {"type": "object", "properties": {}}
    return {"name": tool.name, "description": tool.description, "parameters": schema} | given(strict=tool.strict)


def _chat_messages(message: Message) -> Iterator[dict[str, Any]]:
    """Yield one message as chat messages: the results of calls first, each a message of its own."""
    for call_id, segments in results_of(message):
        yield {"role": "tool", "tool_call_id": call_id, "content": text_of(segments)}
    words = [segment for segment in message.segments if segment.kind in WORDS and segment.call_id is None]
    calls = [segment.call for segment in message.segments if segment.call is not None]
    if calls:
        yield {
            "role": "assistant",
            "content": text_of(words) or None,
            "tool_calls": [
                {
                    "id": call.id or f"call_{index}",
                    "type": "function",
                    "function": {"name": call.name, "arguments": call.arguments},
                }
                for index, call in enumerate(calls)
            ],
        }
    elif words:
        yield {"role": _chat_role(message.role), "content": text_of(words)} | given(name=message.name)


def _chat_role(role: Role) -> str:
    return role.value if role in (Role.SYSTEM, Role.DEVELOPER, Role.ASSISTANT) else "user"


def _anthropic(snapshot: Snapshot) -> dict[str, Any]:
    body: dict[str, Any] = {"model": snapshot.model} if snapshot.model else {}
    settings = snapshot.settings
    body["max_tokens"] = settings.max_output or _DEFAULT_OUTPUT
    system = [
        text_of(message.segments) for message in snapshot.messages if message.role in (Role.SYSTEM, Role.DEVELOPER)
    ]
    if system:
        body["system"] = "\n\n".join(system)
    messages: list[dict[str, Any]] = []
    for message in snapshot.messages:
        if message.role not in (Role.SYSTEM, Role.DEVELOPER):
            role = "assistant" if message.role is Role.ASSISTANT else "user"
            blocks = list(_blocks(message))
            if messages and messages[-1]["role"] == role:
                messages[-1]["content"] += blocks
            elif blocks:
                messages.append({"role": role, "content": blocks})
    body["messages"] = messages
    if snapshot.tools:
        body["tools"] = [
            {
                "name": tool.name,
                "description": tool.description,
                "input_schema": tool.schema or {"type": "object", "properties": {}},
            }
            for tool in snapshot.tools
        ]
    return body | given(
        temperature=settings.temperature, top_p=settings.top_p, stop_sequences=list(settings.stop) or None
    )


def _blocks(message: Message) -> Iterator[dict[str, Any]]:
    for call_id, segments in results_of(message):
        block = {"type": "tool_result", "tool_use_id": call_id, "content": text_of(segments)}
        yield block | given(is_error=any(segment.is_error for segment in segments) or None)
    words = [segment for segment in message.segments if segment.kind in WORDS and segment.call_id is None]
    if text := text_of(words):
        yield {"type": "text", "text": text}
    for index, segment in enumerate(message.segments):
        if segment.call is not None:
            yield {
                "type": "tool_use",
                "id": segment.call.id or f"call_{index}",
                "name": segment.call.name,
                "input": arguments_of(segment.call),
            }


_WRITERS: dict[str, Callable[[Snapshot], dict[str, Any]]] = {
    "openai.chat": _chat,
    "anthropic.messages": _anthropic,
    "google.generate_content": google_request,
    "ollama.chat": ollama_request,
}

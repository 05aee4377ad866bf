"""Write a snapshot as a generateContent request (ai.google.dev/api/generate-content)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ctxdebug.cases.request_parts import arguments_of, given, results_of, text_of, words_of
from ctxdebug.model import Role

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ctxdebug.model import Message, Snapshot

_SYSTEM = (Role.SYSTEM, Role.DEVELOPER)


def google_request(snapshot: Snapshot) -> dict[str, Any]:
    """Return the body; `model` is in it, and whoever sends it puts that into the URL."""
    body: dict[str, Any] = {"model": snapshot.model} if snapshot.model else {}
    system = [text_of(message.segments) for message in snapshot.messages if message.role in _SYSTEM]
    if system:
        body["systemInstruction"] = {"parts": [{"text": text} for text in system]}
    contents: list[dict[str, Any]] = []
    for message in snapshot.messages:
        parts = [] if message.role in _SYSTEM else list(_parts(message))
        role = "model" if message.role is Role.ASSISTANT else "user"
        if parts and contents and contents[-1]["role"] == role:
            contents[-1]["parts"] += parts
        elif parts:
            contents.append({"role": role, "parts": parts})
    body["contents"] = contents
    if snapshot.tools:
        declared = [
            {"name": tool.name, "description": tool.description} | given(parametersJsonSchema=tool.schema)
            for tool in snapshot.tools
        ]
        body["tools"] = [{"functionDeclarations": declared}]
    if settings := _settings(snapshot):
        body["generationConfig"] = settings
    return body


def _parts(message: Message) -> Iterator[dict[str, Any]]:
    for call_id, segments in results_of(message):
        name = next((segment.tool for segment in segments if segment.tool), call_id)
        yield {"functionResponse": {"name": name, "response": {"result": text_of(segments)}}}
    if text := words_of(message):
        yield {"text": text}
    for segment in message.segments:
        if segment.call is not None:
            yield {"functionCall": {"name": segment.call.name, "args": arguments_of(segment.call)}}


def _settings(snapshot: Snapshot) -> dict[str, Any]:
    held = snapshot.settings
    settings = given(
        maxOutputTokens=held.max_output,
        temperature=held.temperature,
        topP=held.top_p,
        seed=held.seed,
        stopSequences=list(held.stop) or None,
        responseJsonSchema=held.response_schema,
    )
    if held.response_schema is not None or held.response_format == "json_object":
        settings["responseMimeType"] = "application/json"
    return settings

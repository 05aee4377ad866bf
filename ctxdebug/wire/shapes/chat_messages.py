"""Messages as Chat Completions write them; Mistral, Cohere, Ollama and many logs use the same shapes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ctxdebug.decoding.strict_json import compact
from ctxdebug.exchange import DraftMessage
from ctxdebug.model import Kind, Media, Pointer, Role
from ctxdebug.wire.shape import call_from, items, mapping, media_from, objects, text_of

ROLES = {
    "system": Role.SYSTEM,
    "developer": Role.DEVELOPER,
    "user": Role.USER,
    "assistant": Role.ASSISTANT,
    "tool": Role.TOOL,
    "function": Role.TOOL,
}
_PLAIN_KEYS = frozenset({"role", "content", "name", "tool_call_id"})


def read_message(raw: Mapping[str, Any], at: Pointer) -> DraftMessage:
    """One message: its reasoning, its content, its tool calls."""
    captured = str(raw.get("role", ""))
    role = ROLES.get(captured) or ROLES.get(captured.lower(), Role.OTHER)
    message = DraftMessage(role, captured, at, name=text_of(raw.get("name")))
    if raw.keys() <= _PLAIN_KEYS:
        _read_content(message, raw, at)
        return message
    _read_reasoning(message, raw, at)
    _read_content(message, raw, at)
    if isinstance(raw.get("refusal"), str) and raw["refusal"]:
        message.text(raw["refusal"], (*at, "refusal"))
    if "cache_control" in raw and message.parts:
        message.parts[-1].cache_mark = True
    for index, call in objects(raw.get("tool_calls")):
        _read_call(message, call, (*at, "tool_calls", index))
    beside = mapping(raw.get("additional_kwargs"))  # where LangChain keeps what its own message has no field for
    for index, call in objects(beside.get("tool_calls")) if not raw.get("tool_calls") else ():
        _read_call(message, call, (*at, "additional_kwargs", "tool_calls", index))
    for index, ran in objects(raw.get("executed_tools")):  # Groq's compound models run tools themselves
        _read_executed(message, ran, (*at, "executed_tools", index))
    legacy = raw.get("function_call")
    if isinstance(legacy, dict) and legacy.get("name"):
        _read_call(message, {"function": legacy}, at, "function_call")
    return message


def _read_reasoning(message: DraftMessage, raw: Mapping[str, Any], at: Pointer) -> None:
    for key in ("reasoning_content", "reasoning", "thinking"):
        if isinstance(raw.get(key), str) and raw[key]:
            message.text(raw[key], (*at, key), Kind.THINKING)
            return
    for index, detail in objects(raw.get("reasoning_details")):
        for key in ("text", "summary"):
            if isinstance(detail.get(key), str) and detail[key]:
                message.text(detail[key], (*at, "reasoning_details", index, key), Kind.THINKING)


def _read_content(message: DraftMessage, raw: Mapping[str, Any], at: Pointer) -> None:
    content = raw.get("content")
    if content is None:
        return
    kind = Kind.TEXT
    result: dict[str, Any] = {}
    if message.role is Role.TOOL:
        kind = Kind.TOOL_RESULT
        result = {"call_id": text_of(raw.get("tool_call_id")) or message.name, "tool": message.name}
    if isinstance(content, str):
        message.text(content, (*at, "content"), kind, **result)
    elif isinstance(content, dict):
        read_part(message, content, (*at, "content"), kind, result)
    else:
        for index, part in enumerate(items(content)):
            read_part(message, part, (*at, "content", index), kind, result)


def read_part(message: DraftMessage, part: Any, at: Pointer, kind: Kind, result: Mapping[str, Any]) -> None:
    """One part of a content list; what is not known is kept as opaque, with its size."""
    if isinstance(part, str):
        message.text(part, at, kind, **result)
        return
    captured, part = part, mapping(part)
    shape = text_of(part.get("type"))
    cached = "cache_control" in part
    if isinstance(part.get("text"), str) and shape in {"text", None, "input_text", "output_text"}:
        message.text(part["text"], (*at, "text"), kind, cache_mark=cached, **result)
    elif shape == "refusal" and isinstance(part.get("refusal"), str):
        message.text(part["refusal"], (*at, "refusal"), kind, **result)
    elif shape in {"thinking", "reasoning"}:
        _read_thinking_part(message, part, at)
    elif (media := media_of(part)) is not None:
        message.rendered("", at, Kind.MEDIA, media=media, **result)
    else:
        message.rendered(compact(captured), at, Kind.OPAQUE, **result)


def _read_thinking_part(message: DraftMessage, part: Mapping[str, Any], at: Pointer) -> None:
    for key in ("thinking", "text", "content"):
        if isinstance(part.get(key), str):
            message.text(part[key], (*at, key), Kind.THINKING)
            return
        for index, inner in objects(part.get(key)):
            if isinstance(inner.get("text"), str):
                message.text(inner["text"], (*at, key, index, "text"), Kind.THINKING)


def media_of(part: Mapping[str, Any]) -> Media | None:
    """Return the image, sound or file that a part holds or points to."""
    for key, kind in (("image_url", "image"), ("video_url", "video"), ("audio_url", "audio"), ("document_url", "file")):
        held = part.get(key)
        if isinstance(held, dict):
            return media_from(kind, None, held.get("url"), held.get("detail"))
        if isinstance(held, str):
            return media_from(kind, None, held, part.get("detail"))
    if isinstance(audio := part.get("input_audio"), dict):
        return media_from("audio", audio.get("data"), audio.get("id"))
    if isinstance(file := part.get("file"), dict):
        return media_from("file", None, file.get("file_data") or file.get("file_id") or file.get("filename"))
    return None


def _read_executed(message: DraftMessage, ran: Mapping[str, Any], at: Pointer) -> None:
    call = call_from(ran.get("type"), ran.get("arguments"), f"executed#{at[-1]}", server_side=True)
    if isinstance(ran.get("arguments"), str):
        message.text(call.arguments, (*at, "arguments"), Kind.TOOL_CALL, call=call)
    for key in ("output", "search_results"):
        held, about = ran.get(key), {"call_id": call.id, "tool": call.name}
        if isinstance(held, str) and held:
            message.text(held, (*at, key), Kind.TOOL_RESULT, **about)
        elif isinstance(held, (dict, list)) and held:
            message.rendered(compact(held), (*at, key), Kind.TOOL_RESULT, **about)


def _read_call(message: DraftMessage, raw: Mapping[str, Any], at: Pointer, function_key: str = "function") -> None:
    function = mapping(raw.get("function"))
    call = call_from(function.get("name"), function.get("arguments"), raw.get("id"))
    where = (*at, function_key, "arguments")
    if isinstance(function.get("arguments"), str):
        message.text(call.arguments, where, Kind.TOOL_CALL, call=call)
    else:
        message.rendered(call.arguments, where if "arguments" in function else at, Kind.TOOL_CALL, call=call)

"""Messages as logs and libraries write them: the same few fields under many names.

Each log format says which shape it expects by its own sniff; what a message holds is read here, so
that a field that one library renames is not lost in another.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ctxdebug.decoding.strict_json import compact
from ctxdebug.exchange import DraftMessage, Exchange
from ctxdebug.model import Document, Kind, Pointer, Role
from ctxdebug.wire.shape import call_from, items, mapping, media_from, objects, request_of, text_of
from ctxdebug.wire.shapes.chat_messages import media_of

ROLES = {
    "system": Role.SYSTEM,
    "systemmessage": Role.SYSTEM,
    "developer": Role.DEVELOPER,
    "user": Role.USER,
    "human": Role.USER,
    "humanmessage": Role.USER,
    "request": Role.USER,
    "assistant": Role.ASSISTANT,
    "ai": Role.ASSISTANT,
    "aimessage": Role.ASSISTANT,
    "aimessagechunk": Role.ASSISTANT,
    "model": Role.ASSISTANT,
    "chatbot": Role.ASSISTANT,
    "agent": Role.ASSISTANT,
    "bot": Role.ASSISTANT,
    "response": Role.ASSISTANT,
    "tool": Role.TOOL,
    "toolmessage": Role.TOOL,
    "toolresult": Role.TOOL,
    "function": Role.TOOL,
    "functionmessage": Role.TOOL,
}
_CONTENT_KEYS = ("content", "text", "parts", "blocks", "contents")
_THOUGHT_KEYS = ("reasoning_content", "reasoning", "thinking")
_TEXT_KEYS = ("text", "content", "value", "thinking", "think", "reasoning", "summary")
_TEXT_KINDS = frozenset(
    {"", "text", "input_text", "output_text", "user_prompt", "system_prompt", "instruction", "instructions"}
)
_THOUGHT_KINDS = frozenset({"thinking", "reasoning", "redacted_thinking", "thought", "think"})
_CALL_KINDS = frozenset({"tool_call", "toolcall", "tool_use", "function_call", "builtin_tool_call", "server_tool_use"})
_RESULT_KINDS = frozenset({"tool_result", "toolresult", "tool_call_response", "tool_return", "tool_response", "retry_prompt",
    "function_response", "builtin_tool_return", "function_call_output"})  # fmt: skip
_RESULT_KEYS = ("output", "result", "response", "content", "value", "text")
_NAME_KEYS = ("tool_name", "toolName", "name", "function")
_ID_KEYS = ("tool_call_id", "toolCallId", "tool_use_id", "call_id", "id", "tool_id")
_ARGUMENT_KEYS = ("arguments", "args", "input", "parameters", "tool_kwargs")


def listed_under(exchange: Exchange, keys: Iterable[str]) -> tuple[list[Any], Pointer]:
    """Return the list that a request is, or has under the first of `keys`, and the pointer to it; a list of one list is opened."""
    found, at = items(exchange.request), exchange.request_at
    for key in keys:
        if not found and items(request_of(exchange).get(key)):
            found, at = request_of(exchange)[key], (*exchange.request_at, key)
    if len(found) == 1 and isinstance(found[0], list):
        return found[0], (*at, 0)
    return found, at


def role_of(captured: str) -> Role:
    """Return the role that a log's word stands for."""
    return ROLES.get(captured.lower().replace("_", "").replace("-", ""), Role.OTHER)


def read_message(raw: Mapping[str, Any], at: Pointer, captured: str | None = None) -> DraftMessage:
    """One message; `captured` is its role where the log keeps that elsewhere."""
    if captured is None:
        captured = next((raw[key] for key in ("role", "type", "kind") if isinstance(raw.get(key), str)), "")
    message = DraftMessage(role_of(captured), captured, at, name=text_of(raw.get("name")))
    for key in _THOUGHT_KEYS:
        if isinstance(raw.get(key), str) and raw[key]:
            message.text(raw[key], (*at, key), Kind.THINKING)
            break
    about = _result_about(raw) if message.role is Role.TOOL else {}
    kind = Kind.TOOL_RESULT if message.role is Role.TOOL else Kind.TEXT
    for key in _CONTENT_KEYS:
        if raw.get(key) is not None:
            read_content(message, raw[key], (*at, key), kind, about)
            break
    if message.role is Role.TOOL:
        _read_failure(message, raw.get("error"), (*at, "error"), about)
    if isinstance(raw.get("refusal"), str) and raw["refusal"]:
        message.text(raw["refusal"], (*at, "refusal"))
    read_calls(message, raw, at)
    return message


def _read_failure(message: DraftMessage, error: Any, at: Pointer, about: Mapping[str, Any]) -> None:
    """What a tool said when it failed, which some logs keep beside its result."""
    if isinstance(error, dict):
        error, at = error.get("message"), (*at, "message")
    if isinstance(error, str) and error and not any(error in part.text for part in message.parts):
        message.text(error, at, Kind.TOOL_RESULT, **about)


def _result_about(raw: Mapping[str, Any]) -> dict[str, Any]:
    first = next(iter(items(raw.get("tool_call_ids"))), None)
    call_id = next((raw[key] for key in _ID_KEYS if isinstance(raw.get(key), str) and key != "id"), text_of(first))
    name = next((raw[key] for key in _NAME_KEYS if isinstance(raw.get(key), str)), None)
    failed = raw.get("error") not in (None, "", False) or raw.get("isError") is True or raw.get("is_error") is True
    return {"call_id": call_id, "tool": name, "is_error": failed or raw.get("status") == "error"}


def read_content(message: DraftMessage, content: Any, at: Pointer, kind: Kind, about: Mapping[str, Any]) -> None:
    """A message's content: text, one part, or a list of either."""
    if isinstance(content, str):
        message.text(content, at, kind, **about)
    elif isinstance(content, dict):
        read_part(message, content, at, kind, about)
    else:
        for index, part in enumerate(items(content)):
            if isinstance(part, str):
                message.text(part, (*at, index), kind, **about)
            elif isinstance(part, dict):
                read_part(message, part, (*at, index), kind, about)


def read_part(
    message: DraftMessage, part: Mapping[str, Any], at: Pointer, kind: Kind, about: Mapping[str, Any]
) -> None:
    """One part; what is not known is kept as opaque, with its size."""
    named = next(
        (part[key] for key in ("type", "part_kind", "block_type", "kind") if isinstance(part.get(key), str)), ""
    )
    shape = named.lower().replace("-", "_")
    if shape in _CALL_KINDS:
        _read_call(message, part, at)
    elif shape in _RESULT_KINDS:
        _read_result(message, part, at)
    elif shape in _TEXT_KINDS | _THOUGHT_KINDS and _read_text(
        message, part, at, Kind.THINKING if shape in _THOUGHT_KINDS else kind, about
    ):
        return
    elif (media := _media_of(shape, part)) is not None:
        message.rendered("", at, Kind.MEDIA, media=media, **about)
    elif shape in {"document", "resource"} and _read_text(
        message, part, at, Kind.DOCUMENT, {**about, "document": Document()}
    ):
        return
    elif part:
        message.rendered(compact(part), at, Kind.OPAQUE, **about)


def _read_text(
    message: DraftMessage, part: Mapping[str, Any], at: Pointer, kind: Kind, about: Mapping[str, Any]
) -> bool:
    key = next((key for key in _TEXT_KEYS if part.get(key) is not None), None)
    if key is None:
        return False
    read_content(message, part[key], (*at, key), kind, about)
    if isinstance(part[key], str):
        message.parts[-1].cache_mark = "cache_control" in part
    return True


def _media_of(shape: str, part: Mapping[str, Any]) -> Any:
    known = media_of(part)
    if known is not None:
        return known
    source = mapping(part.get("source"))
    data = next(
        (part[key] for key in ("data", "base64", "image", "audio") if isinstance(part.get(key), str)),
        source.get("data"),
    )
    link = next(
        (part[key] for key in ("url", "path", "file_id", "image") if isinstance(part.get(key), str)), source.get("url")
    )
    kind = next((name for name in ("image", "audio", "video", "document", "file") if name in shape), None)
    if kind is None and shape not in {"binary", "blob", "media", "uri"}:
        return None
    if isinstance(data, str) and data.startswith(("http", "data:")):
        data, link = None, data
    kind = "file" if kind in {None, "document"} else kind
    return None if kind == "file" and data is None and link is None else media_from(str(kind), data, link)


def read_calls(message: DraftMessage, raw: Mapping[str, Any], at: Pointer) -> None:
    """The calls that stand beside a message's content."""
    extra = mapping(raw.get("additional_kwargs"))
    for holder, where in ((raw, at), (extra, (*at, "additional_kwargs"))):
        made = 0
        for key in ("tool_calls", "toolCalls", "invalid_tool_calls"):
            for index, call in objects(holder.get(key)):
                _read_call(message, call, (*where, key, index))
                made += 1
        if isinstance(legacy := holder.get("function_call"), dict) and legacy.get("name"):
            _read_call(message, legacy, (*where, "function_call"))
            made += 1
        if made or any(part.call is not None for part in message.parts):
            return


def _read_call(message: DraftMessage, raw: Mapping[str, Any], at: Pointer) -> None:
    function = raw.get("function")
    held, where = (function, (*at, "function")) if isinstance(function, dict) else (raw, at)
    name = next((held[key] for key in _NAME_KEYS if isinstance(held.get(key), str)), "")
    call_id = next((raw[key] for key in ("id", *_ID_KEYS) if isinstance(raw.get(key), str)), None)
    key = next((key for key in _ARGUMENT_KEYS if key in held), None)
    arguments = held.get(key) if key else None
    server_side = str(raw.get("type") or raw.get("part_kind") or "").startswith(("builtin", "server"))
    call = call_from(name, arguments, call_id, server_side=server_side)
    if any(part.call is not None and call_id is not None and part.call.id == call_id for part in message.parts):
        return
    if isinstance(arguments, str):
        message.text(call.arguments, (*where, str(key)), Kind.TOOL_CALL, call=call)
    else:
        message.rendered(call.arguments, (*where, key) if key else where, Kind.TOOL_CALL, call=call)


def _read_result(message: DraftMessage, raw: Mapping[str, Any], at: Pointer) -> None:
    about = _result_about(raw)
    about["call_id"] = about["call_id"] or text_of(raw.get("id"))
    key = next((key for key in _RESULT_KEYS if raw.get(key) is not None), None)
    if key is None:
        message.rendered("", at, Kind.TOOL_RESULT, **about)
        return
    held, where = raw[key], (*at, key)
    if isinstance(held, dict) and isinstance(held.get("value"), str):
        held, where = held["value"], (*where, "value")
    if isinstance(held, str):
        message.text(held, where, Kind.TOOL_RESULT, **about)
    elif items(held) and all(isinstance(part, str) or "type" in mapping(part) for part in held):
        read_content(message, held, where, Kind.TOOL_RESULT, about)
    else:
        message.rendered(compact(held), where, Kind.TOOL_RESULT, **about)

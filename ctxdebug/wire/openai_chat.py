"""OpenAI Chat Completions, and the many servers that speak it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ctxdebug.exchange import Draft, DraftMessage, Exchange, Stream
from ctxdebug.model import Kind, Pointer, Role, Unseen
from ctxdebug.wire import wire_format
from ctxdebug.wire.openai_answer import read_choices, read_stream
from ctxdebug.wire.openai_errors import read_error
from ctxdebug.wire.shape import (
    call_from,
    items,
    mapping,
    media_from,
    number_of,
    objects,
    request_of,
    response_of,
    stream_of,
    text_of,
    tool_from,
    url_has,
    without,
)

ROLES = {
    "system": Role.SYSTEM,
    "developer": Role.DEVELOPER,
    "user": Role.USER,
    "assistant": Role.ASSISTANT,
    "tool": Role.TOOL,
    "function": Role.TOOL,
}
_OTHER_PART_TYPES = frozenset(
    {"tool_use", "tool_result", "input_text", "output_text", "document", "server_tool_use", "image"}
)
_FOREIGN_KEYS = frozenset({"contents", "anthropic_version", "toolConfig", "inferenceConfig", "max_tokens_to_sample",
    "options", "keep_alive", "documents", "preamble", "chat_history", "suite_name", "traj", "history", "mcp_servers"})  # fmt: skip


def _sniff(exchange: Exchange) -> int:
    return max(0, _weight_of_request(exchange) + _weight_of_response(exchange)) if _possible(exchange) else 0


def _possible(exchange: Exchange) -> bool:
    body = exchange.request if isinstance(exchange.request, dict) else {}
    if _FOREIGN_KEYS & body.keys():
        return False
    return not any(
        isinstance(part, dict) and (part.get("type") in _OTHER_PART_TYPES or "type" not in part)
        for message in items(messages_of(exchange)[0])
        for part in items(mapping(message).get("content"))
    )


def _weight_of_request(exchange: Exchange) -> int:
    messages, _ = messages_of(exchange)
    weight = 0
    if messages and all(isinstance(message, dict) or message is None for message in messages):
        roles = [mapping(message).get("role") for message in messages]
        weight += 4 if any(role in ROLES for role in roles) else 0
        weight += 2 if {"tool", "developer", "function"} & set(map(str, roles)) else 0
        weight += 2 if any(_has_function_calls(mapping(message)) for message in messages) else 0
    tools = [tool for _, tool in objects(request_of(exchange).get("tools"))]
    weight += 3 if any("function" in tool for tool in tools) else 0
    weight -= 9 if any("input_schema" in tool for tool in tools) else 0
    weight -= 3 if "system" in request_of(exchange) else 0
    return weight + (5 if url_has(exchange, "/chat/completions") else 0)


def _has_function_calls(message: Mapping[str, Any]) -> bool:
    return any(isinstance(call.get("function"), dict) for _, call in objects(message.get("tool_calls")))


def _weight_of_response(exchange: Exchange) -> int:
    response = response_of(exchange)
    weight = 0
    if any("message" in choice or "delta" in choice for _, choice in objects(response.get("choices"))):
        weight += 5
    if (stream := stream_of(exchange)) is not None:
        weight += 5 if any(_is_chunk(event.data) for event in stream.events) else -5
    if {"stop_reason", "candidates", "stopReason", "done_reason", "prompt_eval_count"} & response.keys():
        weight -= 9
    return weight


def _is_chunk(data: Any) -> bool:
    return isinstance(data, dict) and (
        "choices" in data and not any("text" in choice for _, choice in objects(data["choices"])) or "error" in data
    )


def messages_of(exchange: Exchange) -> tuple[list[Any], Pointer]:
    """The request's message list and the pointer to it; a bare list is a request too."""
    if isinstance(exchange.request, list):
        return exchange.request, exchange.request_at
    return items(request_of(exchange).get("messages")), (*exchange.request_at, "messages")


@wire_format(
    "openai.chat",
    "`messages` with roles (system, developer, user, assistant, tool); `choices[].message` or `choices[].delta`; path /chat/completions",
    _sniff,
)
def read(exchange: Exchange) -> Draft:
    """Read a chat completion."""
    body = request_of(exchange)
    draft = Draft(model=text_of(body.get("model")), parameters=without(body, "messages", "tools", "functions"))
    draft.has_request = bool(messages_of(exchange)[0])
    read_messages(draft, exchange)
    _read_tools(draft, body, exchange.request_at)
    read_settings(draft, body, exchange.request_at)
    read_answer(draft, exchange)
    _split_bare_answer(draft, exchange)
    return draft


def read_messages(draft: Draft, exchange: Exchange) -> None:
    """Every message of the request."""
    messages, at = messages_of(exchange)
    for index, raw in enumerate(messages):
        if isinstance(raw, dict):
            draft.messages.append(read_message(raw, (*at, index)))


def read_message(raw: Mapping[str, Any], at: Pointer) -> DraftMessage:
    """One message: its reasoning, its content, its tool calls."""
    captured = str(raw.get("role", ""))
    role = ROLES.get(captured.lower(), Role.OTHER)
    message = DraftMessage(role, captured, at, name=text_of(raw.get("name")))
    _read_reasoning(message, raw, at)
    _read_content(message, raw, at)
    for key in ("refusal",):
        if isinstance(raw.get(key), str) and raw[key]:
            message.text(raw[key], (*at, key))
    for index, call in objects(raw.get("tool_calls")):
        _read_call(message, call, (*at, "tool_calls", index))
    legacy = raw.get("function_call")
    if isinstance(legacy, dict) and legacy.get("name"):
        _read_call(message, {"function": legacy}, (*at,), "function_call")
    return message


def _read_reasoning(message: DraftMessage, raw: Mapping[str, Any], at: Pointer) -> None:
    for key in ("reasoning_content", "reasoning", "thinking"):
        if isinstance(raw.get(key), str) and raw[key]:
            message.text(raw[key], (*at, key), Kind.THINKING)
            return


def _read_content(message: DraftMessage, raw: Mapping[str, Any], at: Pointer) -> None:
    content = raw.get("content")
    result: dict[str, Any] = {}
    kind = Kind.TEXT
    if message.role is Role.TOOL:
        kind = Kind.TOOL_RESULT
        result = {"call_id": text_of(raw.get("tool_call_id")) or message.name, "tool": message.name}
    if isinstance(content, str):
        message.text(content, (*at, "content"), kind, **result)
        return
    if isinstance(content, dict):
        content, at = [content], (*at, "content")
        read_part(message, content[0], at, kind, result)
        return
    for index, part in enumerate(items(content)):
        read_part(message, part, (*at, "content", index), kind, result)


def read_part(message: DraftMessage, part: Any, at: Pointer, kind: Kind, result: Mapping[str, Any]) -> None:
    """One part of a content list; what is not known is kept as opaque, with its size."""
    if isinstance(part, str):
        message.text(part, at, kind, **result)
        return
    part = mapping(part)
    shape = part.get("type")
    cached = "cache_control" in part
    if isinstance(part.get("text"), str) and shape in {"text", None, "input_text", "output_text"}:
        message.text(part["text"], (*at, "text"), kind, cache_mark=cached, **result)
    elif shape == "refusal" and isinstance(part.get("refusal"), str):
        message.text(part["refusal"], (*at, "refusal"), kind, **result)
    elif shape in {"thinking", "reasoning"}:
        _read_thinking_part(message, part, at)
    elif (media := _media(part)) is not None:
        message.rendered("", at, Kind.MEDIA, media=media, **result)
    else:
        from ctxdebug.strict_json import compact

        message.rendered(compact(part), at, Kind.OPAQUE, **result)


def _read_thinking_part(message: DraftMessage, part: Mapping[str, Any], at: Pointer) -> None:
    for key in ("thinking", "text", "content"):
        if isinstance(part.get(key), str):
            message.text(part[key], (*at, key), Kind.THINKING)
            return
        for index, inner in objects(part.get(key)):
            if isinstance(inner.get("text"), str):
                message.text(inner["text"], (*at, key, index, "text"), Kind.THINKING)


def _media(part: Mapping[str, Any]) -> Any:
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


def _read_call(message: DraftMessage, raw: Mapping[str, Any], at: Pointer, function_key: str = "function") -> None:
    function = mapping(raw.get("function"))
    call = call_from(function.get("name"), function.get("arguments"), raw.get("id"))
    where = (*at, function_key, "arguments")
    if isinstance(function.get("arguments"), str):
        message.text(call.arguments, where, Kind.TOOL_CALL, call=call)
    else:
        message.rendered(call.arguments, where if "arguments" in function else at, Kind.TOOL_CALL, call=call)


def _read_tools(draft: Draft, body: Mapping[str, Any], at: Pointer) -> None:
    for index, tool in objects(body.get("tools")):
        function = tool.get("function")
        where = (*at, "tools", index)
        if isinstance(function, dict):
            draft.tools.append(
                tool_from(tool, where, name=function.get("name"), description=function.get("description"),
                          schema=function.get("parameters"), strict=function.get("strict"))
            )  # fmt: skip
        else:
            kind = str(tool.get("type") or "function")
            draft.tools.append(
                tool_from(tool, where, name=tool.get("name") or kind, description=tool.get("description"),
                          schema=tool.get("parameters"), type=kind)
            )  # fmt: skip
            if kind not in {"function", "custom"}:
                draft.unseen.append(Unseen(f"what the server-side tool {kind} adds to the prompt", where))
    for index, function in objects(body.get("functions")):
        draft.tools.append(
            tool_from(function, (*at, "functions", index), name=function.get("name"),
                      description=function.get("description"), schema=function.get("parameters"))
        )  # fmt: skip
    if isinstance(body.get("web_search_options"), dict):
        draft.unseen.append(Unseen("what the server's web search adds to the prompt", (*at, "web_search_options")))


_PLAIN_SETTINGS = (
    ("temperature", "temperature"),
    ("top_p", "top_p"),
    ("seed", "seed"),
    ("stream", "stream"),
    ("tool_choice", "tool_choice"),
    ("parallel_tool_calls", "parallel_tool_calls"),
    ("reasoning_effort", "reasoning_effort"),
    ("verbosity", "verbosity"),
)


def read_settings(draft: Draft, body: Mapping[str, Any], at: Pointer) -> None:
    """The parameters that rules ask for, by their common names."""
    for name, key in _PLAIN_SETTINGS:
        draft.set(name, body.get(key), (*at, key))
    for key in ("max_completion_tokens", "max_tokens", "max_output_tokens"):
        if number_of(body.get(key)) is not None:
            draft.set("max_output", int(body[key]), (*at, key))
            break
    stop = body.get("stop")
    draft.set("stop", (stop,) if isinstance(stop, str) else tuple(map(str, items(stop))) or None, (*at, "stop"))
    read_response_format(draft, body.get("response_format"), (*at, "response_format"))
    for key in ("transforms", "truncate_prompt_tokens", "truncation", "truncate", "plugins"):
        if body.get(key) not in (None, [], {}):
            draft.set("truncation", f"{key}={body[key]}", (*at, key))
    window = mapping(body.get("options")).get("num_ctx")
    draft.set("window", window if isinstance(window, int) else None, (*at, "options", "num_ctx"))


def read_response_format(draft: Draft, form: Any, at: Pointer) -> None:
    """A demanded output format, with its schema where it has one."""
    if not isinstance(form, dict):
        return
    draft.set("response_format", text_of(form.get("type")), at)
    held = mapping(form.get("json_schema")) or form
    if isinstance(held.get("schema"), dict):
        draft.set("response_schema", held["schema"], at)
        draft.set("strict_schema", held.get("strict") if isinstance(held.get("strict"), bool) else None, at)


def read_answer(draft: Draft, exchange: Exchange) -> None:
    """The response, streamed or not, and the error if it is one."""
    response: Any = exchange.response
    if response is None:
        return
    draft.has_response = True
    if isinstance(response, Stream):
        read_stream(draft, response)
    elif isinstance(response, dict):
        read_choices(draft, response, exchange.response_at, read_message)
        draft.error = read_error(response, exchange.response_at, exchange.status)
    elif isinstance(response, (str, bytes)):
        draft.error = read_error(response, exchange.response_at, exchange.status)


def _split_bare_answer(draft: Draft, exchange: Exchange) -> None:
    """A message list on its own ends with the answer, if it ends with the assistant speaking."""
    bare = isinstance(exchange.request, list) or set(request_of(exchange)) <= {"messages"}
    if bare and not draft.has_response and len(draft.messages) > 1 and draft.messages[-1].role is Role.ASSISTANT:
        draft.answer.append(draft.messages.pop())
        draft.has_response = True
        draft.notes.append("a message list without a response: the last assistant message is taken as the answer")

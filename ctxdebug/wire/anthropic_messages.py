"""Anthropic Messages, direct, on Vertex and on Bedrock."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ctxdebug.exchange import Draft, DraftMessage, Exchange, Stream
from ctxdebug.model import Document, Kind, Pointer, Role, Unseen
from ctxdebug.strict_json import compact
from ctxdebug.wire import wire_format
from ctxdebug.wire.anthropic_answer import finish_of, read_stream, usage_of
from ctxdebug.wire.openai_errors import read_error
from ctxdebug.wire.shape import (
    call_from,
    count_of,
    items,
    mapping,
    media_from,
    objects,
    request_of,
    response_of,
    stream_of,
    text_of,
    tool_from,
    url_has,
    without,
)

_BLOCKS = frozenset({"tool_use", "tool_result", "thinking", "redacted_thinking", "document", "image", "server_tool_use",
    "web_search_tool_result", "search_result", "container_upload", "mcp_tool_use", "mcp_tool_result"})  # fmt: skip
_PATHS = ("/v1/messages", "/messages", "/messages/count_tokens", ":rawPredict", ":streamRawPredict")
_STREAM_EVENTS = frozenset({"message_start", "content_block_start", "content_block_delta", "message_delta"})
_ROLES = {"user": Role.USER, "assistant": Role.ASSISTANT, "system": Role.SYSTEM, "developer": Role.DEVELOPER}


def _sniff(exchange: Exchange) -> int:
    body, response, stream = request_of(exchange), response_of(exchange), stream_of(exchange)
    messages = [message for _, message in objects(body.get("messages"))]
    if {"contents", "toolConfig", "inferenceConfig"} & body.keys() or "suite_name" in body:
        return 0
    weight = 3 if messages and "max_tokens" in body else 0
    weight += 3 if messages and "system" in body else 0
    weight += 6 if "anthropic_version" in body else 0
    weight += 6 if any("input_schema" in tool for _, tool in objects(body.get("tools"))) else 0
    blocks = [part for message in messages for _, part in objects(message.get("content"))]
    weight += 6 if any(part.get("type") in _BLOCKS for part in blocks) else 0
    weight += 6 if url_has(exchange, *_PATHS) else 0
    if response.get("type") == "message" and isinstance(response.get("content"), list):
        weight += 8
    if response.get("type") == "error" or (messages and response.keys() == {"input_tokens"}):
        weight += 4
    if stream is not None:
        weight += 8 if any(mapping(event.data).get("type") in _STREAM_EVENTS for event in stream.events) else -8
    if "choices" in response or any(message.get("role") == "tool" or "tool_calls" in message for message in messages):
        weight -= 9
    return max(0, weight)


@wire_format(
    "anthropic.messages",
    "`messages` with a top-level `system`, content blocks (tool_use, tool_result, document), tools with `input_schema`; "
    "a response of type message with a `content` list and `stop_reason`; path /v1/messages",
    _sniff,
)
def read(exchange: Exchange) -> Draft:
    """Read a Messages call."""
    body = request_of(exchange)
    at = exchange.request_at
    draft = Draft(
        model=text_of(body.get("model")),
        parameters=without(body, "messages", "tools", "system"),
        has_request=bool(body.get("messages")),
    )
    read_system(draft, body.get("system"), (*at, "system"))
    for index, raw in objects(body.get("messages")):
        draft.messages.append(read_message(raw, (*at, "messages", index)))
    read_tools(draft, body, at)
    _read_settings(draft, body, at)
    for key, what in (
        ("container", "the files of a server-side container"),
        ("mcp_servers", "the tools and results of MCP servers"),
    ):
        if body.get(key):
            draft.unseen.append(Unseen(what, (*at, key)))
    _note_unseen_blocks(draft)
    _read_response(draft, exchange)
    return draft


def read_system(draft: Draft, system: Any, at: Pointer) -> None:
    """A top-level system text, or its blocks, as the first message."""
    if isinstance(system, str) and system:
        message = DraftMessage(Role.SYSTEM, "system", at)
        message.text(system, at)
        draft.messages.append(message)
    elif items(system):
        message = DraftMessage(Role.SYSTEM, "system", at)
        for index, block in objects(system):
            read_block(message, block, (*at, index))
        draft.messages.append(message)


def read_message(raw: Mapping[str, Any], at: Pointer) -> DraftMessage:
    """One message and its blocks."""
    captured = str(raw.get("role", ""))
    message = DraftMessage(_ROLES.get(captured.lower(), Role.OTHER), captured, at)
    content = raw.get("content")
    if isinstance(content, str):
        message.text(content, (*at, "content"))
    for index, block in enumerate(items(content)):
        if isinstance(block, str):
            message.text(block, (*at, "content", index))
        elif isinstance(block, dict):
            read_block(message, block, (*at, "content", index))
    return message


def read_block(message: DraftMessage, block: Mapping[str, Any], at: Pointer) -> None:
    """One content block; what is not known is kept as opaque, with its size."""
    shape = str(block.get("type") or "")
    cached = "cache_control" in block
    if isinstance(block.get("text"), str) and shape in {"text", ""}:
        message.text(block["text"], (*at, "text"), cache_mark=cached)
    elif shape == "thinking" and isinstance(block.get("thinking"), str):
        message.text(block["thinking"], (*at, "thinking"), Kind.THINKING)
    elif shape in {"tool_use", "server_tool_use", "mcp_tool_use"}:
        call = call_from(block.get("name"), block.get("input"), block.get("id"), server_side=shape != "tool_use")
        message.rendered(
            call.arguments, (*at, "input") if "input" in block else at, Kind.TOOL_CALL, call=call, cache_mark=cached
        )
    elif shape.endswith("tool_result"):
        _read_result(message, block, at)
    elif shape == "document":
        _read_document(message, block, at, {})
    elif shape == "search_result":
        _read_search_result(message, block, at, {})
    elif shape in {"image", "audio", "video", "file"}:
        _read_media(message, block, at, {})
    elif shape == "compaction" and isinstance(block.get("content"), str):
        message.text(block["content"], (*at, "content"), memory=True)
    else:
        message.rendered(compact(block), at, Kind.OPAQUE)


def _read_result(message: DraftMessage, block: Mapping[str, Any], at: Pointer) -> None:
    content = block.get("content")
    about: dict[str, Any] = {"call_id": text_of(block.get("tool_use_id")), "is_error": block.get("is_error") is True}
    if isinstance(content, str):
        message.text(content, (*at, "content"), Kind.TOOL_RESULT, cache_mark="cache_control" in block, **about)
        return
    parts = [content] if isinstance(content, dict) else items(content)
    inner = (*at, "content")
    if not parts:
        message.rendered("", at, Kind.TOOL_RESULT, **about)
    for index, part in objects(parts):
        where = inner if isinstance(content, dict) else (*inner, index)
        shape = part.get("type")
        if isinstance(part.get("text"), str):
            message.text(part["text"], (*where, "text"), Kind.TOOL_RESULT, **about)
        elif shape == "document":
            _read_document(message, part, where, about)
        elif shape in {"search_result", "web_search_result"}:
            _read_search_result(message, part, where, about)
        elif shape == "image":
            _read_media(message, part, where, about)
        else:
            message.rendered(compact(part), where, Kind.OPAQUE, **about)


def _read_document(message: DraftMessage, block: Mapping[str, Any], at: Pointer, about: Mapping[str, Any]) -> None:
    source = mapping(block.get("source"))
    document = Document(title=text_of(block.get("title")), url=text_of(source.get("url")))
    cached = "cache_control" in block
    if isinstance(block.get("context"), str):
        message.text(block["context"], (*at, "context"))
    if source.get("type") == "text" and isinstance(source.get("data"), str):
        message.text(
            source["data"], (*at, "source", "data"), Kind.DOCUMENT, document=document, cache_mark=cached, **about
        )
    elif source.get("type") == "content":
        content = source.get("content")
        if isinstance(content, str):
            message.text(content, (*at, "source", "content"), Kind.DOCUMENT, document=document, **about)
        for index, part in objects(content):
            if isinstance(part.get("text"), str):
                message.text(
                    part["text"], (*at, "source", "content", index, "text"), Kind.DOCUMENT, document=document, **about
                )
    else:
        reference = source.get("url") or source.get("file_id")
        media = media_from("file", source.get("data"), reference)
        message.rendered("", at, Kind.MEDIA, document=document, media=media, cache_mark=cached, **about)


def _read_search_result(message: DraftMessage, block: Mapping[str, Any], at: Pointer, about: Mapping[str, Any]) -> None:
    url = text_of(block.get("source")) or text_of(block.get("url"))
    document = Document(title=text_of(block.get("title")), url=url, date=text_of(block.get("page_age")))
    texts = [(index, part) for index, part in objects(block.get("content")) if isinstance(part.get("text"), str)]
    for index, part in texts:
        message.text(part["text"], (*at, "content", index, "text"), Kind.DOCUMENT, document=document, **about)
    if not texts:
        message.rendered(compact(block), at, Kind.OPAQUE, document=document, **about)


def _read_media(message: DraftMessage, block: Mapping[str, Any], at: Pointer, about: Mapping[str, Any]) -> None:
    source = mapping(block.get("source"))
    media = media_from(str(block.get("type")), source.get("data"), source.get("url") or source.get("file_id"))
    message.rendered("", at, Kind.MEDIA, media=media, cache_mark="cache_control" in block, **about)


def read_tools(draft: Draft, body: Mapping[str, Any], at: Pointer) -> None:
    """Client tools, and server tools with what they add unseen."""
    for index, tool in objects(body.get("tools")):
        where = (*at, "tools", index)
        kind = str(tool.get("type") or "custom")
        draft.tools.append(
            tool_from(tool, where, name=tool.get("name"), description=tool.get("description"), schema=tool.get("input_schema"),
                      type="function" if kind == "custom" else kind, deferred=tool.get("defer_loading") is True)
        )  # fmt: skip
        if "input_schema" not in tool:
            draft.unseen.append(Unseen(f"what the server's tool {kind} adds to the prompt", where))


def _read_settings(draft: Draft, body: Mapping[str, Any], at: Pointer) -> None:
    draft.set("max_output", count_of(body.get("max_tokens")), (*at, "max_tokens"))
    for key in ("temperature", "top_p", "stream", "tool_choice"):
        draft.set(key, body.get(key), (*at, key))
    draft.set("stop", tuple(map(str, items(body.get("stop_sequences")))) or None, (*at, "stop_sequences"))
    thinking = mapping(body.get("thinking"))
    if thinking.get("type") in {"enabled", "adaptive"}:
        draft.set("thinking_budget", count_of(thinking.get("budget_tokens")) or 0, (*at, "thinking"))
    choice = mapping(body.get("tool_choice"))
    if isinstance(choice.get("disable_parallel_tool_use"), bool):
        draft.set("parallel_tool_calls", not choice["disable_parallel_tool_use"], (*at, "tool_choice"))
    held = mapping(body.get("output_config")).get("format") or body.get("output_format")
    if isinstance(held, dict):
        draft.set("response_format", text_of(held.get("type")), (*at, "output_format"))
        draft.set(
            "response_schema",
            held.get("schema") if isinstance(held.get("schema"), dict) else None,
            (*at, "output_format"),
        )
    edits = items(mapping(body.get("context_management")).get("edits"))
    if edits:
        draft.set("truncation", f"context_management={compact(edits)}", (*at, "context_management"))


def _note_unseen_blocks(draft: Draft) -> None:
    for message in draft.messages:
        for part in message.parts:
            where = part.pieces[0].pointer if part.pieces else message.pointer
            if part.kind is Kind.OPAQUE and ('"encrypted_' in part.text or "redacted_thinking" in part.text):
                draft.unseen.append(Unseen("encrypted content that only the server can read", where))
            elif part.media is not None and part.media.reference:
                draft.unseen.append(Unseen(f"the {part.media.type} behind a reference", where))


def _read_response(draft: Draft, exchange: Exchange) -> None:
    response: Any = exchange.response
    if response is None:
        return
    draft.has_response = True
    if isinstance(response, Stream):
        read_stream(draft, response, read_block)
        draft.error = read_error(response, exchange.response_at, exchange.status)
        return
    draft.error = read_error(response, exchange.response_at, exchange.status)
    if not isinstance(response, dict):
        return
    at = exchange.response_at
    draft.id = text_of(response.get("id"))
    draft.answered_by = text_of(response.get("model"))
    draft.usage = usage_of(response.get("usage"), (*at, "usage"))
    if response.keys() == {"input_tokens"}:
        draft.usage = usage_of(response, at)
    draft.finish = finish_of(response.get("stop_reason"), (*at, "stop_reason"))
    if isinstance(response.get("content"), list):
        draft.answer.append(read_message({"role": "assistant", "content": response["content"]}, at))

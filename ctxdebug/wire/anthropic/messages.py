"""Anthropic Messages, direct, on Vertex and on Bedrock."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ctxdebug.decoding.strict_json import compact
from ctxdebug.exchange import Draft, Exchange, Stream
from ctxdebug.model import Pointer, Unseen, UnseenKind
from ctxdebug.wire import wire_format
from ctxdebug.wire.anthropic.citations import cited_blocks, read_citations
from ctxdebug.wire.shape import (
    count_of,
    items,
    mapping,
    objects,
    request_of,
    response_of,
    sample,
    stream_of,
    text_of,
    url_has,
    without,
)
from ctxdebug.wire.shapes.anthropic_answer import finish_of, note_edits, read_stream, usage_of
from ctxdebug.wire.shapes.anthropic_blocks import note_unseen_blocks, read_block, read_message, read_system, read_tools
from ctxdebug.wire.shapes.error_body import read_error

_BLOCKS = frozenset({"tool_use", "tool_result", "thinking", "redacted_thinking", "document", "image", "server_tool_use",
    "web_search_tool_result", "search_result", "container_upload", "mcp_tool_use", "mcp_tool_result"})  # fmt: skip
_PATHS = (
    "/v1/messages",
    "/messages",
    "/messages/count_tokens",
    "/messages/batches",
    ":rawPredict",
    ":streamRawPredict",
)
_STREAM_EVENTS = frozenset({"message_start", "content_block_start", "content_block_delta", "message_delta"})


def _sniff(exchange: Exchange) -> int:
    body, response, stream = request_of(exchange), response_of(exchange), stream_of(exchange)
    messages = sample(body.get("messages"))
    if {"contents", "toolConfig", "inferenceConfig"} & body.keys() or "suite_name" in body:
        return 0
    weight = 3 if messages and "max_tokens" in body else 0
    weight += 3 if messages and "system" in body else 0
    weight += 6 if "anthropic_version" in body else 0
    weight += 6 if any("input_schema" in tool for tool in sample(body.get("tools"))) else 0
    blocks = [part for message in messages for part in sample(message.get("content"))]
    weight += 6 if any(text_of(part.get("type")) in _BLOCKS for part in blocks) else 0
    weight += 6 if url_has(exchange, *_PATHS) else 0
    if response.get("type") == "message" and isinstance(response.get("content"), list):
        weight += 8
    if response.get("type") == "error" or (messages and response.keys() == {"input_tokens"}):
        weight += 4
    if stream is not None:
        weight += (
            8 if any(text_of(mapping(event.data).get("type")) in _STREAM_EVENTS for event in stream.events) else -8
        )
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
    for key, what, kind in (
        ("container", "the files of a server-side container", UnseenKind.REFERENCE),
        ("mcp_servers", "the tools and results of MCP servers", UnseenKind.SERVER_TOOL),
    ):
        if body.get(key):
            draft.unseen.append(Unseen(what, (*at, key), kind))
    _note_server_text(draft, body, at)
    note_unseen_blocks(draft)
    _read_response(draft, exchange)
    return draft


def _note_server_text(draft: Draft, body: Mapping[str, Any], at: Pointer) -> None:
    """Say what settings have the server write into the prompt: instructions for a compaction, the state of a task's budget."""
    for index, edit in objects(mapping(body.get("context_management")).get("edits")):
        if str(edit.get("type")).startswith("compact"):
            where = (*at, "context_management", "edits", index)
            draft.unseen.append(
                Unseen("what the server's compaction adds to the prompt", where, UnseenKind.SERVER_TOOL)
            )
    if mapping(body.get("output_config")).get("task_budget"):
        where = (*at, "output_config", "task_budget")
        draft.unseen.append(Unseen("what the task budget adds to the prompt", where, UnseenKind.SERVER_TOOL))


def _read_settings(draft: Draft, body: Mapping[str, Any], at: Pointer) -> None:
    draft.set("max_output", count_of(body.get("max_tokens")), (*at, "max_tokens"))
    for key in ("temperature", "top_p", "stream", "tool_choice"):
        draft.set(key, body.get(key), (*at, key))
    draft.set("stop", tuple(map(str, items(body.get("stop_sequences")))) or None, (*at, "stop_sequences"))
    thinking = mapping(body.get("thinking"))
    if text_of(thinking.get("type")) in {"enabled", "adaptive"}:
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


def _read_response(draft: Draft, exchange: Exchange) -> None:
    response: Any = exchange.response
    if response is None:
        return
    draft.has_response = True
    if isinstance(response, Stream):
        cited = read_stream(draft, response, read_block)
        if cited:
            read_citations(draft, draft.answer[-1], cited)
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
    note_edits(draft, response.get("usage"), response.get("context_management"), at)
    if isinstance(response.get("content"), list):
        message = read_message({"role": "assistant", "content": response["content"]}, at)
        draft.answer.append(message)
        read_citations(draft, message, list(cited_blocks(message, response["content"], (*at, "content"))))

"""How much an exchange looks like Chat Completions; formats close to it start from the same weight."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ctxdebug.exchange import Exchange
from ctxdebug.wire.shape import items, objects, request_of, response_of, sample, stream_of, text_of, url_has
from ctxdebug.wire.shapes.chat_messages import ROLES
from ctxdebug.wire.shapes.chat_request import messages_of

_OTHER_PART_TYPES = frozenset(
    {"tool_use", "tool_result", "input_text", "output_text", "document", "server_tool_use", "image"}
)
_SAID = frozenset({"content", "tool_calls", "function_call", "reasoning_content", "audio"})
_FOREIGN_KEYS = frozenset({"contents", "anthropic_version", "toolConfig", "inferenceConfig", "max_tokens_to_sample",
    "options", "keep_alive", "documents", "preamble", "chat_history", "suite_name", "traj", "history",
    "mcp_servers"})  # fmt: skip


def chat_weight(exchange: Exchange) -> int:
    """0 when the exchange is certainly something else."""
    return max(0, _weight_of_request(exchange) + _weight_of_response(exchange)) if _possible(exchange) else 0


def _possible(exchange: Exchange) -> bool:
    body = exchange.request if isinstance(exchange.request, dict) else {}
    if _FOREIGN_KEYS & body.keys():
        return False
    return not any(
        isinstance(part, dict) and (text_of(part.get("type")) in _OTHER_PART_TYPES or "type" not in part)
        for message in sample(messages_of(exchange)[0])
        for part in items(message.get("content"))
    )


def _weight_of_request(exchange: Exchange) -> int:
    messages = messages_of(exchange)[0]
    weight = 0
    if messages and all(isinstance(message, dict) or message is None for message in messages):
        looked_at = sample(messages)
        roles = {text_of(message.get("role")) for message in looked_at if _SAID & message.keys()}
        weight += 4 if ROLES.keys() & roles else 0
        weight += 2 if {"tool", "developer", "function"} & roles else 0
        weight += 2 if any(_has_function_calls(message) for message in looked_at) else 0
    tools = sample(request_of(exchange).get("tools"))
    weight += 3 if any("function" in tool for tool in tools) else 0
    weight -= 9 if any("input_schema" in tool for tool in tools) else 0
    weight -= 3 if "system" in request_of(exchange) else 0
    return weight + (5 if url_has(exchange, "/chat/completions") else 0)


def _has_function_calls(message: Mapping[str, Any]) -> bool:
    return any(isinstance(call.get("function"), dict) for call in sample(message.get("tool_calls")))


def _weight_of_response(exchange: Exchange) -> int:
    response = response_of(exchange)
    weight = 0
    if any({"message", "delta", "messages"} & choice.keys() for choice in sample(response.get("choices"))):
        weight += 5
    if (stream := stream_of(exchange)) is not None:
        weight += 5 if any(_is_chunk(event.data) for event in stream.events) else -5
    if {
        "stop_reason",
        "candidates",
        "stopReason",
        "done_reason",
        "prompt_eval_count",
        "input_tokens",
    } & response.keys():
        weight -= 9
    return weight


def _is_chunk(data: Any) -> bool:
    return isinstance(data, dict) and (
        ("choices" in data and not any("text" in choice for _, choice in objects(data["choices"]))) or "error" in data
    )

"""Anthropic messages, whole or as server-sent events, and the errors of the API."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from scripts.captures import accounting
from scripts.captures.scripted import token
from scripts.captures.stub import Answer, Body, Reply

if TYPE_CHECKING:
    from collections.abc import Sequence

Call = tuple[str, dict[str, Any]]

CACHEABLE = 1024
"""The shortest prefix that Claude Sonnet caches, in tokens."""


def answer(seed: str, text: str = "", calls: Sequence[Call] = (), *, warm: bool = False) -> Answer:
    """Say `text`, then make `calls`; `warm` when an earlier request left this one's marked prefix in the cache."""

    def reply(request: Body) -> Reply:
        blocks: list[Body] = [{"type": "text", "text": text}] if text else []
        blocks += [
            {"type": "tool_use", "id": "toolu_01" + token(f"{seed}/call/{index}", 22), "name": name, "input": given}
            for index, (name, given) in enumerate(calls)
        ]
        head: Body = {
            "model": request["model"],
            "id": "msg_01" + token(seed, 22),
            "type": "message",
            "role": "assistant",
            "content": blocks,
            "stop_reason": "tool_use" if calls else "end_turn",
            "stop_sequence": None,
            "usage": _usage(request, blocks, warm=warm),
        }
        if request.get("stream"):
            return _stream(head)
        return Reply(json.dumps(head, ensure_ascii=False).encode())

    return reply


def _usage(request: Body, blocks: list[Body], *, warm: bool) -> Body:
    """Count the request; a `cache_control` mark on the system prompt caches the tools and the system prompt."""
    system, tools = request.get("system"), request.get("tools")
    marked = isinstance(system, list) and any("cache_control" in block for block in system)
    prefix = accounting.anthropic([], system, tools) if marked else 0
    prefix = prefix if prefix >= CACHEABLE else 0
    read, written = (prefix, 0) if warm else (0, prefix)
    return {
        "input_tokens": accounting.anthropic(request["messages"], system, tools) - prefix,
        "cache_creation_input_tokens": written,
        "cache_read_input_tokens": read,
        "cache_creation": {"ephemeral_5m_input_tokens": written, "ephemeral_1h_input_tokens": 0},
        "output_tokens": round(1.15 * accounting.count(accounting.words(blocks))) + 6,
        "service_tier": "standard",
    }


def refusal(seed: str, message: str) -> Answer:
    """Refuse with a 400 `invalid_request_error` in the provider's words."""

    def reply(_: Body) -> Reply:
        body = {
            "type": "error",
            "error": {"type": "invalid_request_error", "message": message},
            "request_id": "req_011C" + token(seed, 20),
        }
        return Reply(json.dumps(body, ensure_ascii=False).encode(), status=400)

    return reply


def _stream(message: Body) -> Reply:
    usage = message["usage"]
    start = {**message, "content": [], "stop_reason": None, "usage": {**usage, "output_tokens": 1}}
    events: list[Body] = [{"type": "message_start", "message": start}]
    for index, block in enumerate(message["content"]):
        if block["type"] == "text":
            opening: Body = {"type": "text", "text": ""}
            deltas = [{"type": "text_delta", "text": piece} for piece in accounting.pieces(block["text"], 5)]
        else:
            opening = {**block, "input": {}}
            whole = json.dumps(block["input"], ensure_ascii=False)
            deltas = [
                {"type": "input_json_delta", "partial_json": piece} for piece in ["", *accounting.pieces(whole, 6)]
            ]
        events.append({"type": "content_block_start", "index": index, "content_block": opening})
        if index == 0:
            events.append({"type": "ping"})
        events += [{"type": "content_block_delta", "index": index, "delta": delta} for delta in deltas]
        events.append({"type": "content_block_stop", "index": index})
    end = {"stop_reason": message["stop_reason"], "stop_sequence": None}
    totals = {key: value for key, value in usage.items() if isinstance(value, int)}
    events += [{"type": "message_delta", "delta": end, "usage": totals}, {"type": "message_stop"}]
    lines = [f"event: {event['type']}\ndata: {accounting.compact(event)}\n\n" for event in events]
    return Reply("".join(lines).encode(), "text/event-stream; charset=utf-8")

"""OpenAI Responses, whole or as server-sent events."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from scripts.captures import accounting
from scripts.captures.scripted import epoch, hexadecimal
from scripts.captures.stub import Answer, Body, Reply

if TYPE_CHECKING:
    from collections.abc import Sequence


def answer(seed: str, when: str, text: str = "", calls: Sequence[tuple[str, dict[str, Any]]] = ()) -> Answer:
    """Say `text` or make `calls`, as output items."""

    def reply(request: Body) -> Reply:
        output: list[Body] = [
            {
                "id": "fc_" + hexadecimal(f"{seed}/item/{index}", 48),
                "type": "function_call",
                "status": "completed",
                "arguments": accounting.compact(given),
                "call_id": "call_" + hexadecimal(f"{seed}/call/{index}", 24),
                "name": name,
            }
            for index, (name, given) in enumerate(calls)
        ]
        if text:
            part = {"type": "output_text", "annotations": [], "logprobs": [], "text": text}
            output.append(
                {
                    "id": "msg_" + hexadecimal(f"{seed}/message", 48),
                    "type": "message",
                    "status": "completed",
                    "content": [part],
                    "role": "assistant",
                }
            )
        sent, written = accounting.openai_responses(request), accounting.count(accounting.words(output)) + 1
        body = {
            "id": "resp_" + hexadecimal(seed, 48),
            "object": "response",
            "created_at": epoch(when),
            "status": "completed",
            "background": False,
            "error": None,
            "incomplete_details": None,
            "instructions": request.get("instructions"),
            "max_output_tokens": request.get("max_output_tokens"),
            "model": request["model"],
            "output": output,
            "parallel_tool_calls": True,
            "previous_response_id": None,
            "reasoning": {"effort": None, "summary": None},
            "store": request.get("store", True),
            "temperature": request.get("temperature", 1.0),
            "text": request.get("text", {"format": {"type": "text"}}),
            "tool_choice": request.get("tool_choice", "auto"),
            "tools": request.get("tools", []),
            "top_p": 1.0,
            "truncation": request.get("truncation", "disabled"),
            "usage": {
                "input_tokens": sent,
                "input_tokens_details": {"cached_tokens": 0},
                "output_tokens": written,
                "output_tokens_details": {"reasoning_tokens": 0},
                "total_tokens": sent + written,
            },
            "user": None,
            "metadata": {},
        }
        return _stream(body) if request.get("stream") else Reply(json.dumps(body, ensure_ascii=False).encode())

    return reply


def _stream(body: Body) -> Reply:
    """Tell the finished response `body` as typed events, numbered from 0."""
    begun = {**body, "status": "in_progress", "output": [], "usage": None}
    events: list[Body] = [
        {"type": "response.created", "response": begun},
        {"type": "response.in_progress", "response": begun},
    ]
    for index, item in enumerate(body["output"]):
        events += _message(index, item) if item["type"] == "message" else _call(index, item)
    events.append({"type": "response.completed", "response": body})
    lines = [
        f"event: {event['type']}\ndata: {accounting.compact({**event, 'sequence_number': number})}\n\n"
        for number, event in enumerate(events)
    ]
    return Reply("".join(lines).encode(), "text/event-stream; charset=utf-8")


def _message(index: int, item: Body) -> list[Body]:
    place = {"item_id": item["id"], "output_index": index, "content_index": 0}
    part = item["content"][0]
    opened = {**item, "status": "in_progress", "content": []}
    return [
        {"type": "response.output_item.added", "output_index": index, "item": opened},
        {"type": "response.content_part.added", **place, "part": {**part, "text": ""}},
        *(
            {"type": "response.output_text.delta", **place, "delta": piece, "logprobs": []}
            for piece in accounting.pieces(part["text"], 3)
        ),
        {"type": "response.output_text.done", **place, "text": part["text"], "logprobs": []},
        {"type": "response.content_part.done", **place, "part": part},
        {"type": "response.output_item.done", "output_index": index, "item": item},
    ]


def _call(index: int, item: Body) -> list[Body]:
    place = {"item_id": item["id"], "output_index": index}
    opened = {**item, "status": "in_progress", "arguments": ""}
    return [
        {"type": "response.output_item.added", "output_index": index, "item": opened},
        *(
            {"type": "response.function_call_arguments.delta", **place, "delta": piece}
            for piece in accounting.pieces(item["arguments"], 3)
        ),
        {"type": "response.function_call_arguments.done", **place, "arguments": item["arguments"]},
        {"type": "response.output_item.done", "output_index": index, "item": item},
    ]

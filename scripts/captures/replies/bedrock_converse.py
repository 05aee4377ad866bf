"""Bedrock's Converse, whole or as an AWS event stream."""

from __future__ import annotations

import json
import struct
import zlib
from typing import TYPE_CHECKING, Any

from scripts.captures import accounting
from scripts.captures.scripted import token
from scripts.captures.stub import Answer, Body, Reply

if TYPE_CHECKING:
    from collections.abc import Sequence

STRING = 7
"""The type byte of a string header in an AWS event stream."""


def answer(seed: str, text: str = "", calls: Sequence[tuple[str, dict[str, Any]]] = ()) -> Answer:
    """Say `text`, then make `calls`."""

    def reply(request: Body) -> Reply:
        content, usage = _content(seed, text, calls), _usage(request, text, calls)
        body = {
            "metrics": {"latencyMs": 1200 + 9 * usage["outputTokens"]},
            "output": {"message": {"content": content, "role": "assistant"}},
            "stopReason": "tool_use" if calls else "end_turn",
            "usage": usage,
        }
        return Reply(json.dumps(body, ensure_ascii=False).encode())

    return reply


def stream(text: str) -> Answer:
    """Say `text` in the binary frames of ConverseStream."""

    def reply(request: Body) -> Reply:
        usage = _usage(request, text, ())
        padding = "abcdefghijklmnopqrstuvwxyz"
        events: list[tuple[str, Body]] = [("messageStart", {"role": "assistant"})]
        events += [
            ("contentBlockDelta", {"contentBlockIndex": 0, "delta": {"text": piece}})
            for piece in accounting.pieces(text, 6)
        ]
        events += [
            ("contentBlockStop", {"contentBlockIndex": 0}),
            ("messageStop", {"stopReason": "end_turn"}),
            ("metadata", {"metrics": {"latencyMs": 1200 + 9 * usage["outputTokens"]}, "usage": usage}),
        ]
        frames = b"".join(
            _frame(name, {**payload, "p": padding[: 4 + number % 20]}) for number, (name, payload) in enumerate(events)
        )
        return Reply(frames, "application/vnd.amazon.eventstream")

    return reply


def _content(seed: str, text: str, calls: Sequence[tuple[str, dict[str, Any]]]) -> list[Body]:
    content: list[Body] = [{"text": text}] if text else []
    for index, (name, given) in enumerate(calls):
        content.append(
            {"toolUse": {"input": given, "name": name, "toolUseId": "tooluse_" + token(f"{seed}/call/{index}", 22)}}
        )
    return content


def _usage(request: Body, text: str, calls: Sequence[tuple[str, dict[str, Any]]]) -> Body:
    tools = [tool.get("toolSpec") for tool in request.get("toolConfig", {}).get("tools", ())]
    sent = accounting.anthropic(request["messages"], request.get("system"), tools)
    made = "".join(name + accounting.compact(given) for name, given in calls)
    written = round(1.15 * accounting.count(text + made)) + 6
    return {"inputTokens": sent, "outputTokens": written, "totalTokens": sent + written}


def _frame(event: str, payload: Body) -> bytes:
    body = accounting.compact(payload).encode()
    headers = b"".join(
        bytes([len(name)]) + name.encode() + bytes([STRING]) + struct.pack(">H", len(value)) + value.encode()
        for name, value in ((":event-type", event), (":content-type", "application/json"), (":message-type", "event"))
    )
    prelude = struct.pack(">II", 16 + len(headers) + len(body), len(headers))
    head = prelude + struct.pack(">I", zlib.crc32(prelude)) + headers + body
    return head + struct.pack(">I", zlib.crc32(head))

"""Mistral chat completions, whole or as server-sent events."""

from __future__ import annotations

import json

from scripts.captures import accounting
from scripts.captures.scripted import epoch, hexadecimal, token
from scripts.captures.stub import Answer, Body, Reply


def answer(seed: str, when: str, text: str = "", call: tuple[str, dict[str, object]] | None = None) -> Answer:
    """Say `text` or make one call."""

    def reply(request: Body) -> Reply:
        sent = accounting.mistral(request)
        message: Body = {"role": "assistant", "tool_calls": None, "content": text}
        written = round(1.03 * accounting.count(text)) + 1
        if call:
            function = {"name": call[0], "arguments": json.dumps(call[1], ensure_ascii=False)}
            message["tool_calls"] = [{"id": token(f"{seed}/call", 9), "function": function, "index": 0}]
            written = round(1.03 * accounting.count(function["name"] + function["arguments"])) + 6
        body = {
            "id": hexadecimal(seed, 32),
            "created": epoch(when),
            "model": request["model"],
            "usage": {"prompt_tokens": sent, "total_tokens": sent + written, "completion_tokens": written},
            "object": "chat.completion",
            "choices": [{"index": 0, "finish_reason": "tool_calls" if call else "stop", "message": message}],
        }
        return _stream(body, text) if request.get("stream") else Reply(json.dumps(body, ensure_ascii=False).encode())

    return reply


def _stream(body: Body, text: str) -> Reply:
    """Tell `text` in chunks; the last one has the usage, as Mistral sends it."""
    head = {key: body[key] for key in ("id", "created", "model")} | {"object": "chat.completion.chunk"}
    deltas = [{"role": "assistant", "content": ""}, *({"content": piece} for piece in accounting.pieces(text, 4))]
    chunks: list[Body] = [
        {**head, "choices": [{"index": 0, "delta": delta, "finish_reason": None}]} for delta in deltas
    ]
    chunks[-1]["choices"][0]["finish_reason"] = "stop"
    chunks[-1]["usage"] = body["usage"]
    lines = [f"data: {accounting.compact(chunk)}\n\n" for chunk in chunks] + ["data: [DONE]\n\n"]
    return Reply("".join(lines).encode(), "text/event-stream; charset=utf-8")

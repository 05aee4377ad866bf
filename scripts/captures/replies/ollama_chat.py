"""Ollama's native chat, which cuts a prompt that does not fit and says nothing about it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from scripts.captures import accounting
from scripts.captures.stub import Answer, Body, Reply

if TYPE_CHECKING:
    from collections.abc import Mapping

HEADER = 5
"""Tokens that the template of Llama 3.1 puts around a message: start, role, end, line ends, end of turn."""


def answer(when: str, text: str) -> Answer:
    """Say `text`. A prompt above `num_ctx` is evaluated as half the window and two tokens."""

    def reply(request: Body) -> Reply:
        sent, window = _prompt(request), request.get("options", {}).get("num_ctx", 4096)
        read = window // 2 + 2 if sent > window else sent
        written = accounting.count(text) + 1
        body = {
            "model": request["model"],
            "created_at": f"{when}.418532Z",
            "message": {"role": "assistant", "content": text},
            "done_reason": "stop",
            "done": True,
            "total_duration": 31_250_000 * written + 2_400_000 * read + 41_830_125,
            "load_duration": 41_830_125,
            "prompt_eval_count": read,
            "prompt_eval_duration": 2_400_000 * read,
            "eval_count": written,
            "eval_duration": 31_250_000 * written,
        }
        if request.get("stream"):
            return Reply(_lines(body, text), "application/x-ndjson")
        return Reply(json.dumps(body, ensure_ascii=False).encode())

    return reply


def _prompt(request: Body) -> int:
    return HEADER + sum(HEADER + accounting.count(message["content"]) for message in request["messages"])


def _lines(body: Mapping[str, object], text: str) -> bytes:
    head = {"model": body["model"], "created_at": body["created_at"]}
    rows: list[object] = [
        {**head, "message": {"role": "assistant", "content": piece}, "done": False}
        for piece in accounting.pieces(text, 3)
    ]
    rows.append({**body, "message": {"role": "assistant", "content": ""}})
    return "".join(accounting.compact(row) + "\n" for row in rows).encode()

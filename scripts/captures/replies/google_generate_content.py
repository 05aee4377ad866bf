"""Gemini's generateContent, whole or as server-sent events."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from scripts.captures import accounting
from scripts.captures.scripted import token
from scripts.captures.stub import Answer, Body, Reply

if TYPE_CHECKING:
    from collections.abc import Sequence


def answer(seed: str, model: str, text: str = "", calls: Sequence[tuple[str, dict[str, Any]]] = ()) -> Answer:
    """Say `text` or make `calls`; `model` is the version that the server reports. `streamed` follows the URL."""
    return _answer(seed, model, text, calls, streamed=False)


def stream(seed: str, model: str, text: str) -> Answer:
    """Say `text` in server-sent events, a few words each."""
    return _answer(seed, model, text, (), streamed=True)


def _answer(seed: str, model: str, text: str, calls: Sequence[tuple[str, dict[str, Any]]], *, streamed: bool) -> Answer:
    def reply(request: Body) -> Reply:
        parts: list[Body] = [{"text": text}] if text else []
        parts += [{"functionCall": {"name": name, "args": given}} for name, given in calls]
        sent, written = accounting.gemini(request), round(1.02 * accounting.count(accounting.words(parts)))
        usage = {
            "promptTokenCount": sent,
            "candidatesTokenCount": written,
            "totalTokenCount": sent + written,
            "promptTokensDetails": [{"modality": "TEXT", "tokenCount": sent}],
        }
        tail = {"modelVersion": model, "responseId": token(seed, 22)}
        if not streamed:
            candidate = {"content": {"parts": parts, "role": "model"}, "finishReason": "STOP", "index": 0}
            body = {"candidates": [candidate], "usageMetadata": usage, **tail}
            return Reply(json.dumps(body, ensure_ascii=False).encode())
        pieces = accounting.pieces(text, 12)
        chunks: list[Body] = []
        for number, piece in enumerate(pieces):
            candidate = {"content": {"parts": [{"text": piece}], "role": "model"}, "index": 0}
            if number == len(pieces) - 1:
                candidate["finishReason"] = "STOP"
            chunks.append({"candidates": [candidate], "usageMetadata": usage, **tail})
        events = "".join(f"data: {accounting.compact(chunk)}\r\n\r\n" for chunk in chunks)
        return Reply(events.encode(), "text/event-stream")

    return reply

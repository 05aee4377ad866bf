"""Cohere's chat, version 2, with the citations that it makes from documents."""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING

from scripts.captures import accounting
from scripts.captures.scripted import hexadecimal
from scripts.captures.stub import Answer, Body, Reply

if TYPE_CHECKING:
    from collections.abc import Sequence


def answer(seed: str, text: str, cited: Sequence[tuple[str, str]] = ()) -> Answer:
    """Say `text`; `cited` pairs a stretch of it with the id of the document that it stands on."""

    def reply(request: Body) -> Reply:
        documents = {item["id"]: item["data"] for item in request.get("documents", ())}
        citations = [
            {
                "start": text.index(words),
                "end": text.index(words) + len(words),
                "text": words,
                "sources": [{"type": "document", "id": name, "document": {"id": name, **documents[name]}}],
                "type": "TEXT_CONTENT",
            }
            for words, name in cited
        ]
        billed, read = accounting.cohere(request)
        written = round(1.05 * accounting.count(text))
        body = {
            "id": str(uuid.UUID(hexadecimal(seed, 32))),
            "message": {
                "role": "assistant",
                "content": [{"type": "text", "text": text}],
                "citations": citations,
            },
            "finish_reason": "COMPLETE",
            "usage": {
                "billed_units": {"input_tokens": billed, "output_tokens": written},
                "tokens": {"input_tokens": read, "output_tokens": written + 34 * len(citations)},
            },
        }
        return _stream(body) if request.get("stream") else Reply(json.dumps(body, ensure_ascii=False).encode())

    return reply


def _stream(body: Body) -> Reply:
    """Tell the finished answer `body` as typed events: words first, then citations, then usage."""
    text = body["message"]["content"][0]["text"]
    opening = {"role": "assistant", "content": [], "tool_plan": "", "tool_calls": [], "citations": []}
    events: list[Body] = [
        {"id": body["id"], "type": "message-start", "delta": {"message": opening}},
        {"type": "content-start", "index": 0, "delta": {"message": {"content": {"type": "text", "text": ""}}}},
        *(
            {"type": "content-delta", "index": 0, "delta": {"message": {"content": {"text": piece}}}}
            for piece in accounting.pieces(text, 3)
        ),
        {"type": "content-end", "index": 0},
    ]
    for index, citation in enumerate(body["message"]["citations"]):
        events.append({"type": "citation-start", "index": index, "delta": {"message": {"citations": citation}}})
        events.append({"type": "citation-end", "index": index})
    end = {"finish_reason": body["finish_reason"], "usage": body["usage"]}
    events.append({"type": "message-end", "delta": end})
    lines = [f"event: {event['type']}\ndata: {accounting.compact(event)}\n\n" for event in events]
    return Reply("".join(lines).encode(), "text/event-stream")

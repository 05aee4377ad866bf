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
        return Reply(json.dumps(body, ensure_ascii=False).encode())

    return reply

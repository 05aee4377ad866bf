"""One stub for all providers: the path says whose call it is, and the scripted replies of `scripts/captures` answer it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from scripts.captures.replies import (
    anthropic_messages,
    bedrock_converse,
    cohere_chat,
    google_generate_content,
    mistral_chat,
    ollama_chat,
    openai_chat,
    openai_responses,
)
from scripts.captures.stub import Answer as Scripted
from tests.recording.stub import Answer, Seen

WORDS = "You may carry over five days, until 31 March."
WHEN = "2026-11-02T09:14:03Z"


def answer(seen: Seen) -> Answer:
    """Answer as the provider of the path does; 429 where the model is called `busy`."""
    body: dict[str, Any] = json.loads(seen.body) if seen.body.startswith(b"{") else {}
    if "busy" in (str(body.get("model")), seen.path):
        told = {"error": {"message": "slow down", "type": "requests", "code": "rate_limit_exceeded"}}
        return Answer([json.dumps(told).encode()], 429, {"retry-after": "0"}, framing="length")
    reply = _scripted(seen.path.partition("?")[0])(body)
    chunks = _chunks(reply.body, reply.content_type)
    return Answer(
        chunks, reply.status, {"content-type": reply.content_type}, framing="chunked" if len(chunks) > 1 else "length"
    )


def _scripted(path: str) -> Scripted:
    found: dict[str, Callable[[], Scripted]] = {
        "/v1/chat/completions": lambda: openai_chat.answer("sdk", WHEN, WORDS),
        "/mistral/v1/chat/completions": lambda: mistral_chat.answer("sdk", WHEN, WORDS),
        "/v1/responses": lambda: openai_responses.answer("sdk", WHEN, WORDS),
        "/v1/messages": lambda: anthropic_messages.answer("sdk", WORDS),
        "/api/chat": lambda: ollama_chat.answer(WHEN, WORDS),
        "/v2/chat": lambda: cohere_chat.answer("sdk", WORDS),
        "/converse": lambda: bedrock_converse.answer("sdk", WORDS),
        "/converse-stream": lambda: bedrock_converse.stream(WORDS),
        ":generateContent": lambda: google_generate_content.answer("sdk", "gemini-2.5-flash", WORDS),
        ":streamGenerateContent": lambda: google_generate_content.stream("sdk", "gemini-2.5-flash", WORDS),
    }
    longest = max((end for end in found if path.endswith(end)), key=len)
    return found[longest]()


def _chunks(body: bytes, content_type: str) -> list[bytes]:
    """Return a stream as its events; anything else as it is."""
    if "event-stream" in content_type and not content_type.startswith("application/vnd.amazon"):
        end = b"\r\n\r\n" if b"\r\n\r\n" in body else b"\n\n"
        return [event + end for event in body.split(end) if event]
    if "ndjson" in content_type:
        return [line + b"\n" for line in body.split(b"\n") if line]
    if content_type.startswith("application/vnd.amazon"):
        return [body[at : at + 60] for at in range(0, len(body), 60)]
    return [body]

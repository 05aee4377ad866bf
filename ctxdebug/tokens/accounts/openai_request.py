"""What an OpenAI request and response say that the count of its tokens hangs on."""

from __future__ import annotations

import json
from typing import Any

from ctxdebug.decoding.json_values import mapping
from ctxdebug.model import Kind, Message, Role

TEXT = frozenset({Kind.TEXT, Kind.DOCUMENT})
"""Segments that are sent as plain text."""


def created_at(response: Any) -> float | None:
    """When a response was made, in seconds; a streamed one says so in its first event."""
    events = getattr(response, "events", ())
    held = mapping(mapping(events[0].data).get("response")) if events else mapping(response)
    created = held.get("created_at")
    return created if isinstance(created, (int, float)) else None


def plain_identity(message: Message) -> tuple[int | str, ...] | None:
    """Return what tells a message of plain text from others; None for what depends on more than itself."""
    segments = message.segments
    if message.role is Role.TOOL or message.name or not segments:
        return None
    if len(segments) == 1 and segments[0].kind is Kind.TEXT:
        text = segments[0].text
        return (message.captured_role, segments[0].id, hash(text), len(text))
    if any(segment.kind not in TEXT for segment in segments):
        return None
    return (
        message.captured_role,
        segments[0].id,
        *(part for held in segments for part in (hash(held.text), len(held.text))),
    )


def forced_tool(choice: Any) -> str | None:
    """Return the tool that a choice of the request forces, or None."""
    if not isinstance(choice, dict):
        return None
    name = mapping(choice.get("function")).get("name") or choice.get("name")
    return name if isinstance(name, str) else None


def role_word(message: Message) -> str:
    """Return the role as the model reads it; a request's `instructions` are a system message."""
    return "system" if message.captured_role == "instructions" else message.captured_role


def parsed(text: str) -> Any:
    """Return JSON as a value, and other text as it is."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text

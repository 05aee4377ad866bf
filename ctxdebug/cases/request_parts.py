"""What writers of requests share: the words of a message, the results of calls, and what is given at all."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ctxdebug.model import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ctxdebug.model import Message, Segment, ToolCall

WORDS = frozenset({Kind.TEXT, Kind.DOCUMENT, Kind.OPAQUE})
"""Kinds of segments that are words of a message."""


def arguments_of(call: ToolCall) -> dict[str, Any]:
    """Return the arguments of a call as an object; empty where they are none."""
    if isinstance(call.parsed, dict):
        return call.parsed
    try:
        parsed = json.loads(call.arguments)
    except (ValueError, RecursionError):
        return {}
    return parsed if isinstance(parsed, dict) else {}


def results_of(message: Message) -> list[tuple[str, list[Segment]]]:
    """Return the segments that answer tool calls, by call."""
    found: dict[str, list[Segment]] = {}
    for segment in message.segments:
        if segment.kind is Kind.TOOL_RESULT or (segment.call_id is not None and segment.call is None):
            found.setdefault(segment.call_id or "call_0", []).append(segment)
    return list(found.items())


def words_of(message: Message) -> str:
    """Return the words of a message that are no result of a call."""
    return text_of(segment for segment in message.segments if segment.kind in WORDS and segment.call_id is None)


def text_of(segments: Iterable[Segment]) -> str:
    """Return the text of segments, without reasoning and calls."""
    return "".join(segment.text for segment in segments if segment.kind not in (Kind.THINKING, Kind.TOOL_CALL))


def given(**values: Any) -> dict[str, Any]:
    """Return the values that are not None."""
    return {name: value for name, value in values.items() if value is not None}

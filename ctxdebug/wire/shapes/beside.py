"""A system text, or the tools, that a request keeps beside its messages under a name that its format does not know."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ctxdebug.exchange import Draft, DraftMessage
from ctxdebug.model import Pointer, Role
from ctxdebug.wire.shape import items, mapping, text_of
from ctxdebug.wire.shapes.log_draft import add_text

_NAMES = ("system_prompt", "system", "systemPrompt", "system_message", "system_instruction", "instructions", "context")


def read_beside(draft: Draft, body: Mapping[str, Any], at: Pointer) -> None:
    """Put the system text that is beside the messages in front of them."""
    made: list[DraftMessage] = []
    for name in _NAMES:
        held, where = body.get(name), (*at, name)
        message = DraftMessage(Role.SYSTEM, name, where)
        if isinstance(held, dict):
            key = next((key for key in ("text", "content", "value") if text_of(held.get(key))), None)
            add_text(message, held[key] if key else dict(held), (*where, key) if key else where)
        elif isinstance(held, list):
            for index, part in enumerate(items(held)):
                text = mapping(part).get("text")
                add_text(
                    message,
                    text if isinstance(text, str) else part,
                    (*where, index, "text") if isinstance(text, str) else (*where, index),
                )
        else:
            add_text(message, held if isinstance(held, str) else None, where)
        if message.parts:
            made.append(message)
    draft.messages[:0] = made

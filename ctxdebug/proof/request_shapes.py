"""The least that a request must be, by wire format; what is less would be refused, and a call wasted.

Documented where `evals/dialects.py` says. Fields that are not named here are passed over.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec

from ctxdebug.evals.reply_shapes import shape_flaw

_Some = msgspec.Meta(min_length=1)
_RESULTS = ("tool", "function")
"""Roles whose content may be empty."""
_Content = str | list[dict[str, Any]]


class _ChatMessage(msgspec.Struct, frozen=True):
    role: str
    content: _Content | None = None
    tool_calls: list[dict[str, Any]] | None = None
    function_call: dict[str, Any] | None = None

    def __post_init__(self) -> None:
        if self.role not in _RESULTS and not self.content and not self.tool_calls and not self.function_call:
            raise ValueError("a message without content")


class _Chat(msgspec.Struct, frozen=True):
    messages: Annotated[list[_ChatMessage], _Some]
    tools: Annotated[list[dict[str, Any]], _Some] | None = None


class _Responses(msgspec.Struct, frozen=True):
    input: Annotated[str, _Some] | Annotated[list[dict[str, Any]], _Some]
    tools: list[dict[str, Any]] | None = None


class _AnthropicMessage(msgspec.Struct, frozen=True):
    role: Literal["user", "assistant"]
    content: Annotated[str, _Some] | Annotated[list[dict[str, Any]], _Some]


class _Anthropic(msgspec.Struct, frozen=True):
    max_tokens: int
    messages: Annotated[list[_AnthropicMessage], _Some]
    tools: list[dict[str, Any]] | None = None

    def __post_init__(self) -> None:
        if self.messages[0].role != "user":
            raise ValueError("the first message is not the user's")


class _GoogleContent(msgspec.Struct, frozen=True):
    parts: Annotated[list[dict[str, Any]], _Some]
    role: str | None = None


class _Google(msgspec.Struct, frozen=True):
    contents: Annotated[list[_GoogleContent], _Some]


_SHAPES: dict[str, type] = {
    "openai.chat": _Chat,
    "openai.responses": _Responses,
    "anthropic.messages": _Anthropic,
    "google.generate_content": _Google,
    "ollama.chat": _Chat,
}


def request_flaw(body: Any, format: str) -> str | None:
    """Return what keeps a body from being a request of this wire format, or None."""
    return shape_flaw(body, _SHAPES.get(format))

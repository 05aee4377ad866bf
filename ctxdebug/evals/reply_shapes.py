"""The least that a reply must be to hold an answer, by wire format; what is less is no verdict on the model.

Fields that are not named here are passed over. Documented at platform.openai.com/docs/api-reference/chat/object,
…/responses/object, docs.anthropic.com/en/api/messages, ai.google.dev/api/generate-content and Ollama's docs/api.md.
"""

from __future__ import annotations

from typing import Annotated, Any

import msgspec

_Some = msgspec.Meta(min_length=1)


class _ChatMessage(msgspec.Struct, frozen=True):
    content: str | list[dict[str, Any]] | msgspec.UnsetType | None = msgspec.UNSET
    tool_calls: list[dict[str, Any]] | None = None
    function_call: dict[str, Any] | None = None
    refusal: str | None = None
    audio: dict[str, Any] | None = None

    def __post_init__(self) -> None:
        said = (self.tool_calls, self.function_call, self.refusal, self.audio)
        if self.content is msgspec.UNSET and not any(said):
            raise ValueError("a message without content")


class _ChatChoice(msgspec.Struct, frozen=True):
    message: _ChatMessage
    finish_reason: str | None = None


class _Chat(msgspec.Struct, frozen=True):
    choices: Annotated[list[_ChatChoice], _Some]


class _Item(msgspec.Struct, frozen=True):
    type: str
    content: list[dict[str, Any]] | None = None


class _Responses(msgspec.Struct, frozen=True):
    output: list[_Item]
    status: str | None = None


class _Block(msgspec.Struct, frozen=True):
    type: str
    text: str | msgspec.UnsetType = msgspec.UNSET

    def __post_init__(self) -> None:
        if self.type == "text" and self.text is msgspec.UNSET:
            raise ValueError("a text block without text")


class _Messages(msgspec.Struct, frozen=True):
    content: list[_Block]
    stop_reason: str | None = None


class _Google(msgspec.Struct, frozen=True):
    candidates: list[dict[str, Any]] = []
    promptFeedback: dict[str, Any] | None = None  # noqa: N815  (the field's own name)

    def __post_init__(self) -> None:
        if not self.candidates and not self.promptFeedback:
            raise ValueError("neither candidates nor promptFeedback")


class _OllamaMessage(msgspec.Struct, frozen=True):
    content: str = ""
    tool_calls: list[dict[str, Any]] | None = None


class _Ollama(msgspec.Struct, frozen=True):
    message: _OllamaMessage


_SHAPES: dict[str, type] = {
    "openai.chat": _Chat,
    "openai.responses": _Responses,
    "anthropic.messages": _Messages,
    "google.generate_content": _Google,
    "ollama.chat": _Ollama,
}


def reply_flaw(body: Any, format: str) -> str | None:
    """Return what keeps a body from being a reply of this wire format, or None."""
    return shape_flaw(body, _SHAPES.get(format))


def shape_flaw(body: Any, shape: type | None) -> str | None:
    """Return what keeps a body from having a shape, or None; a format without a known shape takes any."""
    if shape is None:
        return None
    try:
        msgspec.convert(body, shape)
    except msgspec.ValidationError as error:
        return str(error)
    return None

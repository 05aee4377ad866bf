"""AutoGen: an agent's context of typed messages, and the messages of a team's run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ctxdebug.exchange import Draft, DraftMessage, Exchange
from ctxdebug.model import Kind, Pointer, Role, Usage
from ctxdebug.wire import LIST, wire_format
from ctxdebug.wire.loose_messages import read_content
from ctxdebug.wire.shape import count_of, items, mapping, objects, request_of, sample, text_of
from ctxdebug.wire.shapes.log_draft import TOOLS, add_call, add_text, close, rebuilt

_ROLES = {
    "SystemMessage": Role.SYSTEM,
    "UserMessage": Role.USER,
    "AssistantMessage": Role.ASSISTANT,
    "FunctionExecutionResultMessage": Role.TOOL,
    "TextMessage": Role.ASSISTANT,
    "MultiModalMessage": Role.ASSISTANT,
    "StructuredMessage": Role.ASSISTANT,
    "StopMessage": Role.ASSISTANT,
    "HandoffMessage": Role.ASSISTANT,
    "ThoughtEvent": Role.ASSISTANT,
    "ToolCallRequestEvent": Role.ASSISTANT,
    "ToolCallExecutionEvent": Role.TOOL,
    "MemoryQueryEvent": Role.USER,
}
_REPEATS = frozenset(
    {"ToolCallSummaryMessage", "ModelClientStreamingChunkEvent", "UserInputRequestedEvent", "SelectSpeakerEvent"}
)
"""What repeats other messages, or only tells how the run goes."""


def _listed(exchange: Exchange) -> tuple[list[Any], Pointer]:
    body = request_of(exchange)
    for key in ("messages", "message_thread"):
        if items(body.get(key)):
            return body[key], (*exchange.request_at, key)
    return items(exchange.request), exchange.request_at


def _sniff(exchange: Exchange) -> int:
    turns = sample(_listed(exchange)[0])
    known = [one for one in turns if text_of(one.get("type")) in {*_ROLES, *_REPEATS}]
    return 40 if known and len(known) == len(turns) and any("source" in one for one in turns) else 0


@wire_format("autogen", "messages of AutoGen: type UserMessage, AssistantMessage, TextMessage, ToolCallRequestEvent … with a source",
             _sniff, frozenset({"messages", "message_thread", LIST}))  # fmt: skip
def read(exchange: Exchange) -> Draft:
    """Read a list; in a team every agent but the user speaks as an assistant with its name."""
    listed, at = _listed(exchange)
    draft = rebuilt(exchange, TOOLS)
    for index, raw in objects(listed):
        where, kind = (*at, index), str(raw.get("type"))
        if kind in _REPEATS:
            draft.left_out.append(where)
            continue
        source = text_of(raw.get("source"))
        role = (
            Role.USER
            if source == "user" and kind in {"TextMessage", "MultiModalMessage"}
            else _ROLES.get(kind, Role.OTHER)
        )
        message = DraftMessage(role, kind, where, name=source)
        add_text(message, raw.get("thought"), (*where, "thought"), Kind.THINKING)
        _read_content(message, raw.get("content"), (*where, "content"), kind)
        if message.parts:
            draft.messages.append(message)
        used = mapping(raw.get("models_usage"))
        if (prompt := count_of(used.get("prompt_tokens"))) is not None:
            draft.usage = Usage(
                prompt, None, None, count_of(used.get("completion_tokens")), None, used, (*where, "models_usage")
            )
    return close(draft)


def _read_content(message: DraftMessage, content: Any, at: Pointer, kind: str) -> None:
    if kind == "ThoughtEvent":
        add_text(message, content, at, Kind.THINKING)
        return
    if isinstance(content, str):
        add_text(message, content, at)
        return
    for index, part in enumerate(items(content)):
        where, held = (*at, index), mapping(part)
        if "arguments" in held:
            add_call(message, held.get("name"), held["arguments"], held.get("id"), (*where, "arguments"))
        elif "call_id" in held:
            _read_result(message, held, where)
        elif "mime_type" in held and "content" in held:  # an item of a memory
            add_text(message, held["content"], (*where, "content"), memory=True)
        else:
            read_content(message, part if isinstance(part, (str, dict)) else [], where, Kind.TEXT, {})
    if isinstance(content, dict):
        add_text(message, content, at)


def _read_result(message: DraftMessage, held: Mapping[str, Any], at: Pointer) -> None:
    about: dict[str, Any] = {"call_id": text_of(held.get("call_id")), "tool": text_of(held.get("name")),
                             "is_error": held.get("is_error") is True}  # fmt: skip
    if text_of(held.get("content")):
        message.text(held["content"], (*at, "content"), Kind.TOOL_RESULT, **about)
    else:
        message.rendered("", at, Kind.TOOL_RESULT, **about)

"""pydantic-ai's message history: requests and responses made of parts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ctxdebug.exchange import Draft, DraftMessage, Exchange
from ctxdebug.model import Kind, Pointer, Role
from ctxdebug.wire import LIST, wire_format
from ctxdebug.wire.logged_answer import logged_finish, split_answer
from ctxdebug.wire.loose_messages import read_content, read_part
from ctxdebug.wire.pairing import pair_calls
from ctxdebug.wire.shape import items, mapping, objects, request_of, sample, text_of
from ctxdebug.wire.shapes.usage_dialects import logged_usage

_ROLES = {
    "system-prompt": Role.SYSTEM,
    "user-prompt": Role.USER,
    "tool-return": Role.TOOL,
    "retry-prompt": Role.TOOL,
}


def _listed(exchange: Exchange) -> tuple[list[Any], Pointer]:
    for key in ("messages", "all_messages", "message_history"):
        if items(request_of(exchange).get(key)):
            return request_of(exchange)[key], (*exchange.request_at, key)
    return items(exchange.request), exchange.request_at


def _sniff(exchange: Exchange) -> int:
    messages = sample(_listed(exchange)[0])
    parts = [part for message in messages for part in sample(message.get("parts"))]
    return 30 if any("part_kind" in part for part in parts) else 0


@wire_format(
    "pydantic-ai",
    "a list of {kind: request or response, parts: [{part_kind, content}]}",
    _sniff,
    frozenset({"messages", "all_messages", "message_history", LIST}),
)
def read(exchange: Exchange) -> Draft:
    """Read a message history; the parts of a request are messages of their own."""
    listed, at = _listed(exchange)
    draft = Draft(rebuilt=True)
    for index, raw in objects(listed):
        where = (*at, index)
        if raw.get("kind") == "response":
            _read_response(draft, raw, where)
        else:
            _read_request(draft, raw, where)
    split_answer(draft)
    pair_calls((*draft.messages, *draft.answer))
    return draft


def _read_request(draft: Draft, raw: Mapping[str, Any], at: Pointer) -> None:
    instructions = raw.get("instructions")
    if isinstance(instructions, str) and not any(message.captured_role == "instructions" for message in draft.messages):
        message = DraftMessage(Role.SYSTEM, "instructions", (*at, "instructions"))
        message.text(instructions, (*at, "instructions"))
        draft.messages.insert(0, message)
    for index, part in objects(raw.get("parts")):
        captured = str(part.get("part_kind") or "")
        where = (*at, "parts", index)
        named = part.get("tool_name") is not None
        role = Role.USER if captured == "retry-prompt" and not named else _ROLES.get(captured, Role.OTHER)
        message = DraftMessage(role, captured, where, name=text_of(part.get("tool_name")))
        if role in {Role.SYSTEM, Role.USER}:
            read_content(message, part.get("content"), (*where, "content"), Kind.TEXT, {})
        else:
            read_part(message, part, where, Kind.TEXT, {})
        draft.messages.append(message)


def _read_response(draft: Draft, raw: Mapping[str, Any], at: Pointer) -> None:
    message = DraftMessage(Role.ASSISTANT, "response", at)
    for index, part in objects(raw.get("parts")):
        read_part(message, part, (*at, "parts", index), Kind.TEXT, {})
    draft.messages.append(message)
    draft.model = draft.answered_by = text_of(raw.get("model_name")) or draft.model
    draft.provider = text_of(raw.get("provider_name")) or draft.provider
    draft.usage = logged_usage(mapping(raw.get("usage")), (*at, "usage"))
    draft.finish = logged_finish(raw.get("finish_reason"), (*at, "finish_reason"))

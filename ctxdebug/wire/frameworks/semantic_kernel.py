"""Semantic Kernel's chat histories: of Python with `content_type`, of .NET with `$type` and capital names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ctxdebug.exchange import Draft, DraftMessage, Exchange
from ctxdebug.model import Kind, Pointer, Role
from ctxdebug.wire import LIST, wire_format
from ctxdebug.wire.loose_messages import role_of
from ctxdebug.wire.shape import media_from, objects, request_of, sample, text_of
from ctxdebug.wire.shapes.log_draft import add_call, add_text, close, rebuilt


def _listed(exchange: Exchange) -> tuple[Any, Pointer]:
    body = request_of(exchange)
    key = next((key for key in ("messages", "Messages") if key in body), None)
    return (body[key], (*exchange.request_at, key)) if key else (exchange.request, exchange.request_at)


def _field(raw: Mapping[str, Any], name: str) -> tuple[str, Any]:
    """Return a field that Python spells `like_this` and .NET `LikeThis`."""
    capital = "".join(word.capitalize() for word in name.split("_"))
    return (capital, raw[capital]) if capital in raw else (name, raw.get(name))


def _sniff(exchange: Exchange) -> int:
    turns = sample(_listed(exchange)[0])
    parts = [part for one in turns for part in sample(_field(one, "items")[1])]
    return 35 if turns and parts and all({"content_type", "$type"} & part.keys() for part in parts) else 0


@wire_format("semantic-kernel", "a chat history of Semantic Kernel: messages of role and `items` with content_type or $type", _sniff,
             frozenset({"messages", "Messages", LIST}))  # fmt: skip
def read(exchange: Exchange) -> Draft:
    """Read a history."""
    listed, at = _listed(exchange)
    draft = rebuilt(exchange, None)
    for index, raw in objects(listed):
        where = (*at, index)
        role = _field(raw, "role")[1]
        captured = str(role.get("Label") or role.get("label") or "") if isinstance(role, dict) else str(role or "")
        message = DraftMessage(role_of(captured), captured, where, name=text_of(_field(raw, "author_name")[1]))
        key, parts = _field(raw, "items")
        for number, part in objects(parts):
            _read_part(message, part, (*where, key, number))
        key, content = _field(raw, "content")
        if not message.parts:
            add_text(message, content, (*where, key))
        draft.model = text_of(_field(raw, "model_id")[1]) or text_of(_field(raw, "ai_model_id")[1]) or draft.model
        draft.left_out.extend((*where, name) for name in ("metadata", "Metadata", "inner_content"))
        draft.messages.append(message)
    return close(draft)


def _read_part(message: DraftMessage, part: Mapping[str, Any], at: Pointer) -> None:
    kind = str(part.get("content_type") or part.get("$type") or "").lower().removesuffix("content").replace("_", "")
    name = text_of(_field(part, "name")[1]) or "-".join(
        str(word) for word in (_field(part, "plugin_name")[1], _field(part, "function_name")[1]) if word
    )
    if kind == "text":
        key, text = _field(part, "text")
        add_text(message, text, (*at, key))
    elif kind == "functioncall":
        key, arguments = _field(part, "arguments")
        add_call(message, name, arguments, _field(part, "id")[1], (*at, key))
    elif kind == "functionresult":
        key, result = _field(part, "result")
        call_id = text_of(_field(part, "call_id")[1]) or text_of(_field(part, "id")[1])
        message.role = Role.TOOL
        add_text(message, result, (*at, key), Kind.TOOL_RESULT, call_id=call_id, tool=name)
    elif kind in {"image", "audio", "binary"}:
        key, link = _field(part, "uri")
        data = text_of(_field(part, "data")[1])
        message.rendered("", at, Kind.MEDIA, media=media_from("image" if kind == "image" else kind, data, link))
    else:
        add_text(message, dict(part), at, Kind.OPAQUE)

"""ChatGPT's export: a tree of messages, of which the branch that ends at `current_node` is the conversation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ctxdebug.exchange import Draft, DraftMessage, Exchange
from ctxdebug.model import Document, Kind, Media, Pointer, Role
from ctxdebug.wire import wire_format
from ctxdebug.wire.shape import count_of, items, mapping, objects, request_of, text_of
from ctxdebug.wire.shapes.log_draft import add_call, add_text, close, rebuilt, turn

_ROLES = {"system": Role.SYSTEM, "user": Role.USER, "assistant": Role.ASSISTANT, "tool": Role.TOOL}
_TEXT_KEYS = ("text", "result", "content", "summary", "user_profile", "user_instructions", "model_set_context")


def _sniff(exchange: Exchange) -> int:
    mapped = request_of(exchange).get("mapping")
    nodes = list(mapped.values())[:20] if isinstance(mapped, dict) else []
    return 40 if any(isinstance(node, dict) and "children" in node and "message" in node for node in nodes) else 0


@wire_format(
    "chatgpt-export", "conversations.json: `mapping` of nodes with message, parent, children; `current_node`", _sniff,
    frozenset({"mapping"}),
)  # fmt: skip
def read(exchange: Exchange) -> Draft:
    """Read one conversation; other branches are counted."""
    body, at = request_of(exchange), (*exchange.request_at, "mapping")
    draft = rebuilt(exchange)
    nodes = mapping(body.get("mapping"))
    draft.session = text_of(body.get("conversation_id")) or text_of(body.get("id"))
    draft.model = text_of(body.get("default_model_slug"))
    branch = _branch(nodes, text_of(body.get("current_node")))
    spoken = 0
    for identifier in branch:
        held = mapping(mapping(nodes[identifier]).get("message"))
        if held:
            spoken += 1
            _read_message(draft, held, (*at, identifier, "message"))
    left = sum(1 for node in nodes.values() if mapping(node).get("message")) - spoken
    draft.left_out.extend((*at, identifier) for identifier in nodes.keys() - set(branch))
    if left:
        draft.notes.append(f"{left} messages on other branches of the conversation are not shown")
    return close(draft)


def _branch(nodes: Mapping[str, Any], leaf: str | None) -> list[str]:
    """Return the ids from the root to a leaf; without a leaf, to the last node that has no children."""
    if leaf is None or leaf not in nodes:
        leaf = next((name for name in reversed(list(nodes)) if not items(mapping(nodes[name]).get("children"))), None)
    way: list[str] = []
    seen: set[str] = set()
    while leaf is not None and leaf in nodes and leaf not in seen:
        seen.add(leaf)
        way.append(leaf)
        leaf = text_of(mapping(nodes[leaf]).get("parent"))
    return way[::-1]


def _read_message(draft: Draft, raw: Mapping[str, Any], at: Pointer) -> None:
    author, content = mapping(raw.get("author")), mapping(raw.get("content"))
    captured, where = text_of(author.get("role")) or "", (*at, "content")
    role = _ROLES.get(captured, Role.OTHER)
    about = mapping(raw.get("metadata"))
    if role is Role.ASSISTANT:
        message = turn(draft, at, captured)
        draft.model = draft.answered_by = text_of(about.get("model_slug")) or draft.model
        recipient = text_of(raw.get("recipient")) or "all"
        if recipient != "all":
            key = "text" if isinstance(content.get("text"), str) else "parts"
            value: Any = content.get(key)
            place: Pointer = (*where, key)
            if key == "parts" and len(items(value)) == 1 and isinstance(value[0], str):
                value, place = value[0], (*place, 0)
            add_call(message, recipient, value, text_of(raw.get("id")), place)
            return
    else:
        message = DraftMessage(role, captured, at, name=text_of(author.get("name")))
    _read_content(message, content, where)
    if role is Role.TOOL:
        _name_results(draft, message, text_of(author.get("name")))
    if role is not Role.ASSISTANT and message.parts:
        draft.messages.append(message)


def _read_content(message: DraftMessage, content: Mapping[str, Any], at: Pointer) -> None:
    shape = text_of(content.get("content_type")) or ""
    kind = Kind.TOOL_RESULT if message.role is Role.TOOL else Kind.TEXT
    if shape in {"thoughts", "reasoning_recap"}:
        for index, thought in objects(content.get("thoughts")):
            for key in ("summary", "content"):
                add_text(message, thought.get(key), (*at, "thoughts", index, key), Kind.THINKING)
        return
    for index, part in enumerate(items(content.get("parts"))):
        place: Pointer = (*at, "parts", index)
        if isinstance(part, str):
            add_text(message, part, place, kind)
        elif isinstance(mapping(part).get("text"), str):
            add_text(message, part["text"], (*place, "text"), kind)
        elif "asset_pointer" in mapping(part):
            message.rendered("", place, Kind.MEDIA, media=_media(part))
        elif part:
            add_text(message, part, place, Kind.OPAQUE)
    document = None
    if shape.startswith("tether_quote"):
        kind, document = Kind.DOCUMENT, Document(title=text_of(content.get("title")), url=text_of(content.get("url")))
    for key in _TEXT_KEYS:
        add_text(message, content.get(key), (*at, key), kind, document=document)


def _media(part: Mapping[str, Any]) -> Media:
    kind = "audio" if "audio" in str(part.get("content_type")) else "image"
    return Media(kind, count_of(part.get("size_bytes")), text_of(part.get("asset_pointer")), count_of(part.get("width")),
                 count_of(part.get("height")))  # fmt: skip


def _name_results(draft: Draft, message: DraftMessage, tool: str | None) -> None:
    """Results name their tool, not their call: they answer the newest call of that tool."""
    for earlier in reversed(draft.messages):
        for part in reversed(earlier.parts):
            if part.call is not None and tool is not None and part.call.name.split(".")[0] == tool.split(".")[0]:
                for result in message.parts:
                    result.call_id, result.tool = part.call.id, tool
                return
    for result in message.parts:
        result.tool = tool

"""LibreChat's export: messages in a list or as a tree of `children`, told apart by `isCreatedByUser`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ctxdebug.exchange import Draft, DraftMessage, Exchange
from ctxdebug.model import Kind, Pointer, Role
from ctxdebug.wire import wire_format
from ctxdebug.wire.shape import items, mapping, objects, request_of, sample, text_of
from ctxdebug.wire.shapes.log_draft import TOOLS, add_call, add_result, add_text, close, rebuilt, say, turn


def _sniff(exchange: Exchange) -> int:
    turns = sample(request_of(exchange).get("messages"))
    return 40 if turns and all("isCreatedByUser" in turn for turn in turns) else 0


@wire_format(
    "librechat", "`messages` with `isCreatedByUser`, in a list or by `children`", _sniff, frozenset({"messages"})
)
def read(exchange: Exchange) -> Draft:
    """Read a conversation; of a tree, the newest branch."""
    body, at = request_of(exchange), exchange.request_at
    draft = rebuilt(exchange, TOOLS)
    options = mapping(body.get("options"))
    draft.session, draft.model = text_of(body.get("conversationId")), text_of(options.get("model"))
    for key in ("promptPrefix", "system", "instructions"):
        say(draft, Role.SYSTEM, key, options.get(key), (*at, "options", key))
    left = 0
    level, where = body.get("messages"), (*at, "messages")
    tree = any(items(one.get("children")) for one in sample(level)) or body.get("recursive") is True
    while items(level):
        shown = [objects(level)[-1]] if tree and objects(level) else objects(level)
        left += len(items(level)) - len(shown)
        kept = {index for index, _ in shown}
        draft.left_out.extend((*where, index) for index in range(len(items(level))) if index not in kept)
        for index, raw in shown:
            _read_message(draft, raw, (*where, index))
        if not tree or not shown:
            break
        level, where = shown[0][1].get("children"), (*where, shown[0][0], "children")
    if left:
        draft.notes.append(f"{left} messages on other branches are not shown")
    return close(draft)


def _read_message(draft: Draft, raw: Mapping[str, Any], at: Pointer) -> None:
    user = raw.get("isCreatedByUser") is True
    message = DraftMessage(Role.USER if user else Role.ASSISTANT, text_of(raw.get("sender")) or "", at)
    draft.messages.append(message)
    for index, part in objects(raw.get("content")):
        where, shape = (*at, "content", index), text_of(part.get("type")) or ""
        message = message if user else turn(draft, where)
        if shape == "think":
            add_text(message, part.get("think"), (*where, "think"), Kind.THINKING)
        elif shape == "tool_call":
            _read_call(draft, message, mapping(part.get("tool_call")), (*where, "tool_call"))
        elif isinstance(part.get("text"), dict):
            add_text(message, part["text"].get("value"), (*where, "text", "value"))
        else:
            add_text(message, part.get("text") if "text" in part else dict(part), (*where, "text") if "text" in part else where,
                     Kind.TEXT if "text" in part else Kind.OPAQUE)  # fmt: skip
    if not objects(raw.get("content")):
        add_text(message, raw.get("text"), (*at, "text"))
    if not user:
        draft.model = draft.answered_by = text_of(raw.get("model")) or draft.model


def _read_call(draft: Draft, message: DraftMessage, call: Mapping[str, Any], at: Pointer) -> None:
    add_call(message, call.get("name"), call.get("args"), call.get("id"), (*at, "args"))
    if call.get("output") is not None:
        add_result(draft, call["output"], (*at, "output"), call.get("id"), call.get("name"))

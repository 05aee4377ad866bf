"""A composer of Cursor's: bubbles of the user and the assistant, with tool calls inside the assistant's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ctxdebug.exchange import Draft, DraftMessage, Exchange
from ctxdebug.model import Document, Kind, Pointer, Role, Usage
from ctxdebug.wire import wire_format
from ctxdebug.wire.shape import count_of, mapping, objects, request_of, sample, text_of
from ctxdebug.wire.shapes.log_draft import add_call, add_result, add_text, close, rebuilt, turn

_USER = 1


def _sniff(exchange: Exchange) -> int:
    bubbles = sample(request_of(exchange).get("bubbles"))
    return 40 if bubbles and all("type" in bubble for bubble in bubbles) else 0


@wire_format("cursor-composer", "`bubbles` of type 1 (user) and 2 (assistant), as Cursor's database keeps them", _sniff,
             frozenset({"bubbles"}))  # fmt: skip
def read(exchange: Exchange) -> Draft:
    """Read a composer."""
    draft = rebuilt(exchange)
    at = (*exchange.request_at, "bubbles")
    for index, bubble in objects(request_of(exchange).get("bubbles")):
        where = (*at, index)
        if bubble.get("type") == _USER:
            message = DraftMessage(Role.USER, "user", where)
            _read_context(message, bubble, where)
            add_text(message, bubble.get("text"), (*where, "text"))
            if message.parts:
                draft.messages.append(message)
            continue
        message = turn(draft, where)
        add_text(message, mapping(bubble.get("thinking")).get("text"), (*where, "thinking", "text"), Kind.THINKING)
        add_text(message, bubble.get("text"), (*where, "text"))
        _read_tool(draft, mapping(bubble.get("toolFormerData")), (*where, "toolFormerData"))
        counts = mapping(bubble.get("tokenCount"))
        if count_of(counts.get("inputTokens")):
            output = count_of(counts.get("outputTokens"))
            draft.usage = Usage(
                count_of(counts.get("inputTokens")), None, None, output, None, counts, (*where, "tokenCount")
            )
    draft.messages = [message for message in draft.messages if message.parts]
    return close(draft)


def _read_context(message: DraftMessage, bubble: Mapping[str, Any], at: Pointer) -> None:
    for key in ("attachedCodeChunks", "codebaseContextChunks"):
        for index, chunk in objects(bubble.get(key)):
            path = text_of(chunk.get("relativeWorkspacePath"))
            for name in ("contents", "content", "text"):
                add_text(
                    message, chunk.get(name), (*at, key, index, name), Kind.DOCUMENT, document=Document(title=path)
                )


def _read_tool(draft: Draft, held: Mapping[str, Any], at: Pointer) -> None:
    if not held:
        return
    key = "rawArgs" if held.get("rawArgs") else "params"
    identifier = text_of(held.get("toolCallId")) or f"tool#{at[-2]}"
    add_call(turn(draft, at), held.get("name"), held.get(key), identifier, (*at, key))
    if held.get("result") is not None:
        failed = text_of(held.get("status")) in {"error", "cancelled"}
        add_result(draft, held["result"], (*at, "result"), identifier, held.get("name"), failed=failed)

"""Continue's sessions: a history of messages with context items, tool states and, where they are kept, the prompts sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ctxdebug.exchange import Draft, DraftMessage, Exchange
from ctxdebug.model import Document, Kind, Pointer, Role
from ctxdebug.wire import wire_format
from ctxdebug.wire.loose_messages import read_message
from ctxdebug.wire.shape import mapping, objects, request_of, sample, text_of
from ctxdebug.wire.shapes.log_draft import add_result, add_text, close, rebuilt


def _sniff(exchange: Exchange) -> int:
    body = request_of(exchange)
    turns = sample(body.get("history"))
    return 40 if "sessionId" in body and turns and all("message" in one for one in turns) else 0


@wire_format("continue", "a session of Continue: `sessionId` and a `history` of `message` with `contextItems`", _sniff,
             frozenset({"history"}))  # fmt: skip
def read(exchange: Exchange) -> Draft:
    """Read a session; context items are documents of the user's turn, and the prompts that were sent repeat the messages."""
    body, at = request_of(exchange), (*exchange.request_at, "history")
    draft = rebuilt(exchange)
    draft.session = text_of(body.get("sessionId"))
    draft.model = text_of(body.get("chatModelTitle"))
    answered: set[str] = {
        str(mapping(one.get("message")).get("toolCallId")) for _, one in objects(body.get("history"))
    } - {"None"}  # fmt: skip
    for index, one in objects(body.get("history")):
        where = (*at, index)
        message = read_message(mapping(one.get("message")), (*where, "message"))
        _read_context(message, one, where)
        add_text(message, mapping(one.get("reasoning")).get("text"), (*where, "reasoning", "text"), Kind.THINKING)
        if message.parts:
            draft.messages.append(message)
        _read_states(draft, one, where, answered)
        draft.left_out.extend(((*where, "editorState"), (*where, "promptLogs")))
    return close(draft)


def _read_context(message: DraftMessage, one: Mapping[str, Any], at: Pointer) -> None:
    for index, item in objects(one.get("contextItems")):
        if not text_of(item.get("content")):
            continue
        document = Document(title=text_of(item.get("name")), url=text_of(mapping(item.get("uri")).get("value")))
        if message.role is Role.USER:
            message.text(item["content"], (*at, "contextItems", index, "content"), Kind.DOCUMENT, document=document)


def _read_states(draft: Draft, one: Mapping[str, Any], at: Pointer, answered: set[str]) -> None:
    """Results of calls that no message of role tool repeats."""
    for index, state in objects(one.get("toolCallStates")):
        call_id = text_of(state.get("toolCallId"))
        draft.left_out.append((*at, "toolCallStates", index, "toolCall", "function", "arguments"))
        if call_id is None or call_id in answered or state.get("status") not in ("done", "errored"):
            continue
        name = mapping(mapping(state.get("toolCall")).get("function")).get("name")
        for number, item in objects(state.get("output")):
            where = (*at, "toolCallStates", index, "output", number, "content")
            add_result(draft, item.get("content"), where, call_id, name, failed=state.get("status") == "errored")

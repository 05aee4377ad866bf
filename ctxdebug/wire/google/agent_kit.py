"""Google's Agent Development Kit: sessions of events, and the conversations of its eval sets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ctxdebug.exchange import Draft, Exchange
from ctxdebug.model import Finish, FinishReason, Kind, Pointer, Role, Usage
from ctxdebug.wire import wire_format
from ctxdebug.wire.google.parts import read_content
from ctxdebug.wire.logged_answer import logged_finish
from ctxdebug.wire.pairing import pair_calls
from ctxdebug.wire.shape import camel_or_snake, count_of, mapping, objects, request_of, sample, text_of
from ctxdebug.wire.shapes.log_draft import add_call, add_result, close, rebuilt, turn


def _sniff(exchange: Exchange) -> int:
    body = request_of(exchange)
    events = sample(body.get("events"))
    if events and any("author" in one for one in events) and any("content" in one for one in events):
        return 40
    turns = sample(body.get("conversation"))
    return 40 if turns and any({"user_content", "userContent"} & one.keys() for one in turns) else 0


@wire_format("google.adk", "a session of the Agent Development Kit: `events` of author and content; a case of an eval set",
             _sniff, frozenset({"events", "conversation"}))  # fmt: skip
def read(exchange: Exchange) -> Draft:
    """Read a session, or the conversation that an eval case expects."""
    body, at = request_of(exchange), exchange.request_at
    draft = rebuilt(exchange)
    draft.session = text_of(body.get("id")) or text_of(body.get("eval_id"))
    for index, event in objects(body.get("events")):
        _read_event(draft, event, (*at, "events", index))
    for index, invocation in objects(body.get("conversation")):
        _read_invocation(draft, invocation, (*at, "conversation", index))
    pair_calls(draft.messages)
    draft.left_out.extend((*at, key) for key in ("state", "session_input", "context"))
    return close(draft)


def _read_event(draft: Draft, event: Mapping[str, Any], at: Pointer) -> None:
    content = event.get("content")
    if event.get("partial") is True:
        draft.left_out.append(at)
        return
    if not isinstance(content, dict):
        return
    message = read_content(content, (*at, "content"))
    author = text_of(event.get("author")) or ""
    answered = any(part.kind is Kind.TOOL_RESULT for part in message.parts)
    message.role = Role.TOOL if answered else Role.USER if author == "user" else Role.ASSISTANT
    message.name = author if author not in {"", "user"} else None
    if message.parts:
        draft.messages.append(message)
    key, used = camel_or_snake(event, "usageMetadata")
    draft.usage = _usage_of(mapping(used), (*at, key)) or (draft.usage if answered else None)
    key, reason = camel_or_snake(event, "finishReason")
    draft.finish = logged_finish(reason, (*at, key))
    key, code = camel_or_snake(event, "errorCode")
    if code and code != "STOP":
        draft.finish = Finish(FinishReason.ERROR, str(code), (*at, key))


def _usage_of(raw: Mapping[str, Any], at: Pointer) -> Usage | None:
    prompt = count_of(camel_or_snake(raw, "promptTokenCount")[1])
    if prompt is None:
        return None
    thoughts = count_of(camel_or_snake(raw, "thoughtsTokenCount")[1])
    output = count_of(camel_or_snake(raw, "candidatesTokenCount")[1])
    read = count_of(camel_or_snake(raw, "cachedContentTokenCount")[1])
    return Usage(prompt, read, None, None if output is None else output + (thoughts or 0), thoughts, raw, at)


def _read_invocation(draft: Draft, invocation: Mapping[str, Any], at: Pointer) -> None:
    """One turn of an eval case: what the user says, the calls that are expected, and the final answer."""
    key, asked = camel_or_snake(invocation, "userContent")
    draft.messages.append(read_content(asked, (*at, key), Role.USER))
    key, between = camel_or_snake(invocation, "intermediateData")
    uses_key, uses = camel_or_snake(mapping(between), "toolUses")
    replies_key, replies = camel_or_snake(mapping(between), "toolResponses")
    for index, call in objects(uses):
        where = (*at, key, uses_key, index, "args")
        # without replies the set expects calls and keeps no results: they are not missing
        add_call(turn(draft, at), call.get("name"), call.get("args"), call.get("id") or f"{at[-1]}-{index}", where,
                 server_side=not replies)  # fmt: skip
    for index, reply in objects(replies):
        where = (*at, key, replies_key, index, "response")
        add_result(draft, reply.get("response"), where, reply.get("id"), reply.get("name"))
    key, final = camel_or_snake(invocation, "finalResponse")
    if isinstance(final, dict):
        message = read_content(final, (*at, key), Role.ASSISTANT)
        if message.parts:
            draft.messages.append(message)

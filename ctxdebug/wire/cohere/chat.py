"""Cohere chat, version 1 (`message` with `chat_history`) and version 2 (`messages`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ctxdebug.decoding.strict_json import compact
from ctxdebug.exchange import Draft, DraftMessage, Exchange, Stream
from ctxdebug.model import Document, Kind, Pointer, Role, Unseen, UnseenKind
from ctxdebug.wire import STREAM, wire_format
from ctxdebug.wire.cohere.answer import V1_EVENTS, V2_EVENTS, read_answer, read_stream
from ctxdebug.wire.pairing import pair_calls
from ctxdebug.wire.shape import (
    call_from,
    items,
    mapping,
    objects,
    request_of,
    response_of,
    sample,
    stream_of,
    text_of,
    tool_from,
    url_has,
    without,
)
from ctxdebug.wire.shapes.chat_messages import read_message
from ctxdebug.wire.shapes.chat_request import read_settings, read_tools
from ctxdebug.wire.shapes.error_body import read_error

_V1_KEYS = frozenset({"chat_history", "preamble", "documents", "connectors", "tool_results", "conversation_id",
    "prompt_truncation", "search_queries_only", "citation_quality"})  # fmt: skip
_V2_KEYS = frozenset({"documents", "citation_options", "safety_mode", "strict_tools"})
_V1_ROLES = {"user": Role.USER, "chatbot": Role.ASSISTANT, "system": Role.SYSTEM, "tool": Role.TOOL}


def _sniff(exchange: Exchange) -> int:
    body, response, stream = request_of(exchange), response_of(exchange), stream_of(exchange)
    weight = 0
    if isinstance(body.get("message"), str) and "messages" not in body:
        weight += 8 if _V1_KEYS & body.keys() or url_has(exchange, "/v1/chat") else 0
    messages = sample(body.get("messages"))
    if messages:
        weight += 8 if _V2_KEYS & body.keys() or url_has(exchange, "/v2/chat") else 0
        weight += 8 if any("tool_plan" in message for message in messages) else 0
    if isinstance(response.get("message"), dict) and "billed_units" in mapping(response.get("usage")):
        weight += 9
    if isinstance(response.get("text"), str) and ("generation_id" in response or "meta" in response):
        weight += 9
    if "error_type" in response and "message" in response:
        weight += 2
    if stream is not None:
        names = {text_of(mapping(event.data).get(key)) for event in stream.events for key in ("type", "event_type")}
        weight += 9 if (V1_EVENTS | V2_EVENTS) & names else -9
    return max(0, weight)


@wire_format(
    "cohere.chat",
    "version 2: `messages` with `documents` or `tool_plan`, `usage.billed_units`, path /v2/chat; "
    "version 1: `message` with chat_history, preamble or documents, path /v1/chat",
    _sniff,
    frozenset({"message", "messages", "text", "error_type", STREAM}),
)
def read(exchange: Exchange) -> Draft:
    """Read a Cohere chat call."""
    body, at = request_of(exchange), exchange.request_at
    draft = Draft(
        model=text_of(body.get("model")), parameters=without(body, "messages", "chat_history", "tools", "documents")
    )
    if "messages" in body:
        for index, raw in objects(body["messages"]):
            draft.messages.append(_read_v2(raw, (*at, "messages", index)))
        read_tools(draft, body, at)
    else:
        _read_v1(draft, body, at)
    _read_documents(draft, body.get("documents"), (*at, "documents"))
    for index, connector in objects(body.get("connectors")):
        what = f"what the server's connector {connector.get('id')} adds to the prompt"
        draft.unseen.append(Unseen(what, (*at, "connectors", index), UnseenKind.SERVER_TOOL))
    read_settings(draft, body, at)
    draft.set("top_p", body.get("p"), (*at, "p"))
    draft.set("stop", tuple(map(str, items(body.get("stop_sequences")))) or None, (*at, "stop_sequences"))
    if body.get("prompt_truncation") not in (None, "OFF"):
        draft.set("truncation", f"prompt_truncation={body['prompt_truncation']}", (*at, "prompt_truncation"))
    draft.set("thinking_budget", mapping(body.get("thinking")).get("token_budget"), (*at, "thinking", "token_budget"))
    draft.session = text_of(body.get("conversation_id"))
    if draft.session:
        draft.unseen.append(
            Unseen("the conversation that the server keeps", (*at, "conversation_id"), UnseenKind.CONVERSATION)
        )
    draft.has_request = bool(draft.messages)
    _read_response(draft, exchange)
    return draft


def _read_v2(raw: Mapping[str, Any], at: Pointer) -> DraftMessage:
    message = read_message({**raw, "content": None} if _holds_documents(raw) else raw, at)
    if isinstance(raw.get("tool_plan"), str) and raw["tool_plan"]:
        message.text(raw["tool_plan"], (*at, "tool_plan"), Kind.THINKING)
        message.parts.insert(0, message.parts.pop())
    if _holds_documents(raw):
        about = {"call_id": text_of(raw.get("tool_call_id"))}
        for index, part in objects(raw.get("content")):
            if isinstance(part.get("document"), dict):
                _read_document(message, part["document"], (*at, "content", index, "document"), about)
            elif isinstance(part.get("text"), str):
                kind = Kind.TOOL_RESULT if message.role is Role.TOOL else Kind.TEXT
                message.text(part["text"], (*at, "content", index, "text"), kind, **about)
    return message


def _holds_documents(raw: Mapping[str, Any]) -> bool:
    return any(isinstance(part.get("document"), dict) for _, part in objects(raw.get("content")))


def _read_document(message: DraftMessage, held: Any, at: Pointer, about: Mapping[str, Any]) -> None:
    """A document: a string, `{id, data: {title, snippet}}`, or version 1's flat fields."""
    if isinstance(held, str):
        message.text(held, at, Kind.DOCUMENT, document=Document(), **about)
        return
    held = mapping(held)
    fields, fields_at = (held["data"], (*at, "data")) if isinstance(held.get("data"), (dict, str)) else (held, at)
    if isinstance(fields, str):
        message.text(fields, fields_at, Kind.DOCUMENT, document=Document(id=text_of(held.get("id"))), **about)
        return
    document = Document(
        id=text_of(held.get("id")) or text_of(fields.get("id")),
        title=text_of(fields.get("title")),
        date=text_of(fields.get("date")) or text_of(fields.get("timestamp")),
        url=text_of(fields.get("url")),
    )
    for key in ("text", "snippet", "content", "body"):
        if isinstance(fields.get(key), str):
            message.text(fields[key], (*fields_at, key), Kind.DOCUMENT, document=document, **about)
            return
    message.rendered(compact(fields), fields_at, Kind.DOCUMENT, document=document, **about)


def _read_documents(draft: Draft, documents: Any, at: Pointer) -> None:
    """Documents beside the messages; the server puts them before the last turn."""
    if not items(documents):
        return
    message = DraftMessage(Role.USER, "documents", at)
    for index, held in enumerate(documents):
        _read_document(message, held, (*at, index), {})
    draft.messages.insert(max(0, len(draft.messages) - 1), message)


def _read_v1(draft: Draft, body: Mapping[str, Any], at: Pointer) -> None:
    if isinstance(body.get("preamble"), str):
        message = DraftMessage(Role.SYSTEM, "preamble", (*at, "preamble"))
        message.text(body["preamble"], (*at, "preamble"))
        draft.messages.append(message)
    for index, turn in objects(body.get("chat_history")):
        draft.messages.append(_read_v1_turn(turn, (*at, "chat_history", index)))
    if isinstance(body.get("message"), str):
        message = DraftMessage(Role.USER, "message", (*at, "message"))
        message.text(body["message"], (*at, "message"))
        draft.messages.append(message)
    if items(body.get("tool_results")):
        message = DraftMessage(Role.TOOL, "tool_results", (*at, "tool_results"))
        _read_v1_results(message, body["tool_results"], (*at, "tool_results"))
        draft.messages.append(message)
    pair_calls(draft.messages)
    for index, tool in objects(body.get("tools")):
        schema = tool.get("parameter_definitions")
        where = (*at, "tools", index)
        draft.tools.append(
            tool_from(tool, where, name=tool.get("name"), description=tool.get("description"), schema=schema)
        )


def _read_v1_turn(turn: Mapping[str, Any], at: Pointer) -> DraftMessage:
    captured = str(turn.get("role", ""))
    message = DraftMessage(_V1_ROLES.get(captured.lower(), Role.OTHER), captured, at)
    if isinstance(turn.get("message"), str):
        message.text(turn["message"], (*at, "message"))
    for index, call in objects(turn.get("tool_calls")):
        made = call_from(call.get("name"), call.get("parameters"), None)
        message.rendered(made.arguments, (*at, "tool_calls", index), Kind.TOOL_CALL, call=made)
    _read_v1_results(message, turn.get("tool_results"), (*at, "tool_results"))
    return message


def _read_v1_results(message: DraftMessage, results: Any, at: Pointer) -> None:
    for index, result in objects(results):
        name = text_of(mapping(result.get("call")).get("name"))
        shown = compact(result.get("outputs"))
        message.rendered(shown, (*at, index, "outputs"), Kind.TOOL_RESULT, tool=name)


def _read_response(draft: Draft, exchange: Exchange) -> None:
    response: Any = exchange.response
    if response is None:
        return
    draft.has_response = True
    if isinstance(response, Stream):
        read_stream(draft, response)
    elif isinstance(response, dict):
        read_answer(draft, response, exchange.response_at)
    if draft.finish is None and draft.error is None:
        draft.error = read_error(response, exchange.response_at, exchange.status)

"""VS Code Copilot's chat export: requests, each with the user's message and the parts of its response."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ctxdebug.exchange import Draft, DraftMessage, Exchange
from ctxdebug.model import Kind, Pointer, ProviderError, Role
from ctxdebug.wire import wire_format
from ctxdebug.wire.shape import items, mapping, objects, request_of, sample, text_of
from ctxdebug.wire.shapes.log_draft import add_call, add_result, add_text, close, rebuilt, say, turn

_SHOWN_ONLY = frozenset({"progressTask", "progressMessage", "undoStop", "codeblockUri", "textEditGroup", "confirmation",
    "command", "prepareToolInvocation", "mcpServersStarting", "warning", "elicitation"})  # fmt: skip


def _sniff(exchange: Exchange) -> int:
    body = request_of(exchange)
    asked = sample(body.get("requests"))
    known = {"requesterUsername", "responderUsername", "sessionId"} & body.keys()
    return 40 if known and any("message" in one and "response" in one for one in asked) else 0


@wire_format("copilot-chat", "VS Code's chat export: `requests` of message and response, `responderUsername`", _sniff,
             frozenset({"requests"}))  # fmt: skip
def read(exchange: Exchange) -> Draft:
    """Read a chat; where the rounds of tool calls are kept, they are the turn, else what was displayed."""
    body, at = request_of(exchange), (*exchange.request_at, "requests")
    draft = rebuilt(exchange)
    draft.session = text_of(body.get("sessionId"))
    for index, asked in objects(body.get("requests")):
        where: Pointer = (*at, index)
        message = asked.get("message")
        text, place = (message, (*where, "message")) if isinstance(message, str) else (
            mapping(message).get("text"), (*where, "message", "text"))  # fmt: skip
        spoken = say(draft, Role.USER, "user", text, place)
        if spoken is not None:
            _read_variables(spoken, asked.get("variableData"), (*where, "variableData"))
        draft.model = draft.answered_by = text_of(asked.get("modelId")) or draft.model
        result = mapping(asked.get("result"))
        about, about_at = mapping(result.get("metadata")), (*where, "result", "metadata")
        draft.error = None
        if items(about.get("toolCallRounds")):
            _read_rounds(draft, about, about_at)
        else:
            _read_response(draft, asked.get("response"), (*where, "response"))
        error = mapping(result.get("errorDetails"))
        if error:
            draft.error = ProviderError(str(error.get("message") or ""), text_of(error.get("code")),
                                        (*where, "result", "errorDetails", "message"))  # fmt: skip
    return close(draft)


def _read_variables(message: DraftMessage, data: Any, at: Pointer) -> None:
    """What the user attached: the names are kept, the contents only where they are text."""
    for index, variable in objects(mapping(data).get("variables")):
        value, where = variable.get("value"), (*at, "variables", index, "value")
        if isinstance(value, str):
            add_text(message, value, where, Kind.DOCUMENT)
        elif value is not None:
            add_text(message, value, where, Kind.OPAQUE)


def _read_rounds(draft: Draft, about: Mapping[str, Any], at: Pointer) -> None:
    results = mapping(about.get("toolCallResults"))
    for index, one in objects(about.get("toolCallRounds")):
        where: Pointer = (*at, "toolCallRounds", index)
        message = DraftMessage(Role.ASSISTANT, "assistant", where)
        thinking = mapping(one.get("thinking"))
        add_text(message, thinking.get("text"), (*where, "thinking", "text"), Kind.THINKING)
        add_text(message, one.get("response"), (*where, "response"))
        calls = objects(one.get("toolCalls"))
        for number, call in calls:
            place = (*where, "toolCalls", number, "arguments")
            add_call(message, call.get("name"), call.get("arguments"), call.get("id"), place)
        if message.parts:
            draft.messages.append(message)
        for _, call in calls:
            identifier = str(call.get("id"))
            if identifier in results:
                place = (*at, "toolCallResults", identifier)
                add_result(draft, *_result_of(results[identifier], place), identifier, call.get("name"))


def _result_of(held: Any, at: Pointer) -> tuple[Any, Pointer]:
    content = items(mapping(held).get("content"))
    if len(content) == 1 and isinstance(mapping(content[0]).get("value"), str):
        return content[0]["value"], (*at, "content", 0, "value")
    return held, at


def _read_response(draft: Draft, parts: Any, at: Pointer) -> None:
    for index, part in enumerate(items(parts)):
        where, held = (*at, index), mapping(part)
        kind = text_of(held.get("kind")) or ""
        if kind in _SHOWN_ONLY:
            continue
        if isinstance(held.get("value"), str):
            add_text(
                turn(draft, where), held["value"], (*where, "value"), Kind.THINKING if kind == "thinking" else Kind.TEXT
            )
        elif isinstance(mapping(held.get("content")).get("value"), str):
            add_text(turn(draft, where), held["content"]["value"], (*where, "content", "value"))
        elif kind in {"toolInvocationSerialized", "toolInvocation"}:
            _read_invocation(draft, held, where)
        elif kind == "inlineReference":
            name = text_of(held.get("name"))
            add_text(turn(draft, where), name, (*where, "name"))
        elif held:
            add_text(turn(draft, where), dict(held), where, Kind.OPAQUE)


def _read_invocation(draft: Draft, held: Mapping[str, Any], at: Pointer) -> None:
    specific, details = mapping(held.get("toolSpecificData")), held.get("resultDetails")
    asked, asked_at = mapping(details).get("input"), (*at, "resultDetails", "input")
    if asked is None and specific:
        asked, asked_at = dict(specific), (*at, "toolSpecificData")
    if asked is None:
        asked, asked_at = {"message": _shown(held.get("invocationMessage"))}, (*at, "invocationMessage")
    add_call(turn(draft, at), held.get("toolId"), asked, held.get("toolCallId"), asked_at)
    output = mapping(details).get("output")
    if output is not None or details is not None:
        value, place = (
            (output, (*at, "resultDetails", "output")) if output is not None else (details, (*at, "resultDetails"))
        )
        add_result(draft, value, place, held.get("toolCallId"), held.get("toolId"))
    elif held.get("isComplete") is True:
        value = held.get("pastTenseMessage")
        add_result(draft, _shown(value), (*at, "pastTenseMessage"), held.get("toolCallId"), held.get("toolId"))


def _shown(value: Any) -> str | None:
    return text_of(value) or text_of(mapping(value).get("value"))

"""Sourcegraph's completions stream, which Cody sends: messages with a speaker, and an answer in deltas."""

from __future__ import annotations

from typing import Any

from ctxdebug.exchange import Assembly, Draft, DraftMessage, Exchange, Part
from ctxdebug.model import Kind, Role
from ctxdebug.wire import wire_format
from ctxdebug.wire.logged_answer import logged_finish
from ctxdebug.wire.loose_messages import read_content, role_of
from ctxdebug.wire.shape import (
    count_of,
    mapping,
    number_of,
    objects,
    request_of,
    response_of,
    sample,
    stream_of,
    text_of,
    without,
)
from ctxdebug.wire.shapes.error_body import read_error


def _sniff(exchange: Exchange) -> int:
    turns = sample(request_of(exchange).get("messages"))
    known = bool(turns) and all("speaker" in one for one in turns)
    return (
        40
        if known
        and ("maxTokensToSample" in request_of(exchange) or (exchange.url or "").find("/.api/completions") >= 0)
        else 0
    )


@wire_format("sourcegraph", "`messages` of speaker and text with `maxTokensToSample`; events with deltaText or completion", _sniff,
             frozenset({"messages"}))  # fmt: skip
def read(exchange: Exchange) -> Draft:
    """Read a request and its stream; an old server repeats the whole answer in every event, of which the last counts."""
    body, at = request_of(exchange), exchange.request_at
    draft = Draft(model=text_of(body.get("model")), parameters=without(body, "messages", "model"))
    for index, raw in objects(body.get("messages")):
        speaker = text_of(raw.get("speaker")) or ""
        message = DraftMessage(role_of(speaker), speaker, (*at, "messages", index))
        for key in ("text", "content"):
            read_content(message, raw.get(key), (*at, "messages", index, key), Kind.TEXT, {})
        draft.messages.append(message)
    draft.set("temperature", number_of(body.get("temperature")), (*at, "temperature"))
    draft.set("max_output", count_of(body.get("maxTokensToSample")), (*at, "maxTokensToSample"))
    _read_answer(draft, exchange)
    return draft


def _read_answer(draft: Draft, exchange: Exchange) -> None:
    stream, response = stream_of(exchange), response_of(exchange)
    events: list[tuple[Any, Any]] = []
    if stream is not None:
        events = [(event.data, event.pointer) for event in stream.events]
    elif response:
        events = [(response, exchange.response_at)]
    said = Assembly()
    for data, at in events:
        held = mapping(data)
        if isinstance(held.get("deltaText"), str):
            said.add(held["deltaText"], (*at, "deltaText"))
        elif isinstance(held.get("completion"), str):
            said = Assembly()
            said.add(held["completion"], (*at, "completion"))
            draft.left_out.extend((*before, "completion") for _, before in events)
        elif "error" in held:
            draft.error = read_error(held, at, exchange.status)
        draft.finish = logged_finish(held.get("stopReason"), (*at, "stopReason")) or draft.finish
    if said:
        message = DraftMessage(Role.ASSISTANT, "assistant", exchange.response_at)
        message.parts.append(Part(Kind.TEXT, said.text, said.pieces))
        draft.answer.append(message)
    draft.has_response = exchange.response is not None

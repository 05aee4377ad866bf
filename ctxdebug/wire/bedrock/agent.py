"""Bedrock agents: the prompt is made on the server, and shows only where the trace was asked for."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import Any

from ctxdebug.decoding.strict_json import JsonReader
from ctxdebug.exchange import Assembly, Draft, DraftMessage, Exchange, Part, Stream
from ctxdebug.model import Decoding, Kind, Pointer, ProviderError, Role, Unseen, UnseenKind, Usage
from ctxdebug.wire import wire_format
from ctxdebug.wire.bedrock.citations import add_references, read_attribution, references_of
from ctxdebug.wire.shape import count_of, mapping, objects, request_of, stream_of, text_of
from ctxdebug.wire.shapes.anthropic_blocks import read_message, read_system
from ctxdebug.wire.shapes.error_body import read_error
from ctxdebug.wire.shapes.returned_sources import ReturnedSources


def _sniff(exchange: Exchange) -> int:
    body, stream = request_of(exchange), stream_of(exchange)
    path = (exchange.url or "").split("?")[0]
    weight = 40 if "/agents/" in path and "/sessions/" in path else 0
    weight += (
        20
        if isinstance(body.get("inputText"), str) and {"enableTrace", "sessionState", "foundationModel"} & body.keys()
        else 0
    )
    if stream is not None and any("agentAliasId" in mapping(event.data) for event in stream.events):
        weight += 20
    return weight


@wire_format(
    "bedrock.agent", "`inputText` with enableTrace; `trace` and `chunk` events; path /agents/…/sessions/…/text", _sniff
)
def read(exchange: Exchange) -> Draft:
    """Read one turn: the prompt of its last model call where the trace has it, else what the user said."""
    body, at = request_of(exchange), exchange.request_at
    draft = Draft(model=text_of(body.get("foundationModel")))
    stream = stream_of(exchange)
    if stream is not None:
        draft.has_response = True
        _read_stream(draft, stream)
    elif exchange.response is not None:
        draft.error = read_error(exchange.response, exchange.response_at, exchange.status)
    if not draft.messages:
        if isinstance(body.get("instruction"), str):
            read_system(draft, body["instruction"], (*at, "instruction"))
        if isinstance(body.get("inputText"), str):
            message = DraftMessage(Role.USER, "inputText", (*at, "inputText"))
            message.text(body["inputText"], (*at, "inputText"))
            draft.messages.append(message)
        draft.unseen.append(Unseen("the agent's prompt, which the server puts together", at, UnseenKind.TEMPLATE))
    else:  # the prompt of the model's call holds both
        draft.left_out.extend((*at, key) for key in ("instruction", "inputText") if key in body)
    draft.has_request = bool(draft.messages)
    return draft


def _read_stream(draft: Draft, stream: Stream) -> None:
    answer = DraftMessage(Role.ASSISTANT, "assistant", stream.events[0].pointer if stream.events else ())
    said = Assembly()
    traces: list[tuple[Mapping[str, Any], Pointer]] = []
    cited: list[tuple[Any, Pointer]] = []
    for event in stream.events:
        data, at = mapping(event.data), event.pointer
        draft.session = draft.session or text_of(data.get("sessionId"))
        if isinstance(data.get("bytes"), str):
            said.add(*_chunk(data["bytes"], (*at, "bytes")))
            cited.append((mapping(data.get("attribution")).get("citations"), (*at, "attribution", "citations")))
        elif event.name is not None and event.name.endswith("Exception") and isinstance(data.get("message"), str):
            draft.error = ProviderError(data["message"], event.name, (*at, "message"))
        trace = mapping(data.get("trace"))
        for kind, held in trace.items():
            _read_trace(draft, mapping(held), (*at, "trace", kind))
            traces.append((mapping(held), (*at, "trace", kind)))
    if said.text:
        answer.parts.append(Part(Kind.TEXT, said.text, said.pieces))
        draft.answer.append(answer)
        returned = ReturnedSources(draft, answer)
        for references, where in references_of(traces):
            add_references(returned, references, where)
        for held, where in cited:
            read_attribution(draft, answer, held, where)


def _chunk(text: str, at: Pointer) -> tuple[str, Pointer]:
    """Return the text of a chunk and where it is; chunks end anywhere in a sentence."""
    try:
        return base64.b64decode(text, validate=True).decode(), (*at, Decoding.BASE64)
    except (binascii.Error, ValueError):
        return text, at


def _read_trace(draft: Draft, trace: Mapping[str, Any], at: Pointer) -> None:
    asked = mapping(trace.get("modelInvocationInput"))
    prompt = JsonReader().value(asked["text"]) if isinstance(asked.get("text"), str) else None
    if isinstance(prompt, dict) and isinstance(prompt.get("messages"), list):
        where = (*at, "modelInvocationInput", "text", Decoding.JSON)
        draft.messages.clear()
        draft.model = text_of(asked.get("foundationModel")) or draft.model
        read_system(draft, prompt.get("system"), (*where, "system"))
        for index, raw in objects(prompt["messages"]):
            draft.messages.append(read_message(raw, (*where, "messages", index)))
    used_at = (*at, "modelInvocationOutput", "metadata", "usage")
    used = mapping(mapping(mapping(trace.get("modelInvocationOutput")).get("metadata")).get("usage"))
    if count_of(used.get("inputTokens")) is not None:
        draft.usage = Usage(used["inputTokens"], output=count_of(used.get("outputTokens")), raw=used, pointer=used_at)

"""Bedrock InvokeModel: the vendor's own body, behind one URL."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

from ctxdebug.decoding.strict_json import JsonReader
from ctxdebug.exchange import Assembly, Draft, DraftMessage, Exchange, Part, Stream
from ctxdebug.model import Decoding, Finish, FinishReason, Kind, Pointer, Role, Usage
from ctxdebug.records import replace
from ctxdebug.wire import WIRE_FORMATS, wire_format
from ctxdebug.wire.bedrock.answer import metrics_of
from ctxdebug.wire.shape import (
    count_of,
    items,
    mapping,
    number_of,
    objects,
    request_of,
    response_of,
    stream_of,
    text_of,
    url_has,
    url_model,
    without,
)
from ctxdebug.wire.shapes.error_body import read_error

_FINISH = {
    "stop": FinishReason.STOP,
    "finish": FinishReason.STOP,
    "finished": FinishReason.STOP,
    "complete": FinishReason.STOP,
    "endoftext": FinishReason.STOP,
    "length": FinishReason.LENGTH,
    "max_tokens": FinishReason.LENGTH,
    "content_filtered": FinishReason.FILTER,
    "stop_sequence": FinishReason.STOP_SEQUENCE,
    "stop_criteria_met": FinishReason.STOP_SEQUENCE,
}
_OWN_KEYS = frozenset({"inputText", "textGenerationConfig", "max_gen_len", "schemaVersion"})
_ANSWER_KEYS = frozenset({"generation", "generations", "outputs", "results", "completions", "outputText"})
_LIMITS = ("max_gen_len", "max_tokens", "maxTokens", "maxTokenCount", "max_new_tokens")


def _sniff(exchange: Exchange) -> int:
    body, response = request_of(exchange), response_of(exchange)
    counted = mapping(mapping(body.get("input")).get("invokeModel"))
    if url_has(exchange, "/invoke", "/invoke-with-response-stream") or counted:
        return 60
    stream = stream_of(exchange)
    if stream is not None and any("amazon-bedrock-invocationMetrics" in mapping(event.data) for event in stream.events):
        return 60
    if str(body.get("anthropic_version", "")).startswith("bedrock"):
        return 60
    weight = 9 if _OWN_KEYS & body.keys() and "enableTrace" not in body else 0
    weight += 9 if "choices" not in response and _ANSWER_KEYS & response.keys() and _texts(response, ()) else 0
    return weight


@wire_format(
    "bedrock.invoke",
    "a vendor's body (Anthropic, Nova, Titan, Llama, Mistral, Cohere, AI21) at path /model/<id>/invoke; "
    "anthropic_version bedrock-…, inputText, max_gen_len",
    _sniff,
)
def read(exchange: Exchange) -> Draft:
    """Read an InvokeModel call."""
    exchange = _opened(exchange)
    vendor = _vendor(request_of(exchange), response_of(exchange), stream_of(exchange))
    draft = _read_prompt(exchange) if vendor is None else WIRE_FORMATS.all()[vendor].read(exchange)
    draft.model = draft.model or url_model(exchange)
    draft.set("stream", True if url_has(exchange, "/invoke-with-response-stream") else None, exchange.request_at)
    if draft.usage is None and isinstance(exchange.response, Stream):
        draft.usage = next((usage for event in exchange.response.events if (usage := metrics_of(event))), None)
    return draft


def _opened(exchange: Exchange) -> Exchange:
    """Return the exchange itself; for a count, the body that is counted."""
    counted = mapping(mapping(request_of(exchange).get("input")).get("invokeModel"))
    if not isinstance(counted.get("body"), str):
        return exchange
    import base64

    at = (*exchange.request_at, "input", "invokeModel", "body", Decoding.BASE64, Decoding.JSON)
    try:
        text = base64.b64decode(counted["body"]).decode()
    except ValueError:
        return exchange
    return replace(exchange, request=JsonReader().value(text), request_at=at)


def _vendor(body: Mapping[str, Any], response: Mapping[str, Any], stream: Stream | None) -> str | None:
    """Return the format that a vendor's body is written in, where it is one that is spoken elsewhere too."""
    if "anthropic_version" in body or response.get("type") == "message" or _has_event(stream, "message_start"):
        return "anthropic.messages"
    if "schemaVersion" in body or "inferenceConfig" in body or isinstance(response.get("output"), dict):
        return "bedrock.converse"
    if "max_tokens_to_sample" in body:
        return "anthropic.complete"
    if "messages" in body or "choices" in response:
        return "openai.chat"
    if "message" in body:
        return "cohere.chat"
    return None


def _has_event(stream: Stream | None, kind: str) -> bool:
    return stream is not None and any(mapping(event.data).get("type") == kind for event in stream.events)


def _read_prompt(exchange: Exchange) -> Draft:
    """Return the vendors whose body is one text: Titan, Llama, Mistral, Cohere's generate, Jurassic."""
    body, at = request_of(exchange), exchange.request_at
    draft = Draft(parameters=without(body, "prompt", "inputText"))
    for key in ("prompt", "inputText"):
        if isinstance(body.get(key), str):
            message = DraftMessage(Role.USER, key, (*at, key))
            message.text(body[key], (*at, key))
            draft.messages.append(message)
    draft.has_request = bool(draft.messages)
    own = body.get("textGenerationConfig")
    config, config_at = (own, (*at, "textGenerationConfig")) if isinstance(own, dict) else (body, at)
    limit = next((name for name in _LIMITS if number_of(config.get(name)) is not None), None)
    draft.set("max_output", int(config[limit]) if limit else None, (*config_at, limit or ""))
    for name, wanted in (("temperature", "temperature"), ("top_p", "top_p"), ("top_p", "topP"), ("top_p", "p")):
        draft.set(name, config.get(wanted), (*config_at, wanted))
    for wanted in ("stop_sequences", "stopSequences", "stop"):
        draft.set("stop", tuple(map(str, items(config.get(wanted)))) or None, (*config_at, wanted))
    response: Any = exchange.response
    draft.has_response = response is not None
    if isinstance(response, Stream):
        _read_stream(draft, response)
    elif isinstance(response, dict):
        _read_answers(draft, response, exchange.response_at)
    if response is not None:
        draft.error = read_error(response, exchange.response_at, exchange.status)
    return draft


_Answer: TypeAlias = tuple[str, Pointer, Mapping[str, Any]]


def _texts(response: Mapping[str, Any], at: Pointer) -> list[_Answer]:
    """Return the answer's texts, wherever the vendor puts them, each with the object that says why it ended."""
    found = [found for key in ("generation", "completion", "outputText") for found in _text_in(response, key, at)]
    for key in ("results", "generations", "outputs", "completions"):
        for index, item in objects(response.get(key)):
            where = (*at, key, index)
            found.extend(answer for name in ("outputText", "text") for answer in _text_in(item, name, where))
            inner = _text_in(mapping(item.get("data")), "text", (*where, "data"))
            found.extend((text, place, item) for text, place, _ in inner)
    return found or _text_in(response, "text", at)


def _text_in(holder: Mapping[str, Any], key: str, at: Pointer) -> list[_Answer]:
    return [(holder[key], (*at, key), holder)] if isinstance(holder.get(key), str) else []


def _finish_of(item: Mapping[str, Any], at: Pointer) -> Finish | None:
    for key in ("stop_reason", "finish_reason", "completionReason", "finishReason"):
        word = text_of(item.get(key)) or text_of(mapping(item.get(key)).get("reason"))
        if word:
            return Finish(_FINISH.get(word.lower(), FinishReason.OTHER), word, (*at, key))
    return None


def _usage_of(response: Mapping[str, Any], at: Pointer) -> Usage | None:
    for asked, answered in (
        ("prompt_token_count", "generation_token_count"),
        ("inputTextTokenCount", "totalOutputTextTokenCount"),
    ):
        prompt = count_of(response.get(asked))
        if prompt is None:
            continue
        output = count_of(response.get(answered))
        if output is None:
            output = next((count_of(item.get("tokenCount")) for _, item in objects(response.get("results"))), None)
        return Usage(prompt, output=output, raw=response, pointer=(*at, asked))
    return None


def _read_answers(draft: Draft, response: Mapping[str, Any], at: Pointer) -> None:
    for text, where, item in _texts(response, at):
        message = DraftMessage(Role.ASSISTANT, "assistant", where)
        message.text(text, where)
        draft.answer.append(message)
        draft.finish = draft.finish or _finish_of(item, where[:-1])
    draft.usage = _usage_of(response, at)


def _read_stream(draft: Draft, stream: Stream) -> None:
    text = Assembly()
    for event in stream.events:
        data = mapping(event.data)
        for piece, where, item in _texts(data, event.pointer):
            text.add(piece, where)
            draft.finish = _finish_of(item, where[:-1]) or draft.finish
        draft.finish = _finish_of(data, event.pointer) or draft.finish
        draft.usage = metrics_of(event) or _usage_of(data, event.pointer) or draft.usage
    if text:
        message = DraftMessage(Role.ASSISTANT, "assistant", text.pieces[0].pointer)
        message.parts.append(Part(Kind.TEXT, text.text, text.pieces))
        draft.answer.append(message)

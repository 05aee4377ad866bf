"""Gemini and Vertex, over HTTP and as their SDKs hold a call."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ctxdebug.exchange import Draft, Exchange
from ctxdebug.model import Pointer, Role, Unseen, UnseenKind
from ctxdebug.wire import wire_format
from ctxdebug.wire.google.answer import events_of, read_answer, read_stream
from ctxdebug.wire.google.parts import read_content, read_contents, read_tools
from ctxdebug.wire.pairing import pair_calls
from ctxdebug.wire.references import note_references
from ctxdebug.wire.shape import (
    camel_or_snake,
    count_of,
    items,
    mapping,
    number_of,
    objects,
    request_of,
    response_of,
    text_of,
    url_has,
    url_model,
    without,
)
from ctxdebug.wire.shapes.error_body import read_error

_PATHS = (":generateContent", ":streamGenerateContent", ":countTokens", "/generate_content", ":batchGenerateContent")
_ANSWER_KEYS = ("candidates", "usageMetadata", "promptFeedback")


def _sniff(exchange: Exchange) -> int:
    body = request_of(exchange)
    if "messages" in body:
        return 0
    weight = 6 if url_has(exchange, *_PATHS) else 0
    contents = body.get("contents")
    if isinstance(contents, list) and any("parts" in content for _, content in objects(contents)):
        weight += 8
    elif contents is not None and ("config" in body or "model" in body):
        weight += 5
    events = events_of(exchange)
    answers = [response_of(exchange)] if events is None else [mapping(event.data) for event in events.events]
    if any(camel_or_snake(answer, key)[1] is not None for answer in answers for key in _ANSWER_KEYS):
        weight += 8
    elif events is not None and answers:
        weight -= 8
    return max(0, weight)


@wire_format(
    "google.generate_content",
    "`contents` with `parts`, systemInstruction, functionDeclarations (camelCase or snake_case, or under an SDK's "
    "`config`); `candidates` and `usageMetadata`; path :generateContent",
    _sniff,
)
def read(exchange: Exchange) -> Draft:
    """Read a generateContent call."""
    body, at = request_of(exchange), exchange.request_at
    config, config_at = (body["config"], (*at, "config")) if isinstance(body.get("config"), dict) else (body, at)
    draft = Draft(
        model=text_of(body.get("model")) or url_model(exchange),
        parameters=without(body, "contents", "tools", "systemInstruction", "system_instruction"),
    )
    for held, held_at in ((body, at), (config, config_at)):
        key, system = camel_or_snake(held, "systemInstruction")
        if system and not draft.messages:
            draft.messages.append(read_content(system, (*held_at, key), Role.SYSTEM))
    if body.get("contents") is not None:
        read_contents(draft, body["contents"], (*at, "contents"))
    pair_calls(draft.messages)
    draft.has_request = bool(draft.messages)
    read_tools(draft, body.get("tools") or config.get("tools"), (*(at if body.get("tools") else config_at), "tools"))
    _read_unseen(draft, config, config_at)
    _read_settings(draft, exchange, config, config_at)
    _read_response(draft, exchange)
    return draft


def _read_unseen(draft: Draft, config: Mapping[str, Any], at: Pointer) -> None:
    key, cached = camel_or_snake(config, "cachedContent")
    if cached:
        draft.unseen.append(Unseen("the prompt that the server keeps in its cache", (*at, key), UnseenKind.CACHE))
    note_references(draft)


_PLAIN_SETTINGS = (
    ("max_output", "maxOutputTokens"),
    ("temperature", "temperature"),
    ("top_p", "topP"),
    ("seed", "seed"),
)


def _read_settings(draft: Draft, exchange: Exchange, config: Mapping[str, Any], config_at: Pointer) -> None:
    body, at = request_of(exchange), exchange.request_at
    key, held = camel_or_snake(body, "generationConfig")
    made, made_at = (held, (*at, key)) if isinstance(held, dict) else (config, config_at)
    for name, wanted in _PLAIN_SETTINGS:
        key, value = camel_or_snake(made, wanted)
        draft.set(name, value if number_of(value) is not None else None, (*made_at, key))
    key, stop = camel_or_snake(made, "stopSequences")
    draft.set("stop", tuple(map(str, items(stop))) or None, (*made_at, key))
    key, mime = camel_or_snake(made, "responseMimeType")
    for name in ("responseJsonSchema", "responseSchema"):
        schema_key, schema = camel_or_snake(made, name)
        if isinstance(schema, dict):
            draft.set("response_schema", schema, (*made_at, schema_key))
            break
    form = "json_schema" if "response_schema" in draft.settings else "json_object"
    draft.set("response_format", form if mime == "application/json" else text_of(mime), (*made_at, key))
    thinking_key, thinking = camel_or_snake(made, "thinkingConfig")
    for name, wanted in (("thinking_budget", "thinkingBudget"), ("reasoning_effort", "thinkingLevel")):
        key, value = camel_or_snake(mapping(thinking), wanted)
        draft.set(name, count_of(value) if name == "thinking_budget" else text_of(value), (*made_at, thinking_key, key))
    key, choice = camel_or_snake(body, "toolConfig")
    draft.set("tool_choice", choice, (*at, key))
    draft.set("stream", True if url_has(exchange, ":streamGenerateContent") else None, at)


def _read_response(draft: Draft, exchange: Exchange) -> None:
    if exchange.response is None:
        return
    draft.has_response = True
    stream = events_of(exchange)
    if stream is not None:
        read_stream(draft, stream)
    elif isinstance(exchange.response, dict):
        read_answer(draft, exchange.response, exchange.response_at)
    pair_calls(draft.answer)
    draft.error = draft.error or read_error(exchange.response, exchange.response_at, exchange.status)

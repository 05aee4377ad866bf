"""Bedrock Converse, streamed or not; Nova's own bodies have the same shape."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ctxdebug.exchange import Draft, DraftMessage, Exchange, Stream
from ctxdebug.model import Kind, Pointer, Role, Unseen, UnseenKind
from ctxdebug.wire import wire_format
from ctxdebug.wire.bedrock.answer import STREAM_EVENTS, finish_of, read_stream, usage_of
from ctxdebug.wire.bedrock.blocks import BLOCKS, read_block, read_message
from ctxdebug.wire.bedrock.citations import cited_blocks, read_citations
from ctxdebug.wire.references import note_references
from ctxdebug.wire.shape import (
    count_of,
    items,
    mapping,
    number_of,
    objects,
    request_of,
    response_of,
    sample,
    stream_of,
    text_of,
    tool_from,
    url_has,
    url_model,
    without,
)
from ctxdebug.wire.shapes.error_body import read_error


def _sniff(exchange: Exchange) -> int:
    body, response, stream = request_of(exchange), response_of(exchange), stream_of(exchange)
    counted = mapping(mapping(body.get("input")).get("converse"))
    body = counted or body
    messages = sample(body.get("messages"))
    blocks = [block for message in messages for block in sample(message.get("content"))]
    if any("type" in block and "toolUse" not in block for block in blocks) or "anthropic_version" in body:
        return 0
    weight = 8 if url_has(exchange, "/converse", "/converse-stream") or counted else 0
    weight += 6 if blocks and all(len(block) == 1 and BLOCKS & block.keys() for block in blocks) else 0
    weight += 4 if {"toolConfig", "inferenceConfig"} & body.keys() and messages else 0
    if "stopReason" in response and isinstance(response.get("output"), dict):
        weight += 8
    if stream is not None:
        names = {name for event in stream.events for name in (event.name, *mapping(event.data))}
        weight += 8 if STREAM_EVENTS & names else -8
    return max(0, weight)


@wire_format(
    "bedrock.converse",
    "`messages` whose content blocks have one key and no `type` (text, toolUse, toolResult, document), toolConfig, "
    "inferenceConfig; `output.message` with `stopReason`; path /converse",
    _sniff,
)
def read(exchange: Exchange) -> Draft:
    """Read a Converse call."""
    body, at = request_of(exchange), exchange.request_at
    if isinstance(mapping(body.get("input")).get("converse"), dict):
        body, at = body["input"]["converse"], (*at, "input", "converse")
    draft = Draft(
        model=text_of(body.get("modelId")) or url_model(exchange),
        parameters=without(body, "messages", "system", "toolConfig"),
        has_request=bool(body.get("messages")),
    )
    if items(body.get("system")):
        message = DraftMessage(Role.SYSTEM, "system", (*at, "system"))
        for index, block in objects(body["system"]):
            read_block(message, block, (*at, "system", index), Kind.TEXT, {})
        draft.messages.append(message)
    for index, raw in objects(body.get("messages")):
        draft.messages.append(read_message(raw, (*at, "messages", index)))
    _read_tools(draft, mapping(body.get("toolConfig")), (*at, "toolConfig"))
    _read_settings(draft, body, at)
    _read_unseen(draft, body, at)
    draft.set("stream", True if url_has(exchange, "/converse-stream") else None, at)
    _read_response(draft, exchange)
    return draft


def _read_tools(draft: Draft, config: Mapping[str, Any], at: Pointer) -> None:
    for index, tool in objects(config.get("tools")):
        where = (*at, "tools", index)
        if isinstance(spec := tool.get("toolSpec"), dict):
            held = mapping(spec.get("inputSchema"))
            draft.tools.append(
                tool_from(tool, where, name=spec.get("name"), description=spec.get("description"),
                          schema=held.get("json"), strict=spec.get("strict"))
            )  # fmt: skip
        elif isinstance(system := tool.get("systemTool"), dict):
            name = system.get("name")
            draft.tools.append(tool_from(tool, where, name=name, description=None, schema=None, type="systemTool"))
            draft.unseen.append(
                Unseen(f"what the server-side tool {name} adds to the prompt", where, UnseenKind.SERVER_TOOL)
            )
    draft.set("tool_choice", config.get("toolChoice"), (*at, "toolChoice"))


_PLAIN_SETTINGS = (
    ("max_output", ("maxTokens", "max_new_tokens", "maxNewTokens")),
    ("temperature", ("temperature",)),
    ("top_p", ("topP", "top_p")),
)


def _read_settings(draft: Draft, body: Mapping[str, Any], at: Pointer) -> None:
    config, config_at = mapping(body.get("inferenceConfig")), (*at, "inferenceConfig")
    for name, keys in _PLAIN_SETTINGS:
        for key in keys:
            draft.set(name, config.get(key) if number_of(config.get(key)) is not None else None, (*config_at, key))
    draft.set("stop", tuple(map(str, items(config.get("stopSequences")))) or None, (*config_at, "stopSequences"))
    more, more_at = mapping(body.get("additionalModelRequestFields")), (*at, "additionalModelRequestFields")
    thinking = mapping(more.get("thinking")) or mapping(more.get("reasoning_config"))
    draft.set("thinking_budget", count_of(thinking.get("budget_tokens")), more_at)
    form = mapping(mapping(body.get("outputConfig")).get("textFormat"))
    draft.set("response_format", text_of(form.get("type")), (*at, "outputConfig", "textFormat"))
    choice = draft.settings.get("tool_choice")
    if isinstance(choice, dict) and isinstance(more.get("parallel_tool_calls"), bool):
        draft.set("parallel_tool_calls", more["parallel_tool_calls"], more_at)


def _read_unseen(draft: Draft, body: Mapping[str, Any], at: Pointer) -> None:
    if isinstance(body.get("promptVariables"), dict):
        draft.unseen.append(
            Unseen("the prompt template stored on the server", (*at, "promptVariables"), UnseenKind.TEMPLATE)
        )
    note_references(draft)


def _read_response(draft: Draft, exchange: Exchange) -> None:
    response: Any = exchange.response
    if response is None:
        return
    draft.has_response = True
    at = exchange.response_at
    if isinstance(response, Stream):
        read_stream(draft, response)
    elif isinstance(response, dict):
        output = mapping(mapping(response.get("output")).get("message"))
        if output:
            where = (*at, "output", "message")
            message = read_message({"role": "assistant", **output}, where)
            draft.answer.append(message)
            read_citations(draft, message, cited_blocks(message, output.get("content"), (*where, "content")))
        draft.usage = usage_of(response.get("usage"), (*at, "usage"))
        if draft.usage is None:
            draft.usage = usage_of(response, at)
        draft.finish = finish_of(response.get("stopReason"), (*at, "stopReason"))
    if not isinstance(response, Stream):
        draft.error = read_error(response, at, exchange.status)

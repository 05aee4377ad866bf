"""Spans of the Vercel AI SDK; only the inner ones (`…doGenerate`, `…doStream`) are calls of a model."""

from __future__ import annotations

from ctxdebug.decoding.strict_json import JsonReader
from ctxdebug.exchange import Draft, DraftMessage, Exchange
from ctxdebug.model import Decoding, Kind, Role, Usage
from ctxdebug.wire import wire_format
from ctxdebug.wire.logged_answer import logged_finish
from ctxdebug.wire.loose_messages import read_message
from ctxdebug.wire.shape import call_from, items, mapping, number_of, objects, text_of, tool_from
from ctxdebug.wire.shapes.span_attributes import Attributes

_SETTINGS = (
    ("max_output", ("ai.settings.maxOutputTokens", "ai.settings.maxTokens", "gen_ai.request.max_tokens")),
    ("temperature", ("ai.settings.temperature", "gen_ai.request.temperature")),
    ("top_p", ("ai.settings.topP", "gen_ai.request.top_p")),
    ("seed", ("ai.settings.seed",)),
)


def _sniff(exchange: Exchange) -> int:
    attributes = Attributes(exchange)
    if (attributes.text("ai.operationId") or "").startswith("ai.embed"):
        return 0
    return (
        30
        if attributes.has("ai.prompt", "ai.response.")
        or (attributes.has("ai.operationId") and attributes.has("ai.usage"))
        else 0
    )


@wire_format(
    "vercel.ai",
    "span attributes ai.operationId, ai.prompt.messages, ai.response.text, ai.usage.promptTokens or ai.usage.inputTokens",
    _sniff,
    frozenset({"attributes"}),
)
def read(exchange: Exchange) -> Draft:
    """Read a span."""
    attributes = Attributes(exchange)
    draft = Draft(rebuilt=True, model=attributes.text("gen_ai.request.model", "ai.model.id"))
    draft.provider = (attributes.text("ai.model.provider") or "").partition(".")[0] or None
    draft.answered_by = attributes.text("ai.response.model", "gen_ai.response.model")
    draft.id = attributes.text("ai.response.id")
    _read_prompt(draft, attributes)
    _read_tools(draft, attributes)
    for name, keys in _SETTINGS:
        key, value = attributes.first(*keys)
        draft.set(name, value if number_of(value) is not None else None, attributes.at(key))
    _read_response(draft, attributes)
    draft.usage = _usage_of(attributes)
    name, reason = attributes.first("ai.response.finishReason", "ai.finishReason")
    draft.finish = logged_finish(reason, attributes.at(name))
    draft.has_request, draft.has_response = bool(draft.messages), bool(draft.answer)
    draft.notes.extend(attributes.notes())
    return draft


def _usage_of(attributes: Attributes) -> Usage | None:
    prompt = attributes.number("ai.usage.promptTokens", "ai.usage.inputTokens", "gen_ai.usage.input_tokens")
    output = attributes.number("ai.usage.completionTokens", "ai.usage.outputTokens", "gen_ai.usage.output_tokens")
    if prompt is None and output is None:
        return None
    raw = {name: value for name, value in attributes.held.items() if name.startswith("ai.usage.")}
    read = attributes.number("ai.usage.cachedInputTokens")
    return Usage(
        prompt, read, None, output, attributes.number("ai.usage.reasoningTokens"), raw, attributes.at("ai.usage")
    )


def _read_prompt(draft: Draft, attributes: Attributes) -> None:
    value, at = attributes.parsed("ai.prompt.messages")
    if value is None:
        value, at = attributes.parsed("ai.prompt")
        body = mapping(value)
        for key, role in (("system", Role.SYSTEM), ("prompt", Role.USER)):
            if isinstance(body.get(key), str):
                message = DraftMessage(role, key, (*at, key))
                message.text(body[key], (*at, key))
                draft.messages.append(message)
        value, at = (
            (body["messages"], (*at, "messages")) if "messages" in body else (body.get("prompt"), (*at, "prompt"))
        )
    if attributes.cut("ai.prompt.messages"):
        draft.notes.append("ai.prompt.messages was cut by a length limit and is kept as text")
        message = DraftMessage(Role.OTHER, "", at)
        message.text(str(value), at)
        draft.messages.append(message)
    for index, raw in objects(value):
        draft.messages.append(read_message(raw, (*at, index)))


def _read_response(draft: Draft, attributes: Attributes) -> None:
    message = DraftMessage(Role.ASSISTANT, "assistant", attributes.at("ai.response.text"))
    for name, kind in (
        ("ai.response.reasoning", Kind.THINKING),
        ("ai.response.text", Kind.TEXT),
        ("ai.response.object", Kind.TEXT),
    ):
        if text := attributes.text(name):
            message.text(text, attributes.at(name), kind)
    value, at = attributes.parsed("ai.response.toolCalls")
    for index, raw in objects(value):
        call_id = text_of(raw.get("toolCallId"))
        key = "args" if "args" in raw else "input"
        call = call_from(raw.get("toolName"), raw.get(key), call_id)
        if isinstance(raw.get(key), str):
            message.text(call.arguments, (*at, index, key), Kind.TOOL_CALL, call=call)
        else:
            message.rendered(call.arguments, (*at, index, key), Kind.TOOL_CALL, call=call)
    if message.parts:
        draft.answer.append(message)


def _read_tools(draft: Draft, attributes: Attributes) -> None:
    """Each declared tool is JSON in a string of its own."""
    value, at = attributes.parsed("ai.prompt.tools")
    reader = JsonReader()
    for index, held in enumerate(items(value)):
        tool, where = (
            (reader.value(held), (*at, index, Decoding.JSON)) if isinstance(held, str) else (held, (*at, index))
        )
        if isinstance(tool, dict):
            schema = tool.get("parameters") or tool.get("inputSchema")
            draft.tools.append(
                tool_from(tool, where, name=tool.get("name"), description=tool.get("description"), schema=schema)
            )

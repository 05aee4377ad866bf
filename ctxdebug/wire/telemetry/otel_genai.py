"""OpenTelemetry's GenAI attributes, old and new."""

from __future__ import annotations

from typing import Any

from ctxdebug.exchange import Draft, DraftMessage, Exchange
from ctxdebug.model import Kind, Pointer, Role, Unseen, UnseenKind, Usage
from ctxdebug.wire import wire_format
from ctxdebug.wire.logged_answer import logged_finish
from ctxdebug.wire.loose_messages import read_content, read_message, read_part, role_of
from ctxdebug.wire.pairing import pair_calls
from ctxdebug.wire.shape import items, mapping, objects, request_of, text_of, tool_from
from ctxdebug.wire.shapes.span_attributes import Attributes

_SETTINGS = (
    ("max_output", "gen_ai.request.max_tokens"),
    ("temperature", "gen_ai.request.temperature"),
    ("top_p", "gen_ai.request.top_p"),
    ("seed", "gen_ai.request.seed"),
)
_CONTENT = (
    "gen_ai.input.messages",
    "gen_ai.prompt",
    "gen_ai.output.messages",
    "gen_ai.completion",
    "gen_ai.request.messages",
    "gen_ai.response.text",
    "gen_ai.system_instructions",
)


def _sniff(exchange: Exchange) -> int:
    attributes = Attributes(exchange)
    events = [event for _, event in objects(request_of(exchange).get("events"))]
    if attributes.has("gen_ai.") or any(str(event.get("name", "")).startswith("gen_ai.") for event in events):
        return 20 + (2 if attributes.has(*_CONTENT) or events else 0)
    return 0


@wire_format(
    "otel.genai",
    "span attributes gen_ai.input.messages, gen_ai.output.messages, gen_ai.system_instructions, gen_ai.tool.definitions; "
    "gen_ai.prompt.N.role; span events gen_ai.user.message and the like",
    _sniff,
    frozenset({"attributes", "events"}),
)
def read(exchange: Exchange) -> Draft:
    """Read a span."""
    attributes = Attributes(exchange)
    draft = Draft(
        rebuilt=True,
        model=attributes.text("gen_ai.request.model"),
        answered_by=attributes.text("gen_ai.response.model"),
    )
    draft.provider = attributes.text("gen_ai.provider.name", "gen_ai.system")
    draft.id = attributes.text("gen_ai.response.id")
    draft.session = attributes.text("gen_ai.conversation.id")
    _read_system(draft, attributes)
    _read_listed(draft, attributes, "gen_ai.input.messages", draft.messages)
    _read_listed(draft, attributes, "gen_ai.output.messages", draft.answer)
    if not draft.messages:  # as Sentry's SDKs named them first
        _read_listed(draft, attributes, "gen_ai.request.messages", draft.messages)
    if not draft.answer:
        _read_listed(draft, attributes, "gen_ai.response.text", draft.answer)
        _read_calls(draft, attributes)
    if not draft.messages:
        _read_spread(draft.messages, attributes, "gen_ai.prompt")
    if not draft.answer:
        _read_spread(draft.answer, attributes, "gen_ai.completion")
    _read_events(draft, exchange)
    pair_calls((*draft.messages, *draft.answer))
    _read_tools(draft, attributes)
    for name, key in _SETTINGS:
        value = attributes.held.get(key)
        draft.set(
            name, value if isinstance(value, (int, float)) and not isinstance(value, bool) else None, attributes.at(key)
        )
    draft.usage = usage_of(attributes)
    _read_finish(draft, attributes)
    draft.has_request, draft.has_response = bool(draft.messages), bool(draft.answer)
    if not draft.messages:
        draft.unseen.append(
            Unseen("the prompt: content capture was off for this span", exchange.request_at, UnseenKind.NOT_LOGGED)
        )
    draft.notes.extend(attributes.notes())
    return draft


def usage_of(attributes: Attributes) -> Usage | None:
    """Token counts of a span; the input is the whole prompt unless the cached part is larger."""
    prompt = attributes.number("gen_ai.usage.input_tokens", "gen_ai.usage.prompt_tokens")
    output = attributes.number("gen_ai.usage.output_tokens", "gen_ai.usage.completion_tokens")
    if prompt is None and output is None:
        return None
    read = attributes.number("gen_ai.usage.cache_read.input_tokens", "gen_ai.usage.cache_read_input_tokens")
    written = attributes.number("gen_ai.usage.cache_creation.input_tokens", "gen_ai.usage.cache_creation_input_tokens")
    if prompt is not None and (read or 0) + (written or 0) > prompt:
        prompt += (read or 0) + (written or 0)
    raw = {name: value for name, value in attributes.held.items() if name.startswith("gen_ai.usage.")}
    return Usage(prompt, read, written, output, None, raw, attributes.at("gen_ai.usage.input_tokens"))


def _read_system(draft: Draft, attributes: Attributes) -> None:
    value, at = attributes.parsed("gen_ai.system_instructions")
    if value is None:
        return
    if isinstance(value, list) and any("role" in mapping(item) for item in value):  # messages instead of parts
        for index, raw in objects(value):
            draft.messages.append(read_message(raw, (*at, index)))
        return
    message = DraftMessage(Role.SYSTEM, "system", at)
    read_content(message, value, at, Kind.TEXT, {})
    draft.messages.append(message)


def _read_listed(draft: Draft, attributes: Attributes, name: str, into: list[DraftMessage]) -> None:
    value, at = attributes.parsed(name)
    if isinstance(value, str):
        if attributes.cut(name):
            draft.notes.append(f"{name} was cut by a length limit and is kept as text")
        message = DraftMessage(Role.OTHER if into is draft.messages else Role.ASSISTANT, "", at)
        message.text(value, at)
        into.append(message)
    for index, raw in objects(value if isinstance(value, list) else None):
        into.append(read_message(raw, (*at, index)))
        if into is draft.answer:
            where = (*at, index, "finish_reason")
            draft.finish = draft.finish or logged_finish(raw.get("finish_reason"), where)
    if isinstance(value, dict):
        into.append(read_message(value, at))


def _read_calls(draft: Draft, attributes: Attributes) -> None:
    """Calls that a span keeps beside the text of its answer."""
    value, at = attributes.parsed("gen_ai.response.tool_calls")
    for index, raw in objects(value if isinstance(value, list) else None):
        if not draft.answer:
            draft.answer.append(DraftMessage(Role.ASSISTANT, "assistant", at))
        read_part(draft.answer[-1], {"type": "tool_call", **raw}, (*at, index), Kind.TEXT, {})


def _read_spread(into: list[DraftMessage], attributes: Attributes, beginning: str) -> None:
    for index in attributes.indexes(beginning):
        name = f"{beginning}.{index}"
        captured = attributes.text(f"{name}.role") or ("assistant" if beginning.endswith("completion") else "user")
        message = DraftMessage(role_of(captured), captured, attributes.at(f"{name}.content"))
        content, at = attributes.parsed(f"{name}.content")
        calls = items(content) and all("function" in mapping(call) for call in content)
        if calls:
            message.role = Role.ASSISTANT
            whole = read_message({"role": "assistant", "tool_calls": content}, at)
            for part, index_of_call in zip(whole.parts, range(len(whole.parts)), strict=True):
                part.pieces = tuple(_without_key(piece, at, index_of_call) for piece in part.pieces)
            message.parts.extend(whole.parts)
        elif isinstance(content, list):
            read_content(message, content, at, Kind.TEXT, {})
        elif isinstance(attributes.held.get(f"{name}.content"), str):
            kind = Kind.TOOL_RESULT if message.role is Role.TOOL else Kind.TEXT
            about = {"call_id": attributes.text(f"{name}.tool_call_id")} if kind is Kind.TOOL_RESULT else {}
            message.text(attributes.held[f"{name}.content"], attributes.at(f"{name}.content"), kind, **about)
        _read_spread_calls(message, attributes, name)
        into.append(message)


def _without_key(piece: Any, at: Pointer, index: int) -> Any:
    """Return the calls were read as if they stood under `tool_calls`; the list itself is the content."""
    from ctxdebug.records import replace

    return replace(piece, pointer=(*at, index, *piece.pointer[len(at) + 2 :]))


def _read_spread_calls(message: DraftMessage, attributes: Attributes, name: str) -> None:
    from ctxdebug.wire.shape import call_from

    for index in attributes.indexes(f"{name}.tool_calls"):
        inner = f"{name}.tool_calls.{index}"
        key, arguments = attributes.first(f"{inner}.arguments", f"{inner}.function.arguments")
        called = attributes.text(f"{inner}.name", f"{inner}.function.name")
        call = call_from(called, arguments, attributes.text(f"{inner}.id"))
        message.text(call.arguments, attributes.at(key), Kind.TOOL_CALL, call=call)


def _read_events(draft: Draft, exchange: Exchange) -> None:
    """Older instrumentation keeps each message as a span event."""
    at = (*exchange.request_at, "events")
    for index, event in objects(request_of(exchange).get("events")):
        name = str(event.get("name") or "")
        if not name.startswith("gen_ai."):
            continue
        where = (*at, index, "attributes")
        inner = Attributes(Exchange((), event, (*at, index)))
        for key, into in (("gen_ai.input.messages", draft.messages), ("gen_ai.output.messages", draft.answer),
                          ("gen_ai.prompt", draft.messages), ("gen_ai.completion", draft.answer)):  # fmt: skip
            if inner.held.get(key) is not None and not into:
                _read_listed(draft, inner, key, into)
        captured = name.removeprefix("gen_ai.").removesuffix(".message")
        if name.endswith(".message") or captured == "choice":
            body = {**inner.held, **mapping(inner.parsed("gen_ai.event.content")[0])}
            content_at = inner.parsed("gen_ai.event.content")[1] if "gen_ai.event.content" in inner.held else where
            if captured == "choice":
                held, held_at = (
                    inner.parsed("message") if "message" in inner.held else (body.get("message") or body, content_at)
                )
                if isinstance(held, dict):
                    draft.answer.append(read_message(held, held_at, "assistant"))
                draft.finish = draft.finish or logged_finish(body.get("finish_reason"), where)
            else:
                draft.messages.append(read_message(body, content_at, text_of(body.get("role")) or captured))


def _read_tools(draft: Draft, attributes: Attributes) -> None:
    value, at = attributes.parsed("gen_ai.tool.definitions")
    for index, tool in objects(value):
        held = mapping(tool.get("function")) or tool
        schema = held.get("parameters") or held.get("inputSchema") or held.get("input_schema")
        draft.tools.append(
            tool_from(tool, (*at, index), name=held.get("name"), description=held.get("description"), schema=schema)
        )


def _read_finish(draft: Draft, attributes: Attributes) -> None:
    value, at = attributes.parsed("gen_ai.response.finish_reasons")
    first = next(iter(items(value)), value)
    draft.finish = draft.finish or logged_finish(first, at)

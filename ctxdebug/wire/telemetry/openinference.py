"""OpenInference spans: messages spread over flat keys."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ctxdebug.exchange import Draft, DraftMessage, Exchange
from ctxdebug.model import Document, Kind, Role, Usage
from ctxdebug.wire import wire_format
from ctxdebug.wire.loose_messages import read_message, role_of
from ctxdebug.wire.pairing import pair_calls
from ctxdebug.wire.shape import call_from, mapping, media_from, number_of, objects, tool_from
from ctxdebug.wire.shapes.span_attributes import Attributes

_SETTINGS = (("max_output", ("max_tokens", "max_completion_tokens", "max_output_tokens")), ("temperature", ("temperature",)),
    ("top_p", ("top_p",)), ("seed", ("seed",)))  # fmt: skip


_NAMED = 20
"""Missing messages that are named by number."""


def _sniff(exchange: Exchange) -> int:
    attributes = Attributes(exchange)
    if attributes.has("llm.input_messages.", "llm.output_messages.", "retrieval.documents."):
        return 34
    return 18 if attributes.has("openinference.span.kind", "llm.prompts") else 0


@wire_format(
    "openinference",
    "span attributes llm.input_messages.N.message.role, llm.tools.N.tool.json_schema, llm.token_count.prompt, "
    "retrieval.documents.N, openinference.span.kind",
    _sniff,
    frozenset({"attributes"}),
)
def read(exchange: Exchange) -> Draft:
    """Read a span; lists may have holes."""
    attributes = Attributes(exchange)
    draft = Draft(
        rebuilt=True, model=attributes.text("llm.model_name"), provider=attributes.text("llm.provider", "llm.system")
    )
    draft.session = attributes.text("session.id")
    _read_input(draft, attributes)
    for index in attributes.indexes("llm.output_messages"):
        draft.answer.append(_read_message(attributes, f"llm.output_messages.{index}.message"))
    _read_documents(draft, attributes)
    _read_plain(draft, attributes)
    pair_calls((*draft.messages, *draft.answer))
    for index in attributes.indexes("llm.tools"):
        _read_tool(draft, attributes, f"llm.tools.{index}.tool.json_schema")
    parameters, at = attributes.parsed("llm.invocation_parameters")
    for name, keys in _SETTINGS:
        for key in keys:
            value = mapping(parameters).get(key)
            draft.set(name, value if number_of(value) is not None else None, (*at, key))
    draft.usage = _usage_of(attributes)
    draft.has_request, draft.has_response = bool(draft.messages), bool(draft.answer)
    draft.notes.extend(attributes.notes())
    return draft


def _read_input(draft: Draft, attributes: Attributes) -> None:
    """The messages; where the list has holes, those of the whole request in `input.value`, if it is kept there."""
    indexes = list(attributes.indexes("llm.input_messages"))
    holes = indexes != list(range(len(indexes)))
    if holes or not indexes:
        value, at = attributes.parsed("input.value")
        listed = objects(mapping(value).get("messages"))
        if len(listed) > len(indexes) and all("role" in raw for _, raw in listed):
            draft.messages.extend(read_message(raw, (*at, "messages", index)) for index, raw in listed)
            return
    if holes:
        draft.notes.append(f"the span leaves out message {_missing(indexes)} of its own list")
    else:
        draft.notes.extend(_told_otherwise(attributes, indexes))
    for index in indexes:
        draft.messages.append(_read_message(attributes, f"llm.input_messages.{index}.message"))


def _told_otherwise(attributes: Attributes, indexes: list[int]) -> Iterator[str]:
    """Yield a note where the whole request in `input.value` has other words for a message than the span's own list."""
    value, _ = attributes.parsed("input.value")
    whole = objects(mapping(value).get("messages"))
    if len(whole) != len(indexes):
        return
    for index, (_, raw) in zip(indexes, whole, strict=True):
        listed, sent = attributes.text(f"llm.input_messages.{index}.message.content"), raw.get("content")
        if listed is not None and isinstance(sent, str) and listed.strip() != sent.strip():
            yield f"input.value has other words for message {index} than the span's list, which was read"


def _missing(indexes: list[int]) -> str:
    """Return the numbers that are not in a sorted list, the first ones where there are many; a number may be of any size."""
    known, most = set(indexes), min(indexes[-1], len(indexes) + _NAMED)
    first = [str(number) for number in range(most) if number not in known][:_NAMED]
    more = indexes[-1] + 1 - len(indexes) - len(first)
    return ", ".join(first) + (f" and {more:,} more" if more > 0 else "")


def _usage_of(attributes: Attributes) -> Usage | None:
    prompt, output = attributes.number("llm.token_count.prompt"), attributes.number("llm.token_count.completion")
    if prompt is None and output is None:
        return None
    raw = {name: value for name, value in attributes.held.items() if name.startswith("llm.token_count.")}
    read = attributes.number("llm.token_count.prompt_details.cache_read")
    written = attributes.number("llm.token_count.prompt_details.cache_write")
    reasoning = attributes.number("llm.token_count.completion_details.reasoning")
    return Usage(prompt, read, written, output, reasoning, raw, attributes.at("llm.token_count.prompt"))


def _read_message(attributes: Attributes, name: str) -> DraftMessage:
    captured = attributes.text(f"{name}.role") or ""
    message = DraftMessage(
        role_of(captured), captured, attributes.at(f"{name}.content"), name=attributes.text(f"{name}.name")
    )
    kind, about = Kind.TEXT, dict[str, Any]()
    if message.role is Role.TOOL:
        kind, about = Kind.TOOL_RESULT, {"call_id": attributes.text(f"{name}.tool_call_id"), "tool": message.name}
    if (content := attributes.text(f"{name}.content")) is not None:
        message.text(content, attributes.at(f"{name}.content"), kind, **about)
    for index in attributes.indexes(f"{name}.contents"):
        inner = f"{name}.contents.{index}.message_content"
        if (text := attributes.text(f"{inner}.text")) is not None:
            message.text(text, attributes.at(f"{inner}.text"), kind, **about)
        elif (link := attributes.text(f"{inner}.image.image.url", f"{inner}.image.url")) is not None:
            message.rendered("", attributes.at(inner), Kind.MEDIA, media=media_from("image", None, link), **about)
    for index in attributes.indexes(f"{name}.tool_calls"):
        inner = f"{name}.tool_calls.{index}.tool_call"
        arguments = attributes.held.get(f"{inner}.function.arguments")
        call = call_from(attributes.text(f"{inner}.function.name"), arguments, attributes.text(f"{inner}.id"))
        if isinstance(arguments, str):
            message.text(call.arguments, attributes.at(f"{inner}.function.arguments"), Kind.TOOL_CALL, call=call)
        else:
            message.rendered(call.arguments, attributes.at(f"{inner}.function.name"), Kind.TOOL_CALL, call=call)
    return message


def _read_documents(draft: Draft, attributes: Attributes) -> None:
    """What a retriever span found: one message of documents."""
    message = DraftMessage(Role.TOOL, "retriever", attributes.at("retrieval.documents"))
    for index in attributes.indexes("retrieval.documents"):
        inner = f"retrieval.documents.{index}.document"
        metadata = mapping(attributes.parsed(f"{inner}.metadata")[0])
        title = metadata.get("title") or metadata.get("source")
        document = Document(attributes.text(f"{inner}.id"), title if isinstance(title, str) else None)
        if (content := attributes.text(f"{inner}.content")) is not None:
            message.text(content, attributes.at(f"{inner}.content"), Kind.DOCUMENT, document=document)
    if message.parts:
        query = attributes.text("input.value")
        if query is not None:
            asked = DraftMessage(Role.USER, "query", attributes.at("input.value"))
            asked.text(query, attributes.at("input.value"))
            draft.messages.append(asked)
        draft.messages.append(message)


def _read_plain(draft: Draft, attributes: Attributes) -> None:
    """A span that keeps only `input.value` and `output.value`."""
    for name, into, role in (
        ("input.value", draft.messages, Role.USER),
        ("output.value", draft.answer, Role.ASSISTANT),
    ):
        text = attributes.text(name)
        if not into and text is not None:
            message = DraftMessage(role, role.value, attributes.at(name))
            message.text(text, attributes.at(name))
            into.append(message)


def _read_tool(draft: Draft, attributes: Attributes, name: str) -> None:
    value, at = attributes.parsed(name)
    held = mapping(mapping(value).get("function")) or mapping(value)
    if held:
        schema = held.get("parameters") or held.get("input_schema")
        draft.tools.append(
            tool_from(value, at, name=held.get("name"), description=held.get("description"), schema=schema)
        )

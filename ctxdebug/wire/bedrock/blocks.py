"""Content blocks as Bedrock's Converse writes them: a block has one key, and the key is its type."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ctxdebug.decoding.strict_json import compact
from ctxdebug.exchange import DraftMessage
from ctxdebug.model import Decoding, Document, Kind, Pointer, Role
from ctxdebug.wire.shape import call_from, inline_text, items, mapping, media_from, objects, text_of

_ROLES = {"user": Role.USER, "assistant": Role.ASSISTANT, "system": Role.SYSTEM}
BLOCKS = frozenset({"text", "image", "document", "video", "audio", "toolUse", "toolResult", "reasoningContent",
    "citationsContent", "cachePoint", "guardContent", "json", "searchResult"})  # fmt: skip


def read_message(raw: Mapping[str, Any], at: Pointer) -> DraftMessage:
    """One message and its blocks."""
    captured = str(raw.get("role", ""))
    message = DraftMessage(_ROLES.get(captured.lower(), Role.OTHER), captured, at)
    content = raw.get("content")
    if isinstance(content, str):
        message.text(content, (*at, "content"))
    for index, block in objects(content):
        read_block(message, block, (*at, "content", index), Kind.TEXT, {})
    return message


def read_block(
    message: DraftMessage, block: Mapping[str, Any], at: Pointer, kind: Kind, about: Mapping[str, Any]
) -> None:
    """One block; what is not known is kept as opaque, with its size."""
    if isinstance(block.get("text"), str):
        message.text(block["text"], (*at, "text"), kind, **about)
    elif "cachePoint" in block:
        if message.parts:
            message.parts[-1].cache_mark = True
    elif isinstance(call := block.get("toolUse"), dict):
        server_side = call.get("type") == "server_tool_use"
        made = call_from(call.get("name"), call.get("input"), call.get("toolUseId"), server_side=server_side)
        where = (*at, "toolUse", "input") if "input" in call else (*at, "toolUse")
        message.rendered(made.arguments, where, Kind.TOOL_CALL, call=made)
    elif isinstance(result := block.get("toolResult"), dict):
        _read_result(message, result, (*at, "toolResult"))
    elif isinstance(document := block.get("document"), dict):
        _read_document(message, document, (*at, "document"), about)
    elif (
        name := next((key for key in ("image", "video", "audio") if isinstance(block.get(key), dict)), None)
    ) is not None:
        source = mapping(block[name].get("source"))
        media = media_from(name, source.get("bytes"), mapping(source.get("s3Location")).get("uri"))
        message.rendered("", (*at, name), Kind.MEDIA, media=media, **about)
    elif "json" in block:
        message.rendered(compact(block["json"]), (*at, "json"), kind, **about)
    else:
        _read_rarer(message, block, at, kind, about)


def _read_rarer(
    message: DraftMessage, block: Mapping[str, Any], at: Pointer, kind: Kind, about: Mapping[str, Any]
) -> None:
    reasoning = mapping(block.get("reasoningContent"))
    thought = mapping(reasoning.get("reasoningText"))
    guarded = mapping(mapping(block.get("guardContent")).get("text"))
    found = mapping(block.get("searchResult"))
    if isinstance(thought.get("text"), str):
        message.text(thought["text"], (*at, "reasoningContent", "reasoningText", "text"), Kind.THINKING)
    elif isinstance(guarded.get("text"), str):
        message.text(guarded["text"], (*at, "guardContent", "text", "text"), kind, **about)
    elif isinstance(cited := block.get("citationsContent"), dict):
        for index, part in objects(cited.get("content")):
            read_block(message, part, (*at, "citationsContent", "content", index), kind, about)
    elif found:
        document = Document(title=text_of(found.get("title")), url=text_of(found.get("source")))
        for index, part in objects(found.get("content")):
            if isinstance(part.get("text"), str):
                where = (*at, "searchResult", "content", index, "text")
                message.text(part["text"], where, Kind.DOCUMENT, document=document, **about)
    else:
        message.rendered(compact(block), at, Kind.OPAQUE, **about)


def _read_result(message: DraftMessage, result: Mapping[str, Any], at: Pointer) -> None:
    about: dict[str, Any] = {"call_id": text_of(result.get("toolUseId")), "is_error": result.get("status") == "error"}
    content = items(result.get("content"))
    if not content:
        message.rendered("", at, Kind.TOOL_RESULT, **about)
    for index, block in objects(content):
        read_block(message, block, (*at, "content", index), Kind.TOOL_RESULT, about)


def _read_document(message: DraftMessage, block: Mapping[str, Any], at: Pointer, about: Mapping[str, Any]) -> None:
    source = mapping(block.get("source"))
    document = Document(title=text_of(block.get("name")))
    if isinstance(block.get("context"), str):
        message.text(block["context"], (*at, "context"))
    inside = inline_text(source.get("bytes"), block.get("format"))
    if isinstance(source.get("text"), str):
        message.text(source["text"], (*at, "source", "text"), Kind.DOCUMENT, document=document, **about)
    elif inside is not None:
        where = (*at, "source", "bytes", Decoding.BASE64)
        message.text(inside, where, Kind.DOCUMENT, document=document, **about)
    elif isinstance(source.get("content"), list):
        for index, part in objects(source["content"]):
            if isinstance(part.get("text"), str):
                where = (*at, "source", "content", index, "text")
                message.text(part["text"], where, Kind.DOCUMENT, document=document, **about)
    else:
        media = media_from("file", source.get("bytes"), mapping(source.get("s3Location")).get("uri"))
        message.rendered("", at, Kind.MEDIA, document=document, media=media, **about)

"""Content blocks, system texts and tools as the Messages API writes them; Claude Code's sessions hold the same."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ctxdebug.decoding.strict_json import compact
from ctxdebug.exchange import Draft, DraftMessage
from ctxdebug.model import Document, Kind, Pointer, Role, Unseen, UnseenKind
from ctxdebug.wire.shape import call_from, items, mapping, media_from, objects, text_of, tool_from

_ROLES = {"user": Role.USER, "assistant": Role.ASSISTANT, "system": Role.SYSTEM, "developer": Role.DEVELOPER}


def read_system(draft: Draft, system: Any, at: Pointer) -> None:
    """A top-level system text, or its blocks, as the first message."""
    if isinstance(system, str) and system:
        message = DraftMessage(Role.SYSTEM, "system", at)
        message.text(system, at)
        draft.messages.append(message)
    elif items(system):
        message = DraftMessage(Role.SYSTEM, "system", at)
        for index, block in objects(system):
            read_block(message, block, (*at, index))
        draft.messages.append(message)


def read_message(raw: Mapping[str, Any], at: Pointer) -> DraftMessage:
    """One message and its blocks."""
    captured = str(raw.get("role", ""))
    message = DraftMessage(_ROLES.get(captured.lower(), Role.OTHER), captured, at)
    content = raw.get("content")
    if isinstance(content, str):
        message.text(content, (*at, "content"))
    for index, block in enumerate(items(content)):
        if isinstance(block, str):
            message.text(block, (*at, "content", index))
        elif isinstance(block, dict):
            read_block(message, block, (*at, "content", index))
    return message


def read_block(message: DraftMessage, block: Mapping[str, Any], at: Pointer) -> None:
    """One content block; what is not known is kept as opaque, with its size."""
    shape = str(block.get("type") or "")
    cached = "cache_control" in block
    if isinstance(block.get("text"), str) and shape in {"text", ""}:
        message.text(block["text"], (*at, "text"), cache_mark=cached)
    elif shape == "thinking" and isinstance(block.get("thinking"), str):
        message.text(block["thinking"], (*at, "thinking"), Kind.THINKING)
    elif shape in {"tool_use", "server_tool_use", "mcp_tool_use"}:
        call = call_from(block.get("name"), block.get("input"), block.get("id"), server_side=shape != "tool_use")
        message.rendered(
            call.arguments, (*at, "input") if "input" in block else at, Kind.TOOL_CALL, call=call, cache_mark=cached
        )
    elif shape.endswith("tool_result"):
        _read_result(message, block, at)
    elif shape == "document":
        _read_document(message, block, at, {})
    elif shape == "search_result":
        _read_search_result(message, block, at, {})
    elif shape in {"image", "audio", "video", "file"}:
        _read_media(message, block, at, {})
    elif shape == "compaction" and isinstance(block.get("content"), str):
        message.text(block["content"], (*at, "content"), memory=True)
    else:
        message.rendered(compact(block), at, Kind.OPAQUE)


def _read_result(message: DraftMessage, block: Mapping[str, Any], at: Pointer) -> None:
    content = block.get("content")
    about: dict[str, Any] = {"call_id": text_of(block.get("tool_use_id")), "is_error": block.get("is_error") is True}
    if isinstance(content, str):
        message.text(content, (*at, "content"), Kind.TOOL_RESULT, cache_mark="cache_control" in block, **about)
        return
    parts = [content] if isinstance(content, dict) else items(content)
    inner = (*at, "content")
    if not parts:
        message.rendered("", at, Kind.TOOL_RESULT, **about)
    for index, part in objects(parts):
        where = inner if isinstance(content, dict) else (*inner, index)
        shape = text_of(part.get("type"))
        if isinstance(part.get("text"), str):
            message.text(part["text"], (*where, "text"), Kind.TOOL_RESULT, **about)
        elif shape == "document":
            _read_document(message, part, where, about)
        elif shape == "web_fetch_result" and isinstance(part.get("content"), dict):
            _read_document(message, part["content"], (*where, "content"), about, text_of(part.get("url")))
        elif shape in {"search_result", "web_search_result"}:
            _read_search_result(message, part, where, about)
        elif shape == "image":
            _read_media(message, part, where, about)
        else:
            message.rendered(compact(part), where, Kind.OPAQUE, **about)


def _read_document(
    message: DraftMessage, block: Mapping[str, Any], at: Pointer, about: Mapping[str, Any], url: str | None = None
) -> None:
    source = mapping(block.get("source"))
    document = Document(title=text_of(block.get("title")), url=url or text_of(source.get("url")))
    cached = "cache_control" in block
    if isinstance(block.get("context"), str):
        message.text(block["context"], (*at, "context"))
    if source.get("type") == "text" and isinstance(source.get("data"), str):
        message.text(
            source["data"], (*at, "source", "data"), Kind.DOCUMENT, document=document, cache_mark=cached, **about
        )
    elif source.get("type") == "content":
        content = source.get("content")
        if isinstance(content, str):
            message.text(content, (*at, "source", "content"), Kind.DOCUMENT, document=document, **about)
        for index, part in objects(content):
            if isinstance(part.get("text"), str):
                message.text(
                    part["text"], (*at, "source", "content", index, "text"), Kind.DOCUMENT, document=document, **about
                )
    else:
        reference = source.get("url") or source.get("file_id")
        media = media_from("file", source.get("data"), reference)
        message.rendered("", at, Kind.MEDIA, document=document, media=media, cache_mark=cached, **about)


def _read_search_result(message: DraftMessage, block: Mapping[str, Any], at: Pointer, about: Mapping[str, Any]) -> None:
    url = text_of(block.get("source")) or text_of(block.get("url"))
    document = Document(title=text_of(block.get("title")), url=url, date=text_of(block.get("page_age")))
    texts = [(index, part) for index, part in objects(block.get("content")) if isinstance(part.get("text"), str)]
    for index, part in texts:
        message.text(part["text"], (*at, "content", index, "text"), Kind.DOCUMENT, document=document, **about)
    if not texts:
        message.rendered(compact(block), at, Kind.OPAQUE, document=document, **about)


def _read_media(message: DraftMessage, block: Mapping[str, Any], at: Pointer, about: Mapping[str, Any]) -> None:
    source = mapping(block.get("source"))
    media = media_from(str(block.get("type")), source.get("data"), source.get("url") or source.get("file_id"))
    message.rendered("", at, Kind.MEDIA, media=media, cache_mark="cache_control" in block, **about)


def read_tools(draft: Draft, body: Mapping[str, Any], at: Pointer) -> None:
    """Client tools, and server tools with what they add unseen."""
    for index, tool in objects(body.get("tools")):
        where = (*at, "tools", index)
        kind = str(tool.get("type") or "custom")
        draft.tools.append(
            tool_from(tool, where, name=tool.get("name"), description=tool.get("description"), schema=tool.get("input_schema"),
                      type="function" if kind == "custom" else kind, deferred=tool.get("defer_loading") is True)
        )  # fmt: skip
        if "input_schema" not in tool:
            draft.unseen.append(
                Unseen(f"what the server's tool {kind} adds to the prompt", where, UnseenKind.SERVER_TOOL)
            )


def note_unseen_blocks(draft: Draft) -> None:
    """Say which parts only the server can read or fetch."""
    for message in draft.messages:
        for part in message.parts:
            where = part.pieces[0].pointer if part.pieces else message.pointer
            if part.kind is Kind.OPAQUE and ('"encrypted_' in part.text or "redacted_thinking" in part.text):
                draft.unseen.append(
                    Unseen("encrypted content that only the server can read", where, UnseenKind.ENCRYPTED)
                )
            elif part.media is not None and part.media.reference:
                draft.unseen.append(Unseen(f"the {part.media.type} behind a reference", where, UnseenKind.REFERENCE))

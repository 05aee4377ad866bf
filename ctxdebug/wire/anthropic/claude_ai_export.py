"""Claude.ai's export: conversations whose messages are the human's and the assistant's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ctxdebug.exchange import Draft, DraftMessage, Exchange
from ctxdebug.model import Document, Kind, Media, Pointer, Role
from ctxdebug.wire import wire_format
from ctxdebug.wire.shape import count_of, objects, request_of, sample, text_of
from ctxdebug.wire.shapes.anthropic_blocks import read_block
from ctxdebug.wire.shapes.log_draft import add_text, close, rebuilt


def _sniff(exchange: Exchange) -> int:
    turns = sample(request_of(exchange).get("chat_messages"))
    return 40 if any("sender" in message for message in turns) else 0


@wire_format("claude-ai-export", "conversations.json: `chat_messages` with `sender` human or assistant", _sniff,
             frozenset({"chat_messages"}))  # fmt: skip
def read(exchange: Exchange) -> Draft:
    """Read one conversation: the branch that ends at the current message, where the export knows one."""
    body, at = request_of(exchange), (*exchange.request_at, "chat_messages")
    draft = rebuilt(exchange)
    draft.session, draft.model = text_of(body.get("uuid")), text_of(body.get("model"))
    messages = list(objects(body.get("chat_messages")))
    branch = _branch(messages, text_of(body.get("current_leaf_message_uuid")))
    for index, raw in messages:
        if branch is None or text_of(raw.get("uuid")) in branch:
            _read_message(draft, raw, (*at, index))
        else:
            draft.left_out.append((*at, index))
    if branch is not None and len(branch) < len(messages):
        draft.notes.append(f"{len(messages) - len(branch)} messages on other branches are not shown")
    return close(draft)


def _branch(messages: list[tuple[int, Mapping[str, Any]]], leaf: str | None) -> set[str] | None:
    parents = {raw["uuid"]: text_of(raw.get("parent_message_uuid")) for _, raw in messages if text_of(raw.get("uuid"))}
    if leaf not in parents:
        return None
    way: set[str] = set()
    while leaf is not None and leaf in parents and leaf not in way:
        way.add(leaf)
        leaf = parents[leaf]
    return way


def _read_message(draft: Draft, raw: Mapping[str, Any], at: Pointer) -> None:
    captured = text_of(raw.get("sender")) or ""
    message = DraftMessage(Role.USER if captured == "human" else Role.ASSISTANT, captured, at)
    for index, held in objects(raw.get("attachments")):
        document = Document(title=text_of(held.get("file_name")))
        where = (*at, "attachments", index, "extracted_content")
        add_text(message, held.get("extracted_content"), where, Kind.DOCUMENT, document=document)
    for index, held in objects(raw.get("files")) or objects(raw.get("files_v2")):
        name = text_of(held.get("file_name")) or text_of(held.get("file_uuid"))
        message.rendered(
            "", (*at, "files", index), Kind.MEDIA, media=Media("file", count_of(held.get("size_bytes")), name)
        )
    blocks = objects(raw.get("content"))
    for index, block in blocks:
        if block.get("type") != "token_budget":
            read_block(message, block, (*at, "content", index))
    if not any(part.text for part in message.parts if part.kind is not Kind.DOCUMENT):
        add_text(message, raw.get("text"), (*at, "text"))
    draft.messages.append(message)

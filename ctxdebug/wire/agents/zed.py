"""Zed's threads: version 0.3 with User and Agent messages, 0.2 with segments, and text threads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ctxdebug.exchange import Draft, DraftMessage, Exchange
from ctxdebug.model import Document, Kind, Pointer, Role, Usage
from ctxdebug.wire import wire_format
from ctxdebug.wire.loose_messages import role_of
from ctxdebug.wire.shape import count_of, mapping, media_from, objects, request_of, sample, text_of
from ctxdebug.wire.shapes.log_draft import add_call, add_result, add_text, close, rebuilt, turn


def _sniff(exchange: Exchange) -> int:
    body = request_of(exchange)
    turns = sample(body.get("messages"))
    known = any({"User", "Agent"} & one.keys() for one in turns) or any("segments" in one for one in turns)
    return 40 if known and "version" in body else 0


@wire_format("zed", "a thread of Zed: `version` and `messages` of User and Agent, or of role and segments", _sniff,
             frozenset({"messages"}))  # fmt: skip
def read(exchange: Exchange) -> Draft:
    """Read a thread; the results of a turn's calls are beside the turn."""
    body, at = request_of(exchange), (*exchange.request_at, "messages")
    draft = rebuilt(exchange)
    model = mapping(body.get("model"))
    draft.model, draft.provider = text_of(model.get("model")), text_of(model.get("provider"))
    last = None
    for index, raw in objects(body.get("messages")):
        where = (*at, index)
        if "segments" in raw:
            _read_segments(draft, raw, where)
        elif isinstance(raw.get("User"), dict):
            last = text_of(raw["User"].get("id"))
            _read_user(draft, raw["User"], (*where, "User"))
        elif isinstance(raw.get("Agent"), dict):
            _read_agent(draft, raw["Agent"], (*where, "Agent"))
        elif isinstance(raw.get("Compaction"), dict):
            _read_user(draft, raw["Compaction"], (*where, "Compaction"))
            draft.notes.append("Zed compacted the conversation")
    used = mapping(body.get("request_token_usage"))
    if last is not None and isinstance(used.get(last), dict):
        draft.usage = _usage_of(used[last], (*exchange.request_at, "request_token_usage", last))
    own = {"initial_project_snapshot": dict, "detailed_summary": str}
    draft.left_out.extend((*exchange.request_at, key) for key, kind in own.items() if isinstance(body.get(key), kind))
    return close(draft)


def _usage_of(raw: Mapping[str, Any], at: Pointer) -> Usage | None:
    fresh = count_of(raw.get("input_tokens"))
    if fresh is None:
        return None
    read, written = count_of(raw.get("cache_read_input_tokens")), count_of(raw.get("cache_creation_input_tokens"))
    return Usage(fresh + (read or 0) + (written or 0), read, written, count_of(raw.get("output_tokens")), None, raw, at)


def _read_user(draft: Draft, raw: Mapping[str, Any], at: Pointer) -> None:
    message = DraftMessage(Role.USER, "User", at)
    for index, part in objects(raw.get("content")):
        where = (*at, "content", index)
        if "Text" in part:
            add_text(message, part["Text"], (*where, "Text"))
        elif isinstance(part.get("Mention"), dict):
            mention = part["Mention"]
            title = next(iter(mapping(mention.get("uri"))), None)
            add_text(message, mention.get("content"), (*where, "Mention", "content"), Kind.DOCUMENT,
                     document=Document(title=text_of(title)))  # fmt: skip
        elif "Image" in part:
            media = media_from("image", mapping(part["Image"]).get("source"))
            message.rendered("", where, Kind.MEDIA, media=media)
        else:
            add_text(message, dict(part), where, Kind.OPAQUE)
    if message.parts:
        draft.messages.append(message)


def _read_agent(draft: Draft, raw: Mapping[str, Any], at: Pointer) -> None:
    message = turn(draft, at, "Agent")
    for index, part in objects(raw.get("content")):
        where = (*at, "content", index)
        if "Text" in part:
            add_text(message, part["Text"], (*where, "Text"))
        elif isinstance(part.get("Thinking"), dict):
            add_text(message, part["Thinking"].get("text"), (*where, "Thinking", "text"), Kind.THINKING)
        elif isinstance(part.get("ToolUse"), dict):
            call, inside = part["ToolUse"], (*where, "ToolUse")
            add_call(message, call.get("name"), call.get("input"), call.get("id"), (*inside, "input"))
            draft.left_out.append((*inside, "raw_input"))
        elif "RedactedThinking" in part:
            draft.left_out.append(where)  # what only the provider can read
    for key, result in mapping(raw.get("tool_results")).items():
        where = (*at, "tool_results", key)
        if isinstance(result, dict):
            _read_result(draft, result, where)


def _read_result(draft: Draft, result: Mapping[str, Any], at: Pointer) -> None:
    held, where = result.get("content"), (*at, "content")
    if isinstance(held, list) and len(held) == 1:
        held, where = held[0], (*where, 0)
    if isinstance(held, dict) and isinstance(held.get("Text"), str):
        held, where = held["Text"], (*where, "Text")
    failed = result.get("is_error") is True
    add_result(draft, held, where, result.get("tool_use_id"), result.get("tool_name"), failed=failed)


def _read_segments(draft: Draft, raw: Mapping[str, Any], at: Pointer) -> None:
    """A message of version 0.2."""
    message = DraftMessage(role_of(str(raw.get("role"))), str(raw.get("role")), at)
    add_text(message, raw.get("context"), (*at, "context"), Kind.DOCUMENT, document=Document())
    for index, part in objects(raw.get("segments")):
        kind = Kind.THINKING if part.get("type") == "thinking" else Kind.TEXT
        add_text(message, part.get("text"), (*at, "segments", index, "text"), kind)
    for index, call in objects(raw.get("tool_uses")):
        add_call(message, call.get("name"), call.get("input"), call.get("id"), (*at, "tool_uses", index, "input"))
    if message.parts:
        draft.messages.append(message)
    for index, result in objects(raw.get("tool_results")):
        _read_result(draft, result, (*at, "tool_results", index))

"""Amp's threads: `~/.local/share/amp/threads/T-*.json` and `amp threads export`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ctxdebug.exchange import Draft, DraftMessage, Exchange
from ctxdebug.model import Kind, Pointer, Role, Usage
from ctxdebug.wire import wire_format
from ctxdebug.wire.logged_answer import logged_finish
from ctxdebug.wire.loose_messages import read_part, role_of
from ctxdebug.wire.shape import count_of, mapping, objects, request_of, sample, text_of
from ctxdebug.wire.shapes.log_draft import add_call, add_text, close, rebuilt

_RESULT_KEYS = ("result", "error", "progress")


def _sniff(exchange: Exchange) -> int:
    body = request_of(exchange)
    turns = sample(body.get("messages"))
    known = bool(turns) and any("messageId" in one for one in turns) and str(body.get("id", "")).startswith("T-")
    return 40 if known else 0


@wire_format("amp", "a thread of Amp: an `id` that begins with T- and `messages` with messageId, role and content", _sniff,
             frozenset({"messages"}))  # fmt: skip
def read(exchange: Exchange) -> Draft:
    """Read a thread; a tool's result is in its `run`."""
    body, at = request_of(exchange), (*exchange.request_at, "messages")
    draft = rebuilt(exchange)
    draft.session = text_of(body.get("id"))
    names: dict[str, str] = {}
    for index, raw in objects(body.get("messages")):
        where = (*at, index)
        message = DraftMessage(role_of(str(raw.get("role"))), str(raw.get("role")), where)
        for number, part in objects(raw.get("content")):
            _read_content(message, part, (*where, "content", number), names)
        if message.parts:
            draft.messages.append(message)
        if message.role is Role.ASSISTANT:
            used = mapping(raw.get("usage"))
            draft.model = draft.answered_by = text_of(used.get("model")) or draft.model
            draft.usage = _usage_of(used, (*where, "usage"))
            state = mapping(raw.get("state"))
            draft.finish = logged_finish(state.get("stopReason") or state.get("type"), (*where, "state"))
    draft.left_out.extend((*exchange.request_at, key) for key in ("env", "meta", "~debug"))
    return close(draft)


def _read_content(message: DraftMessage, part: Mapping[str, Any], at: Pointer, names: dict[str, str]) -> None:
    kind = text_of(part.get("type")) or ""
    if kind == "tool_use":
        names[str(part.get("id"))] = str(part.get("name"))
        add_call(message, part.get("name"), part.get("input"), part.get("id"), (*at, "input"))
    elif kind == "tool_result":
        run, where = mapping(part.get("run")), (*at, "run")
        call_id = text_of(part.get("toolUseID")) or ""
        key = next((key for key in _RESULT_KEYS if run.get(key) is not None), None)
        about: dict[str, Any] = {"call_id": call_id, "tool": names.get(call_id), "is_error": key == "error"}
        before = len(message.parts)
        if key is not None:
            add_text(message, run[key], (*where, key), Kind.TOOL_RESULT, **about)
        if len(message.parts) == before:
            message.rendered(str(run.get("status") or ""), where, Kind.TOOL_RESULT, **about)
    else:
        read_part(message, part, at, Kind.TEXT, {})


def _usage_of(raw: Mapping[str, Any], at: Pointer) -> Usage | None:
    fresh = count_of(raw.get("inputTokens"))
    if fresh is None:
        return None
    read, written = count_of(raw.get("cacheReadInputTokens")), count_of(raw.get("cacheCreationInputTokens"))
    total = count_of(raw.get("totalInputTokens"))
    prompt = total if total is not None else fresh + (read or 0) + (written or 0)
    return Usage(prompt, read, written, count_of(raw.get("outputTokens")), None, raw, at)

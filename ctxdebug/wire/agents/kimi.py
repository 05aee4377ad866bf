"""Kimi's sessions: `wire.jsonl` with the events of each step, and `context.jsonl` with the messages alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ctxdebug.decoding.agent_logs import is_log_of
from ctxdebug.exchange import Draft, DraftMessage, Exchange
from ctxdebug.model import Kind, Pointer, Role, Unseen, UnseenKind, Usage
from ctxdebug.wire import LIST, wire_format
from ctxdebug.wire.logged_answer import logged_finish
from ctxdebug.wire.loose_messages import read_message
from ctxdebug.wire.shape import count_of, lines_of, mapping, objects, text_of, tool_from
from ctxdebug.wire.shapes.log_draft import TOOLS, add_call, add_result, add_text, close, rebuilt, say, turn

_OWN_ROLES = frozenset({"_checkpoint", "_usage", "_system_prompt"})


def _sniff(exchange: Exchange) -> int:
    return 40 if is_log_of(exchange.request, "kimi") else 0


@wire_format("kimi", "Kimi's wire.jsonl: a line of type metadata with protocol_version, then context.append_message and others",
             _sniff, frozenset({LIST}))  # fmt: skip
def read(exchange: Exchange) -> Draft:
    """Read one context; `turn.prompt` repeats the message that is appended after it, and is left out."""
    draft = rebuilt(exchange, None)
    for number, line in lines_of(exchange):
        at = (*exchange.request_at, number)
        _read_line(draft, line, text_of(line.get("type")) or "", at)
    if not draft.tools:
        draft.unseen.extend(rebuilt(exchange, TOOLS).unseen)
    return close(draft)


def _read_line(draft: Draft, line: Mapping[str, Any], kind: str, at: Pointer) -> None:
    if kind in {"config.update", "profile.bind"}:
        _read_prompt(draft, line, at)
        draft.model = text_of(line.get("modelAlias")) or draft.model
        draft.left_out.append(at)
    elif kind == "llm.tools_snapshot":
        draft.tools = [
            tool_from(tool, (*at, "tools", index), name=tool.get("name"), description=tool.get("description"),
                      schema=tool.get("parameters") or tool.get("inputSchema"))
            for index, tool in objects(line.get("tools"))
        ]  # fmt: skip
        draft.left_out.append((*at, "tools"))
    elif kind == "llm.request":
        draft.model = draft.answered_by = text_of(line.get("model")) or draft.model
        draft.provider = text_of(line.get("provider")) or draft.provider
    elif kind == "context.append_message":
        _read_message(draft, mapping(line.get("message")), (*at, "message"))
    elif kind == "context.append_loop_event":
        _read_event(draft, mapping(line.get("event")), (*at, "event"))
    elif kind == "context.apply_compaction":
        key = "contextSummary" if line.get("contextSummary") else "summary"
        say(draft, Role.USER, "summary", line.get(key), (*at, key), memory=True)
        draft.left_out.append((*at, "summary"))
        draft.notes.append("Kimi compacted the conversation")
        if kept := count_of(line.get("keptUserMessageCount")):
            what = f"{kept} of the user's messages, which Kimi kept beside the summary"
            draft.unseen.append(Unseen(what, at, UnseenKind.NOT_LOGGED))
    elif kind.startswith("permission."):
        draft.left_out.append(at)  # what the user was asked to allow


def _read_prompt(draft: Draft, line: Mapping[str, Any], at: Pointer) -> None:
    """The system prompt, of which the newest counts."""
    if line.get("systemPrompt"):
        asked = [message for message in draft.messages if message.role is not Role.SYSTEM]
        draft.left_out.extend(message.pointer for message in draft.messages if message.role is Role.SYSTEM)
        draft.messages = []
        message = DraftMessage(Role.SYSTEM, "system", (*at, "systemPrompt"))
        told = line["systemPrompt"]
        add_text(message, told, (*at, "systemPrompt"), Kind.TEXT if isinstance(told, str) else Kind.OPAQUE)
        draft.messages.append(message)
        draft.messages.extend(asked)


def _read_message(draft: Draft, raw: Mapping[str, Any], at: Pointer) -> None:
    message = read_message(raw, at)
    if message.role is Role.USER and mapping(raw.get("origin")).get("kind") not in (None, "user"):
        message.captured_role = str(mapping(raw.get("origin")).get("kind"))  # what Kimi itself put into a user turn
    if message.parts:
        draft.messages.append(message)


def _read_event(draft: Draft, event: Mapping[str, Any], at: Pointer) -> None:
    kind = text_of(event.get("type")) or ""
    if kind == "content.part":
        part, where = mapping(event.get("part")), (*at, "part")
        key, content = ("think", Kind.THINKING) if part.get("type") == "think" else ("text", Kind.TEXT)
        if key in part:
            add_text(turn(draft, at), part[key], (*where, key), content)
        else:
            add_text(turn(draft, at), dict(part), where, Kind.OPAQUE)
    elif kind == "tool.call":
        add_call(turn(draft, at), event.get("name"), event.get("args"), event.get("toolCallId"), (*at, "args"))
        draft.left_out.extend(((*at, "description"), (*at, "display")))
    elif kind == "tool.result":
        _read_result(draft, event, at)
    elif kind == "step.end":
        draft.usage = _usage_of(event.get("usage"), (*at, "usage")) or draft.usage
        draft.finish = logged_finish(event.get("finishReason"), (*at, "finishReason"))


def _read_result(draft: Draft, event: Mapping[str, Any], at: Pointer) -> None:
    result, where = mapping(event.get("result")), (*at, "result")
    parts = result.get("output")
    failed = result.get("isError") is True or result.get("is_error") is True
    tool = next((part.call.name for message in draft.messages for part in message.parts
                 if part.call is not None and part.call.id == event.get("toolCallId")), None)  # fmt: skip
    add_result(draft, parts, (*where, "output"), event.get("toolCallId"), tool, failed=failed)
    about: dict[str, Any] = {"call_id": text_of(event.get("toolCallId")), "tool": tool, "is_error": failed}
    for key in ("note", "message"):
        if text_of(result.get(key)):
            draft.messages[-1].text(result[key], (*where, key), Kind.TOOL_RESULT, **about)


def _usage_of(raw: Any, at: Pointer) -> Usage | None:
    raw = mapping(raw)
    fresh = count_of(raw.get("inputOther"))
    if fresh is None:
        return None
    read, written = count_of(raw.get("inputCacheRead")), count_of(raw.get("inputCacheCreation"))
    return Usage(fresh + (read or 0) + (written or 0), read, written, count_of(raw.get("output")), None, raw, at)


def _sniff_context(exchange: Exchange) -> int:
    return 40 if is_log_of(exchange.request, "kimi-context") else 0


@wire_format("kimi-context", "Kimi CLI's context.jsonl: a message a line, with lines of role `_checkpoint` and `_usage` between",
             _sniff_context, frozenset({LIST}))  # fmt: skip
def read_context(exchange: Exchange) -> Draft:
    """Read the messages; `_checkpoint` marks a place to go back to, `_usage` counts the context."""
    draft = rebuilt(exchange, TOOLS)
    for number, line in lines_of(exchange):
        at = (*exchange.request_at, number)
        if line.get("role") == "_system_prompt":
            say(draft, Role.SYSTEM, "_system_prompt", line.get("content"), (*at, "content"))
        elif text_of(line.get("role")) in _OWN_ROLES:
            draft.left_out.append(at)
        else:
            draft.messages.append(read_message(line, at))
    return close(draft)

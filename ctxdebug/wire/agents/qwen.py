"""Qwen Code's sessions: a tree of lines like Claude Code's, with Gemini's parts as messages."""

from __future__ import annotations

from ctxdebug.decoding.agent_logs import is_log_of
from ctxdebug.exchange import Draft, DraftMessage, Exchange
from ctxdebug.model import Kind, Pointer, Record, Role, Usage
from ctxdebug.wire import LIST, wire_format
from ctxdebug.wire.shape import count_of, items, lines_of, mapping, media_from, text_of
from ctxdebug.wire.shapes.log_draft import add_call, add_result, add_text, close, rebuilt, turn

_ROLES = {"user": Role.USER, "system": Role.SYSTEM}
_TELEMETRY = "ui_telemetry"


def _sniff(exchange: Exchange) -> int:
    return 45 if is_log_of(exchange.request, "qwen") else 0


@wire_format(
    "qwen", "lines with uuid, parentUuid, sessionId and a `message` of Gemini's `parts`", _sniff, frozenset({LIST})
)
def read(exchange: Exchange) -> Draft:
    """Read one context of a session."""
    draft = rebuilt(exchange)
    for number, line in lines_of(exchange):
        at = (*exchange.request_at, number)
        draft.session = draft.session or text_of(line.get("sessionId"))
        held = mapping(line.get("message"))
        captured = text_of(line.get("type")) or text_of(held.get("role")) or ""
        if line.get("subtype") == _TELEMETRY:
            continue
        if captured == "assistant":
            message = turn(draft, (*at, "message"), captured)
            draft.model = draft.answered_by = text_of(line.get("model")) or draft.model
            draft.usage = _usage_of(line.get("usageMetadata"), (*at, "usageMetadata"))
            message.record = Record(text_of(line.get("model")), draft.usage, text_of(line.get("timestamp")))
        else:
            message = DraftMessage(_ROLES.get(captured, Role.USER), captured, (*at, "message"))
        _read_parts(draft, message, held.get("parts"), (*at, "message", "parts"))
        if captured != "assistant" and message.parts:
            draft.messages.append(message)
    return close(draft)


def _read_parts(draft: Draft, message: DraftMessage, parts: object, at: Pointer) -> None:
    for index, part in enumerate(items(parts)):
        where = (*at, index)
        if isinstance(part, str):
            add_text(message, part, where)
            continue
        part = mapping(part)
        call, result = mapping(part.get("functionCall")), mapping(part.get("functionResponse"))
        if isinstance(part.get("text"), str):
            add_text(
                message, part["text"], (*where, "text"), Kind.THINKING if part.get("thought") is True else Kind.TEXT
            )
        elif call:
            add_call(message, call.get("name"), call.get("args"), call.get("id"), (*where, "functionCall", "args"))
        elif result:
            response = result.get("response")
            key = next((key for key in ("output", "error") if isinstance(mapping(response).get(key), str)), None)
            place: Pointer = (*where, "functionResponse", "response")
            value, place = (response, place) if key is None else (mapping(response)[key], (*place, key))
            add_result(draft, value, place, result.get("id"), result.get("name"), failed=key == "error")
        elif "inlineData" in part:
            data = mapping(part["inlineData"])
            message.rendered("", where, Kind.MEDIA, media=media_from("file", data.get("data")))
        else:
            add_text(message, dict(part), where, Kind.OPAQUE)


def _usage_of(raw: object, at: Pointer) -> Usage | None:
    raw = mapping(raw)
    prompt = count_of(raw.get("promptTokenCount"))
    if prompt is None:
        return None
    thoughts, output = count_of(raw.get("thoughtsTokenCount")), count_of(raw.get("candidatesTokenCount"))
    return Usage(prompt, count_of(raw.get("cachedContentTokenCount")), None, output, thoughts, raw, at)

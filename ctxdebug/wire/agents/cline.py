"""Cline's and Roo's `ui_messages.json`: what the panel showed, with the usage of each request."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ctxdebug.decoding.strict_json import JsonReader
from ctxdebug.exchange import Draft, Exchange
from ctxdebug.model import Decoding, Kind, Pointer, Role, Usage
from ctxdebug.wire import LIST, wire_format
from ctxdebug.wire.shape import count_of, items, mapping, objects, sample, text_of
from ctxdebug.wire.shapes.log_draft import add_call, add_result, add_text, close, rebuilt, say, turn

_USER = frozenset({"user_feedback", "user_feedback_diff", "task"})
_CALLS = frozenset({"tool", "command", "use_mcp_server", "browser_action_launch", "browser_action"})
_RESULTS = frozenset({"command_output", "mcp_server_response", "browser_action_result"})
_SPOKEN = frozenset({"text", "completion_result", "followup", "plan_mode_respond"})


def _sniff(exchange: Exchange) -> int:
    lines = sample(exchange.request)
    own = [line for line in lines if text_of(line.get("type")) in {"say", "ask"} and "ts" in line]
    return 40 if own and len(own) == len(lines) else 0


@wire_format(
    "cline-ui", "ui_messages.json: a list of `ts`, `type` say or ask, `say`, `ask`, `text`", _sniff, frozenset({LIST})
)
def read(exchange: Exchange) -> Draft:
    """Read a task as it was shown; `api_conversation_history.json` beside it holds what was sent."""
    draft = rebuilt(exchange)
    draft.notes.append("what the panel showed; api_conversation_history.json beside it contains what was sent")
    reader = JsonReader()
    for number, line in objects(items(exchange.request)):
        at = (*exchange.request_at, number, "text")
        if line.get("partial") is True:
            continue
        _read_line(draft, line, text_of(line.get("say")) or text_of(line.get("ask")) or "", at, reader)
    return close(draft)


def _read_line(draft: Draft, line: Mapping[str, Any], kind: str, at: Pointer, reader: JsonReader) -> None:
    text = line.get("text")
    if (kind == "text" and not draft.messages) or kind in _USER:
        say(draft, Role.USER, kind, text, at)
    elif kind in _SPOKEN:
        add_text(turn(draft, at), text, at)
    elif kind == "reasoning":
        value = line.get("reasoning") or text
        add_text(turn(draft, at), value, (*at[:-1], "reasoning") if line.get("reasoning") else at, Kind.THINKING)
    elif kind in _CALLS:
        held = reader.value(text) if isinstance(text, str) else None
        name = text_of(mapping(held).get("tool")) or kind
        arguments, where = (held, (*at, Decoding.JSON)) if isinstance(held, dict) else ({kind: text}, at)
        add_call(turn(draft, at), name, arguments, f"{kind}#{at[-2]}", where)
    elif kind in _RESULTS:
        open_call = next(
            (part.call for message in reversed(draft.messages) for part in reversed(message.parts) if part.call), None
        )
        add_result(draft, text, at, open_call.id if open_call else None, open_call.name if open_call else None)
    elif kind == "api_req_started" and isinstance(text, str):
        draft.usage = _usage_of(mapping(reader.value(text)), (*at, Decoding.JSON)) or draft.usage


def _usage_of(raw: Mapping[str, Any], at: Pointer) -> Usage | None:
    fresh = count_of(raw.get("tokensIn"))
    if fresh is None:
        return None
    read, written = count_of(raw.get("cacheReads")), count_of(raw.get("cacheWrites"))
    counts = {key: value for key, value in raw.items() if key != "request"}
    return Usage(fresh + (read or 0) + (written or 0), read, written, count_of(raw.get("tokensOut")), None, counts, at)

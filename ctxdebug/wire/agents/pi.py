"""Sessions of the pi coding agent: one context, as the log's lines hold it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ctxdebug.decoding.agent_logs import is_log_of
from ctxdebug.exchange import Draft, DraftMessage, Exchange
from ctxdebug.model import Pointer, ProviderError, Record, Role, Unseen, UnseenKind, Usage
from ctxdebug.wire import LIST, wire_format
from ctxdebug.wire.logged_answer import logged_finish
from ctxdebug.wire.loose_messages import read_message
from ctxdebug.wire.shape import count_of, lines_of, mapping, text_of

_FAILED = frozenset({"aborted", "error"})


def _sniff(exchange: Exchange) -> int:
    return 40 if is_log_of(exchange.request, "pi") else 0


@wire_format(
    "pi",
    "a first line of type session, then lines of type message with role user, assistant or toolResult",
    _sniff,
    frozenset({LIST}),
)
def read(exchange: Exchange) -> Draft:
    """Read one context; turns that failed were not sent again."""
    draft = Draft(rebuilt=True)
    draft.unseen.append(
        Unseen(
            "the system prompt and the tool declarations, which the log does not keep",
            exchange.request_at,
            UnseenKind.NOT_LOGGED,
        )
    )
    failed: tuple[Mapping[str, Any], Pointer] | None = None
    last: tuple[Mapping[str, Any], Pointer] | None = None
    for number, line in lines_of(exchange):
        at = (*exchange.request_at, number)
        raw, where = mapping(line.get("message")), (*at, "message")
        if text_of(line.get("type")) in {"session", "model_change"}:
            draft.model = text_of(line.get("modelId")) or draft.model
            draft.provider = text_of(line.get("provider")) or draft.provider
            draft.session = (text_of(line.get("id")) if line.get("type") == "session" else None) or draft.session
            if isinstance(line.get("cwd"), str):
                draft.labels["project"] = line["cwd"]
        elif line.get("type") == "compaction" and isinstance(line.get("summary"), str):
            draft.labels["began"] = "compaction"
            draft.labels["tokens_before"] = count_of(line.get("tokensBefore"))
            message = DraftMessage(Role.USER, "compaction", (*at, "summary"))
            message.text(line["summary"], (*at, "summary"), memory=True)
            draft.messages.append(message)
        elif line.get("type") == "custom_message" and line.get("content"):
            draft.messages.append(read_message({"role": "user", **line}, at, "user"))
        elif raw:
            if failed is not None:
                draft.left_out.append(failed[1])
            failed = (raw, where) if text_of(raw.get("stopReason")) in _FAILED else None
            if failed is None:
                draft.messages.append(_message(line, raw, where))
                last = (raw, where) if raw.get("role") == "assistant" else None
    if isinstance(exchange.response, dict) and failed is not None:
        draft.left_out.append(failed[1])
    _read_answer(draft, exchange, failed or last)
    return draft


def _message(line: Mapping[str, Any], raw: Mapping[str, Any], at: Pointer) -> DraftMessage:
    message = read_message(raw, at)
    usage = mapping(raw.get("usage"))
    cost = mapping(usage.get("cost")).get("total")
    message.record = Record(
        text_of(raw.get("model")),
        _usage_of(usage, (*at, "usage")) if raw.get("role") == "assistant" else None,
        text_of(line.get("timestamp")),
        float(cost) if isinstance(cost, int | float) and not isinstance(cost, bool) else None,
    )
    return message


def _read_answer(draft: Draft, exchange: Exchange, last: tuple[Mapping[str, Any], Pointer] | None) -> None:
    """The answer of the context's last call: given beside the lines, or the last of them."""
    if isinstance(exchange.response, dict):
        last = (exchange.response, exchange.response_at)
        draft.answer.append(read_message(*last))
    elif last is not None and text_of(last[0].get("stopReason")) not in _FAILED:
        draft.answer.append(draft.messages.pop())
    elif last is not None:
        draft.answer.append(read_message(*last))
    if last is None:
        return
    raw, at = last
    draft.has_response = True
    draft.model = draft.answered_by = text_of(raw.get("model")) or draft.model
    draft.provider = text_of(raw.get("provider")) or draft.provider
    draft.finish = logged_finish(raw.get("stopReason"), (*at, "stopReason"))
    draft.usage = _usage_of(mapping(raw.get("usage")), (*at, "usage"))
    if isinstance(raw.get("errorMessage"), str):
        draft.error = ProviderError(raw["errorMessage"], None, (*at, "errorMessage"))


def _usage_of(raw: Mapping[str, Any], at: Pointer) -> Usage | None:
    """Usage: the prompt is input plus what was read from and written to the cache."""
    fresh = count_of(raw.get("input"))
    if fresh is None:
        return None
    read, written = count_of(raw.get("cacheRead")), count_of(raw.get("cacheWrite"))
    return Usage(fresh + (read or 0) + (written or 0), read, written, count_of(raw.get("output")), None, raw, at)

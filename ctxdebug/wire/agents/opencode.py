"""opencode's sessions: `opencode export`, and the events of `opencode run --format json`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ctxdebug.decoding.agent_logs import is_log_of
from ctxdebug.exchange import Draft, DraftMessage, Exchange
from ctxdebug.model import Document, Finish, FinishReason, Kind, Media, Pointer, ProviderError, Record, Role, Usage
from ctxdebug.wire import LIST, wire_format
from ctxdebug.wire.logged_answer import logged_finish
from ctxdebug.wire.shape import count_of, lines_of, mapping, objects, request_of, sample, text_of
from ctxdebug.wire.shapes.log_draft import add_call, add_result, add_text, close, rebuilt, turn

_ABORTED = "MessageAbortedError"


def _sniff(exchange: Exchange) -> int:
    turns = sample(request_of(exchange).get("messages"))
    return 40 if any(isinstance(one.get("info"), dict) and "parts" in one for one in turns) else 0


@wire_format("opencode", "`opencode export`: `messages` of `info` and `parts`", _sniff)
def read(exchange: Exchange) -> Draft:
    """Read an exported session; a turn that the user aborted is no provider's error."""
    body, at = request_of(exchange), (*exchange.request_at, "messages")
    draft = rebuilt(exchange)
    draft.session = text_of(mapping(body.get("info")).get("id"))
    for index, one in objects(body.get("messages")):
        info, where = mapping(one.get("info")), (*at, index)
        if info.get("role") == "user":
            message = DraftMessage(Role.USER, "user", where)
            draft.messages.append(message)
        else:
            message = DraftMessage(Role.ASSISTANT, "assistant", where)
            draft.messages.append(message)
            _read_about(draft, info, (*where, "info"))
            message.record = Record(text_of(info.get("modelID")), draft.usage)
        for number, part in objects(one.get("parts")):
            _read_part(draft, part, (*where, "parts", number), user=info.get("role") == "user")
    draft.messages = [message for message in draft.messages if message.parts]
    return close(draft)


def _sniff_run(exchange: Exchange) -> int:
    return 40 if is_log_of(exchange.request, "opencode-run") else 0


@wire_format("opencode-run", "`opencode run --format json`: lines of type step_start, text, tool_use, step_finish with `part`",
             _sniff_run, frozenset({LIST}))  # fmt: skip
def read_run(exchange: Exchange) -> Draft:
    """Read a run; the user's prompt is not printed."""
    draft = rebuilt(
        exchange, "the user's prompt, the system prompt and the tool declarations, which the run does not print"
    )
    for number, line in lines_of(exchange):
        at = (*exchange.request_at, number)
        draft.session = draft.session or text_of(line.get("sessionID"))
        if isinstance(line.get("error"), dict):
            _read_error(draft, line["error"], (*at, "error"))
        part = mapping(line.get("part"))
        if text_of(part.get("type")) in {"step-finish", "step_finish"}:
            draft.usage = _usage_of(part.get("tokens"), (*at, "part", "tokens")) or draft.usage
            draft.finish = logged_finish(part.get("reason"), (*at, "part", "reason")) or draft.finish
        elif part:
            _read_part(draft, part, (*at, "part"), user=False)
    return close(draft)


def _read_about(draft: Draft, info: Mapping[str, Any], at: Pointer) -> None:
    draft.model = draft.answered_by = text_of(info.get("modelID")) or draft.model
    draft.provider = text_of(info.get("providerID")) or draft.provider
    draft.usage = _usage_of(info.get("tokens"), (*at, "tokens"))
    draft.finish = logged_finish(info.get("finish"), (*at, "finish"))
    draft.error = None
    if isinstance(info.get("error"), dict):
        _read_error(draft, info["error"], (*at, "error"))


def _read_error(draft: Draft, error: Mapping[str, Any], at: Pointer) -> None:
    name, data = text_of(error.get("name")) or "", mapping(error.get("data"))
    if name == _ABORTED:
        draft.finish = Finish(FinishReason.ABORTED, name, (*at, "name"))
    else:
        message = text_of(data.get("message")) or name
        where = (*at, "data", "message") if "message" in data else at
        draft.error = ProviderError(message, name, where, count_of(data.get("statusCode")))


def _read_part(draft: Draft, part: Mapping[str, Any], at: Pointer, *, user: bool) -> None:
    kind = text_of(part.get("type")) or ""
    message = draft.messages[-1] if user and draft.messages else None
    if kind == "text":
        add_text(message or turn(draft, at), part.get("text"), (*at, "text"))
    elif kind == "reasoning":
        add_text(message or turn(draft, at), part.get("text"), (*at, "text"), Kind.THINKING)
    elif kind == "tool":
        _read_tool(draft, part, at)
    elif kind == "file":
        source = mapping(mapping(part.get("source")).get("text"))
        name = text_of(part.get("filename")) or text_of(part.get("url"))
        if isinstance(source.get("value"), str):
            add_text(message or turn(draft, at), source["value"], (*at, "source", "text", "value"), Kind.DOCUMENT,
                     document=Document(title=name))  # fmt: skip
        else:
            (message or turn(draft, at)).rendered("", at, Kind.MEDIA, media=Media("file", reference=name))
    elif kind == "compaction":
        draft.notes.append("opencode compacted the conversation")


def _read_tool(draft: Draft, part: Mapping[str, Any], at: Pointer) -> None:
    state, where = mapping(part.get("state")), (*at, "state")
    call_id, tool = part.get("callID"), part.get("tool")
    add_call(turn(draft, at), tool, state.get("input"), call_id, (*where, "input"))
    if text_of(state.get("status")) in {"completed", "error"}:
        key = "output" if state.get("status") == "completed" else "error"
        add_result(draft, state.get(key), (*where, key), call_id, tool, failed=key == "error")


def _usage_of(raw: Any, at: Pointer) -> Usage | None:
    raw = mapping(raw)
    fresh, cache = count_of(raw.get("input")), mapping(raw.get("cache"))
    if fresh is None:
        return None
    read, written = count_of(cache.get("read")), count_of(cache.get("write"))
    reasoning, output = count_of(raw.get("reasoning")), count_of(raw.get("output"))
    total = None if output is None else output + (reasoning or 0)
    return Usage(fresh + (read or 0) + (written or 0), read, written, total, reasoning, raw, at)

"""Gemini CLI's sessions, in all three shapes: one JSON document, the same with role `model`, and JSON lines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ctxdebug.decoding.agent_logs import is_log_of
from ctxdebug.exchange import Draft, DraftMessage, Exchange
from ctxdebug.model import Kind, Pointer, Record, Role, Usage
from ctxdebug.wire import LIST, wire_format
from ctxdebug.wire.google.parts import read_part
from ctxdebug.wire.shape import count_of, lines_of, mapping, objects, request_of, sample, text_of
from ctxdebug.wire.shapes.log_draft import add_call, add_result, add_text, close, rebuilt, turn

_OWN_KEYS = frozenset({"projectHash", "sessionId"})
_NOT_SENT = frozenset({"info", "error", "warning", "about", "help", "quit"})
"""Lines that the program shows and does not send."""


def _sniff(exchange: Exchange) -> int:
    if is_log_of(exchange.request, "gemini-cli"):
        return 40
    body = request_of(exchange)
    turns = sample(body.get("messages"))
    spoken = (
        bool(turns) and all(text_of(line.get("type")) for line in turns) and any("content" in line for line in turns)
    )
    return 40 if spoken and _OWN_KEYS & body.keys() and not any("role" in line for line in turns) else 0


@wire_format(
    "gemini-cli",
    "`messages` with type user, gemini (or model), info and a `sessionId` or `projectHash`; the same as JSON lines",
    _sniff,
    frozenset({"messages", LIST}),
)
def read(exchange: Exchange) -> Draft:
    """Read a session; the results of a turn's calls are inside the calls."""
    draft = rebuilt(exchange)
    body = request_of(exchange)
    draft.session = text_of(body.get("sessionId"))
    lines: Iterable[tuple[Pointer, Mapping[str, Any]]] = _replayed(draft, exchange)
    if body:
        lines = (((*exchange.request_at, "messages", number), line) for number, line in objects(body.get("messages")))
    for where, line in lines:
        kind = text_of(line.get("type")) or ""
        draft.session = text_of(line.get("sessionId")) or draft.session
        if kind == "user":
            message = DraftMessage(Role.USER, kind, where)
            message.record = Record(time=text_of(line.get("timestamp")))
            _read_content(message, _unrepeated(draft, line.get("content"), (*where, "content")), (*where, "content"))
            if message.parts:
                draft.messages.append(message)
        elif kind in {"gemini", "model", "assistant"}:
            _read_turn(draft, line, where)
        elif kind == "system":
            message = DraftMessage(Role.SYSTEM, kind, where)
            _read_content(message, line.get("content"), (*where, "content"))
            draft.messages.append(message)
        elif kind in _NOT_SENT:
            draft.left_out.append(where)
        elif line.get("content"):
            message = DraftMessage(Role.OTHER, kind, where)
            message.rendered(str(line["content"]), (*where, "content"), Kind.OPAQUE)
            draft.messages.append(message)
    return close(draft)


def _replayed(draft: Draft, exchange: Exchange) -> Iterable[tuple[Pointer, Mapping[str, Any]]]:
    """Return the lines as they stand at the end: one with an id that was there replaces it, `$set` all, `$rewindTo` what follows."""
    held: dict[str, tuple[Pointer, Mapping[str, Any]]] = {}
    gone: list[Pointer] = []
    for number, line in lines_of(exchange):
        at: Pointer = (*exchange.request_at, number)
        draft.session = text_of(line.get("sessionId")) or draft.session
        change = mapping(line.get("$set"))
        if isinstance(change.get("messages"), list):
            gone.extend(where for where, _ in held.values())
            inner = (*at, "$set", "messages")
            held = {str(raw.get("id")): ((*inner, index), raw) for index, raw in objects(change["messages"])}
        elif "$rewindTo" in line:
            known = list(held)
            dropped = known[known.index(str(line["$rewindTo"])) :] if str(line["$rewindTo"]) in held else []
            gone.extend(held.pop(key)[0] for key in dropped)
        else:
            key = text_of(line.get("id")) or f"line {number}"
            if key in held:
                draft.left_out.append(held[key][0])
            held[key] = (at, line)
    if gone:
        draft.left_out.extend(gone)
        draft.notes.append(f"{len(gone)} lines were taken back ($set, $rewindTo) and are not shown")
    return list(held.values())


def _unrepeated(draft: Draft, content: Any, at: Pointer) -> Any:
    """Return a user's content without results that the calls before it hold already."""
    if not isinstance(content, list):
        return content
    answered = {part.call_id for message in draft.messages for part in message.parts if part.kind is Kind.TOOL_RESULT}
    kept = [
        None if text_of(mapping(mapping(part).get("functionResponse")).get("id")) in answered - {None} else part
        for part in content
    ]
    draft.left_out.extend((*at, index) for index, part in enumerate(kept) if part is None)
    return kept


def _read_content(message: DraftMessage, content: Any, at: Pointer) -> None:
    if isinstance(content, str):
        add_text(message, content, at)
    for index, part in enumerate(content if isinstance(content, list) else []):
        if isinstance(part, str):
            add_text(message, part, (*at, index))
        elif part is not None:
            read_part(message, mapping(part), (*at, index))


def _read_turn(draft: Draft, line: Mapping[str, Any], at: Pointer) -> None:
    if draft.messages and draft.messages[-1].role is Role.ASSISTANT and draft.usage is not None:
        draft.messages.append(DraftMessage(Role.ASSISTANT, str(line.get("type")), at))
    message = turn(draft, at, str(line.get("type")))
    for index, thought in objects(line.get("thoughts")):
        for key in ("subject", "description"):
            add_text(message, thought.get(key), (*at, "thoughts", index, key), Kind.THINKING)
    _read_content(message, line.get("content"), (*at, "content"))
    if not line.get("content"):
        _read_content(message, line.get("parts"), (*at, "parts"))
    for index, call in objects(line.get("toolCalls")):
        where = (*at, "toolCalls", index)
        add_call(message, call.get("name"), call.get("args"), call.get("id"), (*where, "args"))
    for index, call in objects(line.get("toolCalls")):
        _read_results(draft, call, (*at, "toolCalls", index))
    draft.model = draft.answered_by = text_of(line.get("model")) or draft.model
    draft.usage = _usage_of(line.get("tokens"), (*at, "tokens"))
    message.record = Record(text_of(line.get("model")), draft.usage, text_of(line.get("timestamp")))


def _read_results(draft: Draft, call: Mapping[str, Any], at: Pointer) -> None:
    """The result of a call, in the words that the model read; else what was displayed."""
    failed = text_of(call.get("status")) in {"error", "cancelled"}
    name, call_id = call.get("name"), call.get("id")
    results = objects(call.get("result"))
    for index, part in results:
        response = mapping(mapping(part.get("functionResponse")).get("response"))
        where: Pointer = (*at, "result", index, "functionResponse", "response")
        key = next((key for key in ("output", "error") if isinstance(response.get(key), str)), None)
        if key is not None:
            add_result(draft, response[key], (*where, key), call_id, name, failed=failed or key == "error")
        elif "functionResponse" in part:
            add_result(draft, response, where, call_id, name, failed=failed)
        elif isinstance(part.get("text"), str):
            add_result(draft, part["text"], (*at, "result", index, "text"), call_id, name, failed=failed)
    if not results and call.get("result") is not None:
        add_result(draft, call["result"], (*at, "result"), call_id, name, failed=failed)
    elif not results and call.get("resultDisplay") is not None:
        add_result(draft, call["resultDisplay"], (*at, "resultDisplay"), call_id, name, failed=failed)


def _usage_of(raw: Any, at: Pointer) -> Usage | None:
    """Usage: `input` is the whole prompt, and thoughts are counted beside the output."""
    raw = mapping(raw)
    prompt = count_of(raw.get("input"))
    if prompt is None:
        return None
    thoughts, output = count_of(raw.get("thoughts")), count_of(raw.get("output"))
    total = None if output is None else output + (thoughts or 0)
    return Usage(prompt, count_of(raw.get("cached")), None, total, thoughts, raw, at)
